import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandLine } from '../testing/command-line.ts';

const { run, ok, json, environment, trunk, server } = commandLine();

test('an operator approves or rejects requests to give a number back', async () => {
  const at = await environment();
  await trunk('A', at);
  const api = async (did: string) => {
    const response = await fetch(`${server().url}/api/v1/phone-numbers/${did}/request-release`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${server().adminToken}`,
        'tronco-environment': at.env.TRONCO_ENVIRONMENT,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ reason: 'no longer needed here' }),
    });
    return ((await response.json()) as { data: { id: string } }).data.id;
  };
  const one = await json(['did', 'add', 'A', '+15551110001', '--country', 'US'], at);
  const two = await json(['did', 'add', 'A', '+15551110002', '--country', 'US'], at);
  const first = await api(one.id);
  const second = await api(two.id);
  assert.match(await ok(['release', 'list', '--status', 'pending']), /\+15551110001/);
  await ok(['release', 'approve', first]);
  await ok(['release', 'reject', second, '--reason', 'still in use']);
  const left = (await json(['did', 'list'], at)).map(({ number }: { number: string }) => number);
  assert.deepEqual(left, ['+15551110002']);
  assert.match((await run(['release', 'approve', second])).stderr, /RELEASE_ALREADY_RESOLVED/);
});

test('the audit log is shown with the newest entry last, and as one JSON object a line', async () => {
  const at = await environment();
  await trunk('A', at);
  await ok(['did', 'add', 'A', '+15551234567', '--country', 'US'], at);
  const text = await ok(['audit', 'tail'], at);
  assert.match(text, /trunk\.created[\s\S]*did\.created.* by admin/);
  const lines = (await ok(['audit', 'tail', '-n', '1', '--json'], at)).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).type),
    ['did.created'],
  );
  assert.match(
    await ok(['audit', 'tail', '--admin', '--type', 'token.created']),
    /token\.created.* by bootstrap/,
  );
});

test('with --json an error is one JSON object on stderr', async () => {
  const { code, stdout, stderr } = await run([
    'trunk',
    'show',
    '0199b8a4-7c1e-7d3a-9a53-0f6c2b1d4e5f',
    '--json',
  ]);
  assert.equal(code, 1);
  assert.equal(stdout, '');
  const { error } = JSON.parse(stderr);
  assert.equal(error.code, 'TRUNK_NOT_FOUND');
  assert.ok(error.request_id);
  assert.ok(error.advice);
});

test('wrong usage exits with 2, a server that does not answer with 3', async () => {
  assert.equal((await run(['nonsense'])).code, 2);
  assert.equal((await run(['trunk', 'list', '--nonsense'])).code, 2);
  assert.equal((await run(['did', 'import', 'A'])).code, 2);
  const env = { TRONCO_URL: 'http://127.0.0.1:9', TRONCO_TOKEN: server().token };
  const gone = await run(['trunk', 'list'], { env });
  assert.equal(gone.code, 3);
  assert.match(gone.stderr, /No answer from http:\/\/127\.0\.0\.1:9[\s\S]*tronco serve/);
});

test('the token in credentials.json is never sent to another server', async () => {
  const { code, stderr } = await run(['trunk', 'list', '--url', 'http://127.0.0.1:9']);
  assert.equal(code, 2);
  assert.match(stderr, /is for http/);
});
