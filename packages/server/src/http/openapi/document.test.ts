import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, test } from 'node:test';
import { z } from 'zod';
import { SCOPES } from '../../domain/tokens/scopes.ts';
import { ERRORS } from '../../kernel/errors.ts';
import { renderOpenApi } from '../../render-openapi.ts';
import { buildDocument } from './document.ts';
import type { Documented } from './documented.ts';
import { EXAMPLES } from './examples.ts';
import { TAGS } from './introduction.ts';

// eslint-disable-next-line typescript/no-explicit-any
type Loose = any;

let text: string;
let document: Loose;
let operations: { name: string; path: string; method: string; operation: Loose }[];

before(async () => {
  text = await renderOpenApi();
  document = JSON.parse(text);
  operations = Object.entries<Loose>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Loose>(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      method,
      operation,
    })),
  );
});

const protectedOnes = (): typeof operations => operations.filter(({ path }) => path !== '/health');

/** Every `$ref` below a node. */
function references(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : references(value),
  );
}

const lookUp = (reference: string): unknown =>
  reference
    .split('/')
    .slice(1)
    .reduce<Loose>((node, key) => node?.[key], document);

test('the committed document is the one that the endpoints make', async () => {
  const committed = await readFile(new URL('../../../../../openapi/tronco.v1.json', import.meta.url), 'utf8');
  assert.ok(committed === text, 'openapi/tronco.v1.json is out of date: run npm run generate');
});

test('the document is the same whatever order the endpoints were registered in', async () => {
  const endpoint = (path: string, method: string): Documented => ({
    method,
    path,
    operationId: `${method}${path}`,
    tag: 'DIDs',
    summary: 'x',
    scope: 'dids:read',
    reply: z.object({ id: z.string() }).meta({ id: 'OrderProbe' }),
  });
  const some = [endpoint('/b', 'POST'), endpoint('/a', 'DELETE'), endpoint('/a', 'GET')];
  assert.equal(JSON.stringify(buildDocument(some)), JSON.stringify(buildDocument(some.toReversed())));
});

test('every operation has its own operationId, a summary, a known tag, a scope and error responses', () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  assert.equal(new Set(ids).size, ids.length, 'operationIds are unique');
  const tags = new Set(TAGS.map(({ name }) => name));
  for (const { name, operation } of operations) {
    assert.match(operation.operationId, /^[a-z][A-Za-z]+$/, name);
    assert.ok(operation.summary.length > 3, name);
    assert.ok(
      operation.tags.length === 1 && tags.has(operation.tags[0]),
      `${name}: the tag ${operation.tags} needs a line in introduction.ts`,
    );
  }
  for (const { name, operation } of protectedOnes()) {
    assert.ok(['any', ...SCOPES].includes(operation['x-tronco-scope']), name);
    for (const status of ['401', '403', '422', '429', '500', '503']) {
      assert.ok(operation.responses[status], `${name} documents ${status}`);
    }
  }
});

test('every error response is the one Error component and its description lists its codes', () => {
  for (const { name, operation } of operations) {
    for (const [status, response] of Object.entries<Loose>(operation.responses)) {
      if (Number(status) < 400) continue;
      assert.deepEqual(
        response.content,
        { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        `${name} ${status}`,
      );
      const codes: string[] = response['x-tronco-codes'];
      assert.ok(codes.length > 0);
      for (const code of codes) {
        assert.equal(ERRORS[code as keyof typeof ERRORS]?.status, Number(status), `${name} ${code}`);
        assert.ok(response.description.includes(`\`${code}\`: `), `${name} ${code}`);
      }
    }
  }
});

test('what the wire contract does not have is marked, and nothing else', () => {
  const marked = (name: string): boolean =>
    operations.find((one) => one.name === name)?.operation['x-tronco-addition'] === true;
  assert.equal(marked('POST /sip-trunks/{trunk_id}/dids'), false);
  assert.equal(marked('DELETE /sip-trunks/{trunk_id}/dids/{did_id}'), false);
  assert.equal(marked('GET /health'), false);
  assert.equal(marked('GET /sip-trunks/{trunk_id}/dids/{did_id}'), true);
  assert.equal(marked('PATCH /sip-trunks/{trunk_id}/dids/{did_id}'), true);
});

test('every reference leads somewhere and every component is used', () => {
  const used = new Set(references(document));
  for (const reference of used) assert.ok(lookUp(reference), reference);
  for (const kind of ['schemas', 'headers', 'parameters']) {
    for (const name of Object.keys(document.components[kind])) {
      assert.ok(used.has(`#/components/${kind}/${name}`), `components.${kind}.${name} is used`);
    }
  }
});

test('path parameters are declared, required and described', () => {
  for (const { name, path, operation } of operations) {
    const wanted = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const declared = (operation.parameters ?? []).filter((each: Loose) => each.in === 'path');
    assert.deepEqual(
      declared.map((each: Loose) => each.name),
      wanted,
      name,
    );
    for (const each of declared) assert.ok(each.required && each.description.length > 0, name);
  }
});

test('schemas are sound: required properties exist, closed answers, no schema that says nothing', () => {
  const walk = (node: Loose, at: string): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node.required) && node.type === 'object') {
      for (const key of node.required) assert.ok(key in node.properties, `${at}: ${key}`);
    }
    for (const [key, property] of Object.entries<Loose>(node.properties ?? {})) {
      assert.ok(Object.keys(property).length > 0, `${at}.${key} says nothing`);
    }
    for (const [key, value] of Object.entries(node)) walk(value, `${at}/${key}`);
  };
  walk(document.components.schemas, 'schemas');
  walk(document.paths, 'paths');
});

test('a default makes a field optional in requests', () => {
  const { required, properties } = document.components.schemas.CreateSipTrunkRequest;
  assert.equal(properties.transport.default, 'tls');
  assert.deepEqual(required, ['name', 'provider_name', 'domain', 'username', 'password']);
});

test('headers are documented where they work', () => {
  const at = (name: string): Loose => operations.find((one) => one.name === name)?.operation;
  const parameters = (name: string): string[] =>
    references(at(name).parameters).map((ref) => ref.split('/')[3]!);
  const create = at('POST /sip-trunks/{trunk_id}/dids');
  assert.deepEqual(parameters('POST /sip-trunks/{trunk_id}/dids'), ['TroncoEnvironment', 'IdempotencyKey']);
  for (const header of ['Location', 'ETag', 'X-RateLimit-Limit', 'X-Request-Id', 'Idempotency-Replayed']) {
    assert.ok(create.responses[201].headers[header], header);
  }
  assert.ok(create.responses[429].headers['Retry-After']);
  assert.ok(parameters('PATCH /sip-trunks/{trunk_id}/dids/{did_id}').includes('IfMatch'));
  assert.ok(parameters('GET /sip-trunks/{trunk_id}').includes('IfNoneMatch'));
  assert.ok(at('GET /sip-trunks/{trunk_id}').responses[304]);
  assert.equal(at('GET /sip-trunks').responses[304], undefined);
});

test('a body that is not JSON names its media types', () => {
  const probe: Documented = {
    method: 'POST',
    path: '/probe',
    operationId: 'probe',
    tag: 'DIDs',
    summary: 'x',
    scope: 'dids:write',
    status: 202,
    reply: z.object({}),
    consumes: ['text/csv', 'application/x-ndjson'],
    produces: ['text/csv'],
  };
  const operation: Loose = buildDocument([probe]).paths['/probe']?.['post'];
  assert.deepEqual(Object.keys(operation.requestBody.content), ['text/csv', 'application/x-ndjson']);
  assert.deepEqual(Object.keys(operation.responses[202].content), ['text/csv']);
  assert.ok(!references(operation.parameters).includes('#/components/parameters/IdempotencyKey'));
});

test('a component that reads differently in requests and answers gets a second name, and only then', () => {
  const inner = z.object({ size: z.int().default(1) }).meta({ id: 'ProbeInner' });
  const outer = z.object({ inner }).meta({ id: 'ProbeOuter' });
  const same = z.strictObject({ name: z.string() }).meta({ id: 'ProbeSame' });
  const made: Loose = buildDocument([
    {
      method: 'POST',
      path: '/probe',
      operationId: 'probe',
      tag: 'DIDs',
      summary: 'x',
      scope: 'dids:write',
      body: z.strictObject({ outer, same }),
      reply: z.strictObject({ outer, same }),
    },
  ]);
  const { schemas } = made.components;
  assert.deepEqual(
    Object.keys(schemas).filter((name) => name.startsWith('Probe')),
    ['ProbeInner', 'ProbeInnerInput', 'ProbeOuter', 'ProbeOuterInput', 'ProbeRequest', 'ProbeSame'],
  );
  assert.deepEqual(references(schemas.ProbeRequest), [
    '#/components/schemas/ProbeOuterInput',
    '#/components/schemas/ProbeSame',
  ]);
  assert.deepEqual(references(schemas.ProbeOuterInput), ['#/components/schemas/ProbeInnerInput']);
  assert.deepEqual(references(schemas.ProbeOuter), ['#/components/schemas/ProbeInner']);
});

test('every example belongs to an operation and fits its schema', () => {
  const byId = new Map(operations.map(({ operation }) => [operation.operationId, operation]));
  for (const [id, example] of Object.entries(EXAMPLES)) {
    const operation = byId.get(id);
    assert.ok(operation, id);
    const success = operation.responses[200] ?? operation.responses[201] ?? operation.responses[202];
    const schemas = [
      ['request', operation.requestBody?.content['application/json']?.schema, example.request],
      ['reply', success.content['application/json'].schema, example.reply],
    ];
    for (const [part, schema, value] of schemas) {
      if (value === undefined) continue;
      const inlined = { ...schema, $defs: document.components.schemas };
      const zod = z.fromJSONSchema(
        JSON.parse(JSON.stringify(inlined).replaceAll('#/components/schemas/', '#/$defs/')),
      );
      const result = zod.safeParse(value);
      assert.ok(result.success, `${id} ${part}: ${result.error}`);
    }
  }
});
