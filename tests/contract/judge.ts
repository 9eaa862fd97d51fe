import assert from 'node:assert/strict';
import { type ErrorCode, ERRORS } from '../../packages/server/src/kernel/errors.ts';
import type { Document, JsonSchema, Operation } from './document.ts';
import { createValidator } from './json-schema.ts';
import type { Hit } from './send.ts';

/** Refusals that come before an endpoint is found or asked, so that no endpoint documents them. */
const BEFORE_THE_ENDPOINT = new Set<string>([
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'BAD_REQUEST',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'MALFORMED_JSON',
]);

export type Judge = (operation: Operation, hit: Hit) => void;

/** What holds for every answer to every request, however odd. */
export function createJudge(document: Document): Judge {
  const problemsOf = createValidator(document.deref);
  const mustFit = (schema: JsonSchema, value: unknown): void => {
    const problems = problemsOf(schema, value);
    assert.deepEqual(problems, [], 'the body is not what the document says');
  };
  return (operation, hit) => {
    assert.ok(hit.status < 500, `a ${hit.status}: ${hit.text.slice(0, 500)}`);
    assert.match(String(hit.headers['x-request-id']), /^[\w.:-]{1,128}$/, 'X-Request-Id');
    const documented = operation.responses[String(hit.status)];
    if (hit.status >= 400) {
      judgeError(hit, documented?.['x-tronco-codes']);
      const schema = documented?.content?.['application/json']?.schema;
      if (schema) mustFit(schema, JSON.parse(hit.text));
      return;
    }
    assert.ok(documented, `the document has no ${hit.status}`);
    if (hit.status === 304) return assert.equal(hit.text, '');
    const type = String(hit.headers['content-type']).split(';')[0]?.trim() ?? '';
    const content = documented.content?.[type];
    assert.ok(content, `the document has no ${type} for ${hit.status}`);
    if (type === 'application/json' && content.schema) mustFit(content.schema, JSON.parse(hit.text));
  };
}

function judgeError({ status, headers, text }: Hit, codes: string[] | undefined): void {
  assert.match(String(headers['content-type']), /^application\/json/, text.slice(0, 200));
  const body = JSON.parse(text);
  assert.equal(body.success, false);
  const known = ERRORS[body.code as ErrorCode];
  assert.ok(known, `${body.code} is not in the catalogue`);
  assert.equal(known.status, status, body.code);
  assert.equal(typeof body.message, 'string');
  assert.equal(body.request_id, headers['x-request-id']);
  assert.ok(
    codes?.includes(body.code) || BEFORE_THE_ENDPOINT.has(body.code),
    `the document does not say that this endpoint answers ${status} ${body.code}`,
  );
}

/** Everything about an answer that may tell one missing thing from another. */
export function comparable({ status, headers, text }: Hit): unknown {
  const { 'x-request-id': _id, date: _date, 'content-length': _length, ...rest } = headers;
  let body: unknown = text;
  if (/json/.test(String(headers['content-type'])) && text !== '') {
    const { request_id: _requestId, ...members } = JSON.parse(text);
    body = members;
  }
  return { status, headers: rest, body };
}
