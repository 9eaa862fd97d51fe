import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeDid, makeTrunk, TRUNK } from '../testing/fixtures.ts';
import { type Answer, startTestApp, type TestApp } from '../testing/test-app.ts';
import { renderOpenApi } from '../render-openapi.ts';

let server: TestApp;

before(async () => {
  server = await startTestApp();
});
after(() => server.stop());

test('GET /openapi.json answers the committed document without a token', async () => {
  const { status, headers, body } = await server.sendWith(undefined)('GET', '/openapi.json');
  assert.equal(status, 200);
  assert.match(String(headers['content-type']), /^application\/json/);
  assert.deepEqual(body, JSON.parse(await renderOpenApi()));
});

test('answers carry the headers that the document promises, and no other version or place', async () => {
  const { send } = await server.environment();
  const admin = await server.admin();
  const trunkId = await makeTrunk(send);
  const didId = await makeDid(send, trunkId);
  const environment = await admin('POST', 'admin/environments', { name: 'headers' });
  const calls: [string, string, Answer][] = [
    ['post', '/sip-trunks', await send('POST', 'sip-trunks', TRUNK)],
    ['get', '/sip-trunks', await send('GET', 'sip-trunks')],
    ['get', '/sip-trunks/{trunk_id}', await send('GET', `sip-trunks/${trunkId}`)],
    ['put', '/sip-trunks/{trunk_id}', await send('PUT', `sip-trunks/${trunkId}`, { name: 'x' })],
    ['get', '/sip-trunks/{trunk_id}/dids', await send('GET', `sip-trunks/${trunkId}/dids`)],
    ['get', '/phone-numbers/{phone_number_id}', await send('GET', `phone-numbers/${didId}`)],
    [
      'post',
      '/sip-trunks/{trunk_id}/dids',
      await send('POST', `sip-trunks/${trunkId}/dids`, { country_code: 'US', number: '+15551234568' }),
    ],
    [
      'delete',
      '/sip-trunks/{trunk_id}/dids/{did_id}',
      await send('DELETE', `sip-trunks/${trunkId}/dids/${didId}`),
    ],
    ['post', '/admin/environments', environment],
    [
      'post',
      '/admin/environments/{environment_id}/archive',
      await admin('POST', `admin/environments/${environment.body.data.id}/archive`),
    ],
    ['get', '/token', await send('GET', 'token')],
  ];
  const { paths } = server.app.openApiDocument();
  for (const [method, path, { status, headers, body }] of calls) {
    const responses = paths[path]?.[method]?.['responses'] as Record<string, { headers: object }>;
    assert.ok(responses[status], `${method} ${path} ${status} ${JSON.stringify(body)}`);
    for (const name of ['ETag', 'Location']) {
      assert.equal(
        name in responses[status]!.headers,
        headers[name.toLowerCase()] !== undefined,
        `${method} ${path}: ${name}`,
      );
    }
  }
});
