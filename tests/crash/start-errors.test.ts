import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type TestPostgres, testPostgres } from '../../packages/server/src/testing/postgres.ts';
import { databaseUrl } from '../support/database-url.ts';
import { until } from '../support/until.ts';
import {
  type Ending,
  launchServer,
  type Settings,
  spokenLines,
  startServer,
  stopServer,
} from '../support/server-process.ts';

const key = (): string => randomBytes(32).toString('base64');

describe('a start that cannot succeed ends with one clear line and exit code 1', { timeout: 120_000 }, () => {
  let postgres: TestPostgres;
  let dataDir: string;
  before(async () => {
    postgres = await testPostgres();
    dataDir = await mkdtemp(join(tmpdir(), 'tronco-proof-'));
  });
  after(async () => {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** @param shown what stdout must hold; nothing, unless the start had made the first tokens */
  async function refusal(
    settings: Settings,
    { secrets = [], shown = /^$/ }: { secrets?: readonly string[]; shown?: RegExp } = {},
  ): Promise<string> {
    const server = launchServer({ TRONCO_DATA_DIR: dataDir, ...settings });
    let ending: Ending | undefined;
    void server.ended.then((end) => (ending = end));
    await until('an end or readiness', () => ending !== undefined || server.stdout().includes('is ready'));
    if (!ending) await stopServer(server);
    const lines = spokenLines(server.stderr());
    assert.deepEqual(ending, { code: 1, signal: null }, server.stderr());
    assert.equal(lines.length, 1, `not one line but: ${server.stderr()}`);
    assert.match(server.stdout(), shown);
    for (const secret of secrets) assert.ok(!server.stderr().includes(secret), `${secret} is shown`);
    return lines[0]!;
  }

  const WRONG: [what: string, settings: Settings, sentence: RegExp, secrets?: string[]][] = [
    ['a port out of range', { TRONCO_HTTP_PORT: '70000' }, /TRONCO_HTTP_PORT must be a port number/],
    ['a port that is a word', { TRONCO_HTTP_PORT: 'http' }, /TRONCO_HTTP_PORT must be a port number/],
    [
      'a token without its checksum',
      { TRONCO_BOOTSTRAP_TOKEN: `talq_${'a'.repeat(38)}` },
      /TRONCO_BOOTSTRAP_TOKEN must be talq_/,
      ['a'.repeat(38)],
    ],
    [
      'a key of the wrong length',
      { TRONCO_MASTER_KEY: 'c2VjcmV0LWtleQ==' },
      /TRONCO_MASTER_KEY must be 32/,
      ['c2VjcmV0LWtleQ==', 'secret-key'],
    ],
    [
      'a database that is no PostgreSQL',
      { DATABASE_URL: 'mysql://root:hunter2@db/x' },
      /DATABASE_URL must look like postgres:/,
      ['hunter2'],
    ],
    ['a database address without one', { DATABASE_URL: 'postgres://' }, /DATABASE_URL must look like/],
    ['a log level that nobody knows', { TRONCO_LOG_LEVEL: 'loud' }, /TRONCO_LOG_LEVEL must be one of/],
    [
      'several wrong settings at once',
      { TRONCO_HTTP_PORT: 'x', TRONCO_LOG_LEVEL: 'y' },
      /TRONCO_HTTP_PORT .*TRONCO_LOG_LEVEL /,
    ],
    [
      'a database that nobody serves',
      { DATABASE_URL: 'postgres://tronco:hunter2@127.0.0.1:1/tronco' },
      /DATABASE_URL.*ECONNREFUSED/,
      ['hunter2'],
    ],
    [
      'a database on a host name with two addresses, neither of which answers',
      { DATABASE_URL: 'postgres://tronco:hunter2@localhost:1/tronco' },
      /DATABASE_URL.*ECONNREFUSED/,
      ['hunter2'],
    ],
    [
      'a database on a host that does not exist',
      { DATABASE_URL: 'postgres://tronco:hunter2@no-such-host.invalid/tronco' },
      /DATABASE_URL.*(ENOTFOUND|EAI_AGAIN)/,
      ['hunter2'],
    ],
    [
      'a database behind a socket that is not there',
      { DATABASE_URL: 'postgres://tronco@/tronco?host=/nowhere/at/all' },
      /DATABASE_URL.*ENOENT/,
    ],
  ];
  for (const [what, settings, sentence, secrets] of WRONG) {
    it(what, async () => assert.match(await refusal(settings, secrets ? { secrets } : {}), sentence));
  }

  it('a database that is not on the server', async () => {
    const url = databaseUrl({ ...(await postgres.empty()), database: 'no_such_database' });
    assert.match(await refusal({ DATABASE_URL: url }), /DATABASE_URL.*"no_such_database" does not exist/);
  });

  it('an address that another program listens on; the first tokens are shown nevertheless', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const settings = {
      DATABASE_URL: databaseUrl(await postgres.empty()),
      TRONCO_MASTER_KEY: key(),
      TRONCO_HTTP_PORT: String(port),
    };
    const line = await refusal(settings, { shown: /Token +talq_/ });
    assert.match(line, /in use/);
    assert.match(line, /TRONCO_HTTP_PORT/);
    other.close();
  });

  it('an address that this machine does not have', async () => {
    const settings = {
      DATABASE_URL: databaseUrl(await postgres.empty()),
      TRONCO_MASTER_KEY: key(),
      TRONCO_HTTP_HOST: '203.0.113.1',
    };
    assert.match(await refusal(settings, { shown: /Token +talq_/ }), /TRONCO_HTTP_HOST/);
  });

  it('a master key that is not the database’s', async () => {
    const first = key();
    const second = key();
    const DATABASE_URL = databaseUrl(await postgres.empty());
    const server = await startServer({ TRONCO_DATA_DIR: dataDir, DATABASE_URL, TRONCO_MASTER_KEY: first });
    await stopServer(server);
    const line = await refusal({ DATABASE_URL, TRONCO_MASTER_KEY: second }, { secrets: [first, second] });
    assert.match(line, /TRONCO_MASTER_KEY is not the key/);
  });

  it('a setting that nobody knows is named in the log, and stops nothing', async () => {
    const settings = { DATABASE_URL: databaseUrl(await postgres.empty()), TRONCO_DATA_DIR: dataDir };
    const server = await startServer({ ...settings, TRONCO_HTPP_PORT: 'hunter2' });
    assert.deepEqual(await stopServer(server), { code: 0, signal: null });
    assert.match(server.stderr(), /TRONCO_HTPP_PORT/);
    assert.ok(!server.stderr().includes('hunter2'));
  });

  it('a data directory that cannot be made', async () => {
    const path = join(fileURLToPath(import.meta.url), 'below-a-file');
    assert.match(await refusal({ TRONCO_DATA_DIR: path }), /TRONCO_DATA_DIR.*below-a-file/);
  });
});
