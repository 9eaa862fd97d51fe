import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError, readConfig } from './config.ts';
import { mintToken } from './kernel/token-format.ts';

const refused = (env: NodeJS.ProcessEnv): string => {
  try {
    readConfig(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.message;
  }
  throw new assert.AssertionError({ message: `accepted ${JSON.stringify(env)}` });
};

describe('configuration', () => {
  it('has a default for everything', () => {
    const config = readConfig({});
    assert.deepEqual(config.http, { host: '127.0.0.1', port: 8080 });
    assert.equal(config.databaseUrl, undefined);
    assert.ok(config.dataDir.endsWith('/data'));
    assert.equal(config.logLevel, 'info');
  });

  it('treats an empty variable as not set', () => {
    assert.equal(readConfig({ TRONCO_HTTP_PORT: '', DATABASE_URL: '' }).http.port, 8080);
  });

  it('takes every setting', () => {
    const token = mintToken();
    const key = Buffer.alloc(32, 7).toString('base64');
    const config = readConfig({
      TRONCO_HTTP_PORT: '0',
      TRONCO_HTTP_HOST: '0.0.0.0',
      TRONCO_BOOTSTRAP_TOKEN: token,
      TRONCO_MASTER_KEY: `${key},${key}`,
      TRONCO_LOG_LEVEL: 'silent',
      TRONCO_RATE_LIMIT: '0',
      DATABASE_URL: 'postgresql://u:p@db:5432/tronco',
    });
    assert.deepEqual([config.http.port, config.bootstrapToken, config.masterKeys?.length], [0, token, 2]);
  });

  it('says in one line which variable is wrong and what it must be, without its value', () => {
    const wrong: [string, string, RegExp][] = [
      ['TRONCO_HTTP_PORT', '70000', /port number/],
      ['TRONCO_HTTP_PORT', 'http', /port number/],
      ['TRONCO_BOOTSTRAP_TOKEN', 'talq_secretsecret', /tronco token generate/],
      ['TRONCO_MASTER_KEY', 'c2hvcnQ=', /openssl rand/],
      ['TRONCO_LOG_LEVEL', 'loud', /one of trace/],
      ['DATABASE_URL', 'mysql://user:secret@db/x', /postgres:\/\//],
      ['TRONCO_RATE_LIMIT', '-1', /./],
    ];
    for (const [name, value, sentence] of wrong) {
      const message = refused({ [name]: value });
      assert.match(message, new RegExp(`^${name} `));
      assert.match(message, sentence);
      assert.ok(!message.includes(value) && !message.includes('\n'), message);
    }
  });

  it('names variables that look like settings and are none', () => {
    assert.deepEqual(readConfig({ TRONCO_HTPP_PORT: '1', TRONCO_URL: 'x' }).unknownNames, [
      'TRONCO_HTPP_PORT',
    ]);
  });
});
