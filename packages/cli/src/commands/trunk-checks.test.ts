import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Registrar, startRegistrar, USER } from '../../../server/src/testing/registrar.ts';
import { commandLine } from '../testing/command-line.ts';

const { run, ok, json } = commandLine();
const open: Registrar[] = [];
after(async () => {
  for (const one of open) await one.stop();
});

async function carrier(): Promise<Registrar> {
  const started = await startRegistrar({ protocol: 'UDP' });
  open.push(started);
  return started;
}

const create = ({ port }: Registrar, name: string, password: string) =>
  ok([
    'trunk', 'create', '--name', name, '--provider', 'carrier-x', '--domain', '127.0.0.1', '--port', String(port),
    '--transport', 'udp', '--username', USER.username, '--password', password,
  ]); // prettier-ignore

test('verify shows the stages as a table, and the trunk can then be activated', async () => {
  await create(await carrier(), 'Main', USER.password);
  const shown = await ok(['trunk', 'verify', 'Main']);
  assert.match(shown, /^STAGE +RESULT +MS +CODE +DETAIL\n/);
  assert.match(shown, /\nconnect +skipped +\d+ +connectionless /);
  assert.match(shown, /\nregister +ok +\d+ +registered +Registered by Digest MD5/);
  assert.match(shown, /\nVerified\.\n$/);
  assert.equal((await json(['trunk', 'verify', 'Main'])).is_verified, true);
  assert.equal((await json(['trunk', 'update', 'Main', '--active'])).is_active, true);
  assert.equal((await json(['trunk', 'health', 'Main'])).is_healthy, true);
});

test('verify that fails says what to do and ends with 1', async () => {
  await create(await carrier(), 'Wrong', 'not-the-password');
  const { code, stdout } = await run(['trunk', 'verify', 'Wrong']);
  assert.equal(code, 1);
  assert.match(stdout, /\nregister +failed +\d+ +auth_failed /);
  assert.match(stdout, /\nWhat to do about register: Correct user name and password\.\n/);
  assert.match(stdout, /\nNot verified: Authentication failed \(401\)\n$/);
  assert.ok(!stdout.includes('not-the-password'));
  const asJson = await run(['trunk', 'verify', 'Wrong', '--json']);
  assert.deepEqual([asJson.code, JSON.parse(asJson.stdout).error], [1, 'Authentication failed (401)']);
});

test('health of a carrier that is gone says why and ends with 1', async () => {
  const peer = await startRegistrar({ protocol: 'TCP' });
  await peer.stop();
  await create(peer, 'Gone', USER.password);
  await ok(['trunk', 'update', 'Gone', '--transport', 'tcp']);
  const { code, stdout } = await run(['trunk', 'health', 'Gone']);
  assert.equal(code, 1);
  assert.match(stdout, /is_healthy +no\n/);
  assert.match(stdout, /error +Connection refused\n/);
});
