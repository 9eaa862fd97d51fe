import assert from 'node:assert/strict';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isWellFormedToken } from '../../../server/src/kernel/token-format.ts';
import {
  removeDirectory,
  scratchDirectory,
  type Server,
  start,
  startServer,
  tronco,
} from '../testing/tronco.ts';

/** Commands that need no API: on the embedded PostgreSQL, while its server runs and after it stopped. */
let dataDir: string;
let server: Server;

before(async () => {
  dataDir = await scratchDirectory();
  server = await startServer(dataDir);
});
after(async () => {
  await server.stop();
  await removeDirectory(dataDir);
});

const run = (args: string[], env: Record<string, string> = {}) =>
  tronco(args, { env: { TRONCO_DATA_DIR: dataDir, ...env } });

type Finding = { state: string; subject: string; message: string; fix?: string };

async function doctor(
  env: Record<string, string> = {},
): Promise<{ code: number | null; by: Record<string, Finding> }> {
  const { code, stdout } = await run(['doctor', '--json'], env);
  const findings: Finding[] = JSON.parse(stdout);
  return { code, by: Object.fromEntries(findings.map((finding) => [finding.subject, finding])) };
}

const credentials = async (): Promise<{ url: string; admin_token: string }> =>
  JSON.parse(await readFile(join(dataDir, 'credentials.json'), 'utf8'));

test('token generate prints a well-formed token, each time another, without any server', async () => {
  const [one, two] = await Promise.all([tronco(['token', 'generate']), tronco(['token', 'generate'])]);
  assert.ok(isWellFormedToken(one.stdout.trim()));
  assert.notEqual(one.stdout, two.stdout);
});

test('help shows every command; each command explains itself', async () => {
  const { code, stdout } = await tronco(['--help']);
  assert.equal(code, 0);
  for (const name of ['serve', 'migrate', 'doctor', 'env', 'token', 'trunk', 'did', 'release', 'audit']) {
    assert.match(stdout, new RegExp(`^ {2}${name} `, 'm'));
    const help = await tronco([name, '--help']);
    assert.equal(help.code, 0, name);
    assert.match(help.stdout, /--url <url>/);
  }
  assert.match(stdout, /Exit codes: 0 done/);
});

test('without any credentials a command says what to set', async () => {
  const { code, stderr } = await tronco(['trunk', 'list'], { env: { TRONCO_DATA_DIR: '/nonexistent' } });
  assert.equal(code, 2);
  assert.match(stderr, /No token[\s\S]*What to do: Set TRONCO_TOKEN/);
});

test('while the server runs: doctor is content, migrate finds nothing to do', async () => {
  const { port } = new URL(server.url);
  const { code, by } = await doctor({ TRONCO_HTTP_PORT: port });
  assert.equal(code, 0, JSON.stringify(by));
  assert.match(by['database']!.message, /PostgreSQL 18.* in use by the server/);
  assert.match(by['port']!.message, /a Tronco answers/);
  assert.deepEqual(
    [
      'node',
      'settings',
      'migrations',
      'master key',
      'clock',
      'credentials.json',
      'master.key',
      'disk space',
    ].map((subject) => by[subject]?.state),
    Array.from({ length: 8 }, () => 'ok'),
  );
  assert.match((await run(['migrate'])).stdout, /Nothing to do/);
});

test('while the server runs: a lost admin token is replaced, works at once, and is written down', async () => {
  const path = join(dataDir, 'credentials.json');
  await writeFile(path, 'lost');
  assert.match((await run(['env', 'list'])).stderr, /damaged[\s\S]*tronco token recover/);
  const { stdout, code } = await run(['token', 'recover', '--json'], {
    TRONCO_HTTP_PORT: new URL(server.url).port,
  });
  assert.equal(code, 0);
  const { token } = JSON.parse(stdout);
  assert.deepEqual(await credentials(), { url: server.url, admin_token: token });
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.match((await run(['env', 'list'])).stdout, /default/);
  assert.match((await run(['audit', 'tail', '--admin'])).stdout, /token\.created.* by recovery/);
});

test('with DATABASE_URL the token is recovered there, from a machine that has no data directory yet', async (t) => {
  const elsewhere = await scratchDirectory();
  t.after(() => removeDirectory(elsewhere));
  const host = encodeURIComponent(join(dataDir, 'postgres-socket'));
  const { code, stdout, stderr } = await run(['token', 'recover', '--json'], {
    TRONCO_DATA_DIR: elsewhere,
    DATABASE_URL: `postgres://tronco@localhost/tronco?host=${host}`,
    TRONCO_HTTP_PORT: new URL(server.url).port,
  });
  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(stdout).credentials_path, join(elsewhere, 'credentials.json'));
  assert.deepEqual(await readdir(elsewhere), ['credentials.json'], 'and no key is made');
  assert.match((await run(['env', 'list'], { TRONCO_DATA_DIR: elsewhere })).stdout, /default/);
});

test('a followed audit log shows what happens next, and Ctrl-C ends it with 130', async () => {
  const { promise: shown, resolve } = Promise.withResolvers<void>();
  let text = '';
  const follower = start(['audit', 'tail', '-n', '0', '-f'], { TRONCO_DATA_DIR: dataDir });
  follower.child.stdout.on('data', (data: Buffer) => {
    text += data.toString();
    if (text.includes('token.created')) resolve();
  });
  // It follows from what it finds at its start; until then, nothing is new to it.
  const ticking = setInterval(() => void run(['token', 'create', 'followed']), 1_000);
  await shown;
  clearInterval(ticking);
  follower.child.kill('SIGINT');
  const { code, stderr } = await follower.outcome;
  assert.equal(code, 130);
  assert.equal(stderr, 'tronco: Interrupted\n');
});

test('doctor names a secret that others can read, a foreign program on the port and a wrong setting', async (t) => {
  const path = join(dataDir, 'credentials.json');
  await chmod(path, 0o644);
  const foreign = createServer((_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => void foreign.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    foreign.closeAllConnections();
    foreign.close();
    await chmod(path, 0o600);
  });
  const address = foreign.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  const { code, by } = await doctor({ TRONCO_HTTP_PORT: port });
  assert.equal(code, 1);
  assert.equal(by['credentials.json']!.state, 'fail');
  assert.equal(by['credentials.json']!.fix, `chmod 600 ${path}`);
  assert.match(by['port']!.message, /another program listens/);
  const wrong = await doctor({ TRONCO_HTTP_PORT: 'abc' });
  assert.equal(wrong.code, 1);
  assert.match(wrong.by['settings']!.message, /TRONCO_HTTP_PORT must be a port number/);
  assert.equal((await run(['migrate'], { TRONCO_HTTP_PORT: 'abc' })).code, 2);
});

test('doctor names a database that cannot be reached and a master key that is another one', async () => {
  const gone = await doctor({ DATABASE_URL: 'postgres://x:secret@127.0.0.1:1/x' });
  assert.equal(gone.code, 1);
  assert.match(gone.by['database']!.message, /ECONNREFUSED/);
  assert.ok(!JSON.stringify(gone.by).includes('secret'));
  const other = await doctor({ TRONCO_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') });
  assert.equal(other.by['master key']!.state, 'fail');
});

test('on an empty data directory doctor is content, and nothing is made by doctor or recover', async (t) => {
  const empty = await scratchDirectory();
  t.after(() => removeDirectory(empty));
  const { code, by } = await doctor({ TRONCO_DATA_DIR: empty, TRONCO_HTTP_PORT: '0' });
  assert.equal(code, 0);
  assert.match(by['database']!.message, /none yet/);
  const recover = await run(['token', 'recover'], { TRONCO_DATA_DIR: empty });
  assert.equal(recover.code, 1);
  assert.match(recover.stderr, /There is no database in/);
  assert.deepEqual(await readdir(empty), []);
});

test('after the server stopped: doctor, migrate and recover start its database and stop it again', async () => {
  await server.stop();
  const { code, by } = await doctor({ TRONCO_HTTP_PORT: '0' });
  assert.equal(code, 0, JSON.stringify(by));
  assert.match(by['database']!.message, /started for this check/);
  assert.equal((await run(['migrate'])).code, 0);
  const { token } = JSON.parse((await run(['token', 'recover', '--json'])).stdout);
  assert.ok(!(await readdir(join(dataDir, 'postgres'))).includes('postmaster.pid'), 'stopped again');
  const before = server.url;
  server = await startServer(dataDir);
  const known = await credentials();
  assert.equal(known.admin_token, token);
  assert.notEqual(server.url, before);
  assert.equal(known.url, server.url, 'the server writes down where it listens now');
  assert.match((await run(['env', 'list'])).stdout, /default/);
});
