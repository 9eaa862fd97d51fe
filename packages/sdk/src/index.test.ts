import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { TRUNK } from '../../server/src/testing/fixtures.ts';
import { startTestApp, type TestApp } from '../../server/src/testing/test-app.ts';
import { createTronco, TroncoConnectionError, TroncoError } from './index.ts';

let server: TestApp;
let baseUrl: string;

before(async () => {
  server = await startTestApp();
  baseUrl = await server.app.listen({ port: 0, host: '127.0.0.1' });
});
after(() => server.stop());

const client = async (options: object = {}) => {
  const { token } = await server.environment();
  return createTronco({ baseUrl, token, ...options });
};

test('trunks and DIDs are created, read, changed and removed with typed answers', async () => {
  const tronco = await client();
  const trunk = await tronco.createSipTrunk({ body: { ...TRUNK, transport: 'tls' } });
  const trunk_id = trunk.data.id;
  const did = await tronco.createSipTrunkDid({
    path: { trunk_id },
    body: { country_code: 'US', number: '+15551234567' },
  });
  assert.deepEqual(did, {
    success: true,
    data: {
      id: did.data.id,
      number: '+15551234567',
      country_code: 'US',
      formatted_number: '(555) 123-4567',
      trunk_id,
    },
  });
  const path = { trunk_id, did_id: did.data.id };
  const changed = await tronco.updateSipTrunkDid({ path, body: { label: 'Front desk' } });
  assert.equal(changed.data.label, 'Front desk');
  const list = await tronco.listSipTrunkDids({ path: { trunk_id }, query: { search: 'front', per_page: 5 } });
  assert.deepEqual(
    list.data.map(({ id }) => id),
    [did.data.id],
  );
  assert.equal(list.pagination?.total, 1);
  assert.deepEqual(await tronco.deleteSipTrunkDid({ path }), { success: true, message: 'DID removed' });
});

test('a refusal is thrown with code, status, sentence, details and request id', async () => {
  const tronco = await client();
  const trunk_id = '0199b8a4-7c1e-7d3a-9a53-0f6c2b1d4e5f';
  const error = await tronco.getSipTrunk({ path: { trunk_id } }).catch((caught: unknown) => caught);
  assert.ok(error instanceof TroncoError);
  assert.equal(error.code, 'TRUNK_NOT_FOUND');
  assert.equal(error.status, 404);
  assert.equal(error.message, 'SIP trunk not found');
  assert.deepEqual(error.errors, {});
  assert.ok(error.request_id);
});

test('all problems of a request are in errors, by field', async () => {
  const tronco = await client();
  await assert.rejects(
    // @ts-expect-error the type already refuses an incomplete body
    () => tronco.createSipTrunk({ body: { name: '' } }),
    (error: TroncoError) => {
      assert.equal(error.code, 'VALIDATION_ERROR');
      assert.deepEqual(error.errors['name'], ['The name field is required.']);
      assert.ok(error.errors['domain']);
      return true;
    },
  );
});

test('an admin token acts in the environment that the client names', async () => {
  const { id } = await server.environment();
  const { issueToken } = await import('../../server/src/domain/tokens/issue.ts');
  const { INSTALLATION_ID } = await import('../../server/src/kernel/ids.ts');
  const { token } = await issueToken(server.context(INSTALLATION_ID), { name: 'a', scopes: ['admin'] });
  const inside = createTronco({ baseUrl: `${baseUrl}/api/v1/`, token, environment: id });
  assert.deepEqual((await inside.listSipTrunks()).data, []);
  await assert.rejects(() => createTronco({ baseUrl, token }).listSipTrunks(), {
    code: 'ENVIRONMENT_REQUIRED',
  });
});

test('nobody listening is a connection error that names the address and the cause', async () => {
  const tronco = createTronco({ baseUrl: 'http://127.0.0.1:9', token: 'x', retriesMax: 0 });
  const error = await tronco.getHealth().catch((caught: unknown) => caught);
  assert.ok(error instanceof TroncoConnectionError);
  assert.match(error.message, /^No answer from http:\/\/127\.0\.0\.1:9/);
});

type Respond = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A server that misbehaves as told. */
async function scripted(t: { after(fn: () => void): void }, respond: Respond) {
  const requests: { method: string; key: string | undefined }[] = [];
  const peer: Server = createServer((request, response) => {
    requests.push({ method: request.method ?? '', key: request.headers['idempotency-key'] as string });
    request.resume();
    request.on('end', () => respond(request, response, requests.length));
  });
  await new Promise<void>((resolve) => void peer.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    peer.closeAllConnections();
    peer.close();
  });
  const address = peer.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { tronco: createTronco({ baseUrl: `http://127.0.0.1:${port}`, token: 'x' }), requests };
}

const json = (response: ServerResponse, status: number, body: object, headers: object = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};
const did = { country_code: 'US', number: '+15551234567' };
const path = { trunk_id: 't' };

test('a POST whose connection broke is sent again with the same Idempotency-Key', async (t) => {
  const { tronco, requests } = await scripted(t, (_request, response, count) => {
    if (count === 1) response.destroy();
    else json(response, 201, { success: true, data: {} });
  });
  await tronco.createSipTrunkDid({ path, body: did });
  assert.equal(requests.length, 2);
  assert.ok(requests[0]?.key);
  assert.equal(requests[0]?.key, requests[1]?.key);
});

test('a DELETE or a conditional PUT whose connection broke is not sent again: it may have worked', async (t) => {
  const { tronco, requests } = await scripted(t, (_request, response) => response.destroy());
  await assert.rejects(() => tronco.deleteSipTrunk({ path }), TroncoConnectionError);
  await assert.rejects(
    () => tronco.updateSipTrunk({ path, body: {}, headers: { 'If-Match': '"1"' } }),
    TroncoConnectionError,
  );
  assert.deepEqual(
    requests.map(({ method }) => method),
    ['DELETE', 'PUT'],
  );
});

test('429 is obeyed for every method; the last refusal is thrown', async (t) => {
  const { tronco, requests } = await scripted(t, (_request, response) =>
    json(response, 429, {
      success: false,
      code: 'RATE_LIMIT_EXCEEDED',
      message: 'slow down',
      request_id: 'r1',
    }),
  );
  await assert.rejects(() => tronco.deleteSipTrunk({ path }), {
    code: 'RATE_LIMIT_EXCEEDED',
    status: 429,
    request_id: 'r1',
  });
  assert.equal(requests.length, 3);
});

test('a wait longer than half a minute is the caller’s decision', async (t) => {
  const { tronco, requests } = await scripted(t, (_request, response) =>
    json(response, 429, { code: 'RATE_LIMIT_EXCEEDED' }, { 'retry-after': '3600' }),
  );
  await assert.rejects(() => tronco.listSipTrunks(), { code: 'RATE_LIMIT_EXCEEDED' });
  assert.equal(requests.length, 1);
});

test('a signal ends a call, also while it waits to try again', async (t) => {
  const { tronco, requests } = await scripted(t, (_request, response) =>
    json(response, 503, { code: 'UNAVAILABLE' }, { 'retry-after': '20' }),
  );
  const signal = AbortSignal.timeout(100);
  await assert.rejects(() => tronco.listSipTrunks({ signal }), { name: 'TimeoutError' });
  assert.equal(requests.length, 1);
});

test('an answer that is no Tronco’s is an error with its status', async (t) => {
  const { tronco } = await scripted(t, (_request, response) => response.writeHead(404).end('<html>nginx'));
  await assert.rejects(() => tronco.listSipTrunks(), { code: 'UNEXPECTED_ANSWER', status: 404 });
});

test('the example of the README runs', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, example] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  assert.ok(example);
  const folder = await mkdtemp(new URL('../.example-', import.meta.url).pathname);
  try {
    const file = join(folder, 'example.ts');
    await writeFile(file, example);
    const { token } = await server.environment();
    const { stdout } = await promisify(execFile)(process.execPath, [file], {
      env: { ...process.env, TRONCO_URL: baseUrl, TRONCO_TOKEN: token },
    });
    assert.match(stdout, /\(555\) 123-4567/);
    assert.match(stdout, /DID_ALREADY_EXISTS/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the package that is published is JavaScript with declarations, and runs', async () => {
  const root = new URL('..', import.meta.url).pathname;
  await promisify(execFile)(process.execPath, [join(root, 'scripts/build.ts')]);
  const { exports } = JSON.parse(await readFile(join(root, 'dist/package.json'), 'utf8'));
  const { default: entry, types } = exports['.'];
  assert.match(await readFile(join(root, 'dist', types), 'utf8'), /createTronco/);
  const built = (await import(join(root, 'dist', entry))) as { createTronco: typeof createTronco };
  const { token } = await server.environment();
  assert.deepEqual((await built.createTronco({ baseUrl, token }).listSipTrunks()).data, []);
});
