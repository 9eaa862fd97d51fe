import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandLine, TRUNK } from '../testing/command-line.ts';

const { run, ok, json, environment, trunk, dataDir, server } = commandLine();

test('on the server’s machine a command needs no flag: credentials, and the environment default', async () => {
  assert.match(await ok(['env', 'list']), /^ID +NAME +CREATED +ARCHIVED\n\S+ +default /);
  const own = await json(['token', 'list']);
  assert.equal(own[0].name, 'default');
  const { mode } = await stat(join(dataDir(), 'credentials.json'));
  assert.equal(mode & 0o777, 0o600);
});

test('environments are created, renamed, archived and restored by name', async () => {
  await ok(['env', 'create', 'staging']);
  await ok(['env', 'rename', 'staging', 'stage']);
  const { id } = (await json(['env', 'list'])).find((one: { name: string }) => one.name === 'stage');
  assert.match(await ok(['env', 'archive', 'stage']), /archived/);
  const refused = await run(['trunk', 'list', '--env', 'stage']);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /ENVIRONMENT_ARCHIVED/);
  assert.match(refused.stderr, /What to do: .*env restore/);
  assert.deepEqual(
    (await json(['env', 'list', '--archived'])).map((one: { id: string }) => one.id),
    [id],
  );
  await ok(['env', 'restore', id]);
  assert.deepEqual(await json(['trunk', 'list', '--env', 'stage']), []);
});

test('a token is created with scopes and expiry, works, is listed without its text, and is revoked', async () => {
  const at = await environment();
  const made = await json(
    [
      'token',
      'create',
      'ci',
      '--scope',
      'trunks:read,agents:read',
      '--scope',
      'dids:read',
      '--expires',
      '90d',
    ],
    at,
  );
  assert.match(made.token, /^talq_\w{38}$/);
  assert.ok(Math.abs(Date.parse(made.expires_at) - Date.now() - 90 * 86_400_000) < 600_000);
  const asToken = {
    env: { TRONCO_URL: server().url, TRONCO_TOKEN: made.token, TRONCO_DATA_DIR: '/nowhere' },
  };
  assert.deepEqual(await json(['trunk', 'list'], asToken), []);
  const forbidden = await run(['trunk', 'create', '--name', 'x', ...TRUNK, '--password', 'p'], asToken);
  assert.equal(forbidden.code, 1);
  assert.match(forbidden.stderr, /FORBIDDEN/);
  assert.match(forbidden.stderr, /Use a token with the scope trunks:write/);
  assert.ok(!(await ok(['token', 'list'], at)).includes(made.token));
  await ok(['token', 'revoke', made.id], at);
  assert.match((await run(['trunk', 'list'], asToken)).stderr, /INVALID_TOKEN/);
});

test('an admin token is made, used and revoked; the last one stays', async () => {
  const { token, id, scopes } = await json(['token', 'create', 'ops', '--admin']);
  assert.deepEqual(scopes, ['admin']);
  const env = { TRONCO_URL: server().url, TRONCO_TOKEN: token };
  assert.ok((await json(['env', 'list'], { env })).length > 0);
  const unsaid = await run(['trunk', 'list'], { env });
  assert.equal(unsaid.code, 1);
  assert.match(unsaid.stderr, /ENVIRONMENT_REQUIRED[\s\S]*--env <name>/);
  assert.deepEqual(await json(['trunk', 'list', '--env', 'default'], { env }), []);
  await ok(['token', 'revoke', id, '--admin']);
  const [last] = (await json(['token', 'list', '--admin'])).filter(
    (one: { revoked_at: string | null }) => one.revoked_at === null,
  );
  assert.match((await run(['token', 'revoke', last.id, '--admin'])).stderr, /LAST_ADMIN_TOKEN/);
});

test('a trunk is created, shown by name, changed and deleted; its password comes from a file or stdin', async () => {
  const at = await environment();
  const args = ['trunk', 'create', '--name', 'Main', ...TRUNK, '--password-file', '-', '--port', '5080'];
  const { id } = await json(args, { ...at, input: 'secret\n' });
  const shown = await json(['trunk', 'show', 'Main'], at);
  assert.equal(shown.id, id);
  assert.equal(shown.port, 5080);
  assert.ok(!('password' in shown));
  await ok(['trunk', 'update', 'Main', '--name', 'Renamed', '--realm', 'r'], at);
  assert.equal((await json(['trunk', 'show', id], at)).auth_realm, 'r');
  const active = await run(['trunk', 'update', 'Renamed', '--active'], at);
  assert.match(active.stderr, /TRUNK_NOT_VERIFIED/);
  assert.match(await ok(['trunk', 'delete', 'Renamed'], at), /SIP trunk deleted/);
  assert.deepEqual(await json(['trunk', 'list'], at), []);
});

test('a DID is added, found by number or id, changed, moved and removed', async () => {
  const at = await environment();
  await trunk('A', at);
  const other = await trunk('B', at);
  const did = await json(['did', 'add', 'A', '+15551234567', '--country', 'us'], at);
  assert.equal(did.formatted_number, '(555) 123-4567');
  const again = await run(['did', 'add', 'B', '+15551234567', '--country', 'US'], at);
  assert.equal(again.code, 1);
  assert.match(
    again.stderr,
    /^tronco: This number is already registered in your environment \(DID_ALREADY_EXISTS\)\n {2}What to do: .+\n {2}Request id: \S+\n$/,
  );
  await ok(['did', 'update', '+1 555 123-4567', '--label', 'Front desk', '--tags', 'a, b'], at);
  const shown = await json(['did', 'show', did.id], at);
  assert.equal(shown.label, 'Front desk');
  assert.deepEqual(shown.tags, ['a', 'b']);
  await ok(['did', 'update', did.id, '--label', ''], at);
  assert.equal((await json(['did', 'move', '+15551234567', 'B'], at)).trunk_id, other);
  assert.equal((await json(['did', 'list', '--trunk', 'A'], at)).length, 0);
  assert.match(await ok(['did', 'list', '--trunk', 'B'], at), /\+15551234567/);
  assert.match(await ok(['did', 'remove', '+15551234567'], at), /DID removed/);
  assert.equal((await run(['did', 'show', '+15551234567'], at)).code, 2);
});

test('a long list is shown page by page, and whole on demand or for a program', async () => {
  const at = await environment();
  await trunk('A', at);
  const rows = Array.from({ length: 130 }, (_, i) => `+1555200${String(i).padStart(4, '0')},US`);
  await ok(['did', 'import', 'A', '-'], { ...at, input: ['number,country_code', ...rows].join('\n') });
  const first = await run(['did', 'list'], at);
  assert.equal(first.stdout.trimEnd().split('\n').length, 101);
  assert.match(first.stderr, /Page 1 of 2, 130 numbers in all/);
  assert.equal((await ok(['did', 'list', '--all'], at)).trimEnd().split('\n').length, 131);
  assert.equal((await json(['did', 'list'], at)).length, 130);
  assert.equal((await json(['did', 'list', '--search', '2000007'], at)).length, 1);
  assert.equal((await json(['did', 'list', '--page', '2', '--per-page', '100'], at)).length, 30);
});

test('an import reports counts and first problems and exits with 1 when a number was not registered', async () => {
  const at = await environment();
  await trunk('A', at);
  await trunk('B', at);
  await ok(['did', 'add', 'B', '+15551234567', '--country', 'US'], at);
  const file = join(dataDir(), 'numbers.csv');
  await writeFile(file, 'number,country_code\n+15552220001,US\n+1555,US\n+15551234567,US\n');
  const dry = await run(['did', 'import', 'A', file, '--dry-run'], at);
  assert.equal(dry.code, 1);
  assert.match(
    dry.stdout,
    /^Dry run \S+ succeeded: 1 would be registered, 0 already there, 1 on another trunk/,
  );
  assert.equal((await json(['did', 'list', '--trunk', 'A'], at)).length, 0);
  const real = await run(['did', 'import', 'A', file], at);
  assert.equal(real.code, 1);
  assert.match(real.stdout, / {2}row 3: \+1555 The number must be in E\.164/);
  assert.match(real.stdout, / {2}row 4: \+15551234567 is on another trunk/);
  assert.equal((await json(['did', 'list', '--trunk', 'A'], at)).length, 1);
  const machine = await run(['did', 'import', 'A', file, '--json'], at);
  const { counts, problems } = JSON.parse(machine.stdout);
  assert.deepEqual([counts.created, counts.unchanged, problems.length], [0, 1, 2]);
  assert.equal(machine.code, 1);
});

test('what is exported can be imported again, as CSV and as NDJSON', async () => {
  const at = await environment();
  await trunk('A', at);
  await ok(['did', 'import', 'A', '-', '--country', 'US'], { ...at, input: '+15553330001\n+15553330002\n' });
  const there = await environment();
  await trunk('C', there);
  for (const format of ['csv', 'ndjson']) {
    const file = join(dataDir(), `export.${format}`);
    await ok(['did', 'export', '-o', file], at);
    assert.equal(await readFile(file, 'utf8'), await ok(['did', 'export', '--format', format], at));
    assert.match(await ok(['did', 'import', 'C', file], there), /(2 registered|2 already there)/);
  }
  assert.equal((await json(['did', 'list'], there)).length, 2);
});

test('an import that nobody waited for can be followed later', async () => {
  const at = await environment();
  await trunk('A', at);
  const started = await json(['did', 'import', 'A', '-', '--country', 'US', '--no-wait'], {
    ...at,
    input: '+15554440001\n',
  });
  assert.match(await ok(['did', 'watch', 'A', started.id], at), /succeeded: 1 registered/);
});
