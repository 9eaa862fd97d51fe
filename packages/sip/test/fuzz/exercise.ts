import assert from 'node:assert/strict';
import * as sip from '../../src/index.ts';

type AnyHeader = sip.SingleHeader<unknown> | sip.ListHeader<unknown>;

/** Every typed header the package exports. */
const HEADER_TYPES = Object.entries(sip)
  .filter(([name]) => name.endsWith('Header'))
  .map(([, type]) => type as AnyHeader);

const RULES: sip.ValidationRules = {
  methods: ['INVITE', 'ACK', 'BYE', 'CANCEL', 'OPTIONS', 'REGISTER', 'REFER'],
  extensions: ['100rel', 'timer', 'replaces'],
  requireValidDate: true,
};

/**
 * Everything a receiver may do with one datagram. Nothing here may throw, and what was accepted must come back
 * the same after being written.
 */
export function exercise(bytes: Buffer): 'accepted' | 'refused' {
  const result = sip.parseMessage(bytes);
  if (!result.ok) {
    const answer = sip.serializeErrorResponse(result.error, 'tag');
    assert.equal(answer !== undefined, result.error.answerable);
    return 'refused';
  }
  const { message } = result;
  for (const type of HEADER_TYPES) {
    if (!message.headers.has(type.name)) continue;
    if (type.kind === 'single') message.headers.read(type);
    else message.headers.readAll(type);
  }
  for (const address of [message.from, message.to]) {
    const { uri } = address;
    assert.ok(sip.uriEquals(uri, uri));
    if (uri.kind === 'sip') assert.ok(uri.user !== '' && uri.headers.length >= 0);
  }
  if (message.kind === 'response') {
    sip.validateResponse(message);
  } else {
    const verdict = sip.validateRequest(message, RULES);
    if (verdict.ok) sip.createResponse(message, { status: 200, toTag: 'tag' });
    else sip.createFaultResponse(message, verdict.fault, 'tag');
  }
  assertSameAfterWriting(message);
  return 'accepted';
}

function assertSameAfterWriting(message: sip.SipMessage): void {
  const again = sip.parseMessage(sip.serializeMessage(message));
  assert.ok(again.ok, again.ok ? '' : again.error.problem);
  assert.equal(again.message.callId, message.callId);
  assert.equal(again.message.via.toString(), message.via.toString());
  assert.equal(again.message.from.toString(), message.from.toString());
  assert.ok(again.message.body.equals(message.body));
}
