import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readSettings } from './settings.ts';
import { removeDirectory, scratchDirectory } from './testing/tronco.ts';

let dataDir: string;

before(async () => {
  dataDir = await scratchDirectory();
  const credentials = { url: 'http://127.0.0.1:8080', admin_token: 'talq_file' };
  await writeFile(join(dataDir, 'credentials.json'), JSON.stringify(credentials));
});
after(() => removeDirectory(dataDir));

const settings = (flags: object, env: object = {}) =>
  readSettings(flags, { TRONCO_DATA_DIR: dataDir, ...env });

test('flags win over variables, variables over the credentials', async () => {
  const env = {
    TRONCO_URL: 'http://variable',
    TRONCO_TOKEN: 'talq_variable',
    TRONCO_ENVIRONMENT: 'variable',
  };
  const flags = { url: 'http://flag', token: 'talq_flag', env: 'flag' };
  assert.deepEqual(await settings(flags, env), {
    url: 'http://flag',
    token: 'talq_flag',
    environment: 'flag',
  });
  assert.deepEqual(await settings({}, env), {
    url: 'http://variable',
    token: 'talq_variable',
    environment: 'variable',
  });
  assert.deepEqual(await settings({}), {
    url: 'http://127.0.0.1:8080',
    token: 'talq_file',
    environment: 'default',
  });
});

test('a token of one’s own names no environment unless it is told to', async () => {
  const { environment, url } = await settings({ token: 'talq_x' });
  assert.equal(environment, undefined);
  assert.equal(url, 'http://127.0.0.1:8080');
});

test('an empty variable is none', async () => {
  assert.equal((await settings({}, { TRONCO_TOKEN: '', TRONCO_ENVIRONMENT: '' })).token, 'talq_file');
});

test('the credentials go to the server that they are for, under any spelling of its address', async () => {
  assert.equal((await settings({ url: 'http://127.0.0.1:8080/api/v1' })).token, 'talq_file');
  await assert.rejects(() => settings({ url: 'http://127.0.0.1:8081' }), /is for http:\/\/127\.0\.0\.1:8080/);
  await assert.rejects(() => settings({}, { TRONCO_URL: 'https://elsewhere' }), { name: 'UsageError' });
  await assert.rejects(() => settings({ url: 'elsewhere' }), /no address/);
});
