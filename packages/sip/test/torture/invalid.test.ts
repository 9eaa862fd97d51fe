import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  createFaultResponse,
  parseMessage,
  serializeErrorResponse,
  StreamFramer,
  validateRequest,
  validateResponse,
  type FaultCode,
  type SipFault,
  type SipMessage,
  type ValidationRules,
} from '../../src/index.ts';
import { tortureMessage } from './corpus.ts';
import { INVALID_MESSAGES } from './invalid-expectations.ts';

const USER_AGENT: ValidationRules = {
  methods: ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'UPDATE', 'PRACK'],
  extensions: ['100rel', 'timer', 'replaces'],
};
const REGISTRAR: ValidationRules = { ...USER_AGENT, methods: [...USER_AGENT.methods, 'REGISTER'] };

type Verdict =
  | { readonly outcome: 'accept'; readonly message: SipMessage }
  | { readonly outcome: 'answer'; readonly status: number; readonly code: FaultCode; readonly wire: Buffer }
  | { readonly outcome: 'drop'; readonly code: FaultCode };

/** What an element built on this package does with a datagram. */
function receive(bytes: Buffer, rules: ValidationRules): Verdict {
  const parsed = parseMessage(bytes);
  if (!parsed.ok) {
    const wire = serializeErrorResponse(parsed.error, 'tag-1');
    if (wire === undefined) return { outcome: 'drop', code: parsed.error.code };
    return { outcome: 'answer', status: parsed.error.status, code: parsed.error.code, wire };
  }
  const { message } = parsed;
  const result = message.kind === 'request' ? validateRequest(message, rules) : validateResponse(message);
  if (result.ok) return { outcome: 'accept', message };
  if (message.kind === 'response') return { outcome: 'drop', code: result.fault.code };
  const fault: SipFault = result.fault;
  const response = createFaultResponse(message, fault, 'tag-1');
  const wire = Buffer.from(
    `SIP/2.0 ${response.status} ${[...response.headers].map((h) => h.value).join('\n')}`,
  );
  return { outcome: 'answer', status: fault.status, code: fault.code, wire };
}

describe('every invalid message of RFC 4475 gets the treatment its section asks for', () => {
  for (const expected of INVALID_MESSAGES) {
    test(`§${expected.section} ${expected.name}: ${expected.because}`, () => {
      const rules = { ...(expected.registrar ? REGISTRAR : USER_AGENT), ...expected.rules };
      const verdict = receive(tortureMessage(expected.name), rules);
      assert.equal(verdict.outcome, expected.outcome, JSON.stringify(verdict));
      if (expected.outcome === 'accept') {
        assert.ok(verdict.outcome === 'accept');
        expected.check(verdict.message);
      } else {
        assert.ok(verdict.outcome !== 'accept');
        assert.equal(verdict.code, expected.code);
      }
      if (expected.outcome === 'answer') {
        assert.ok(verdict.outcome === 'answer');
        assert.equal(verdict.status, expected.status);
        for (const text of expected.answerContains ?? []) assert.ok(verdict.wire.includes(text), text);
      }
    });
  }

  test('all 36 are in the table, none is skipped', () => {
    const names = new Set(INVALID_MESSAGES.map((expected) => expected.name));
    assert.equal(names.size, 36);
  });
});

describe('RFC 4475 messages whose treatment differs on a stream', () => {
  const events = (name: string): readonly { readonly type: string }[] =>
    new StreamFramer().push(tortureMessage(name));

  test('§3.1.2.2 clerr: a stream waits for the rest of the body', () => {
    assert.deepEqual(events('clerr'), []);
  });

  for (const [section, name] of [
    ['3.1.2.3', 'ncl'],
    ['3.3.9', 'mcl01'],
  ] as const) {
    test(`§${section} ${name}: the framing is lost, the connection is to be closed`, () => {
      const [event, ...rest] = new StreamFramer().push(tortureMessage(name));
      assert.equal(rest.length, 0);
      assert.ok(event?.type === 'broken');
      assert.equal(event.error.status, 400);
      assert.equal(event.error.answerable, true);
    });
  }

  test('§3.1.1.8 dblreq: on a stream the trailing octets are the next request', () => {
    const types = events('dblreq').map((event) => event.type);
    assert.deepEqual(types.slice(0, 2), ['message', 'message']);
  });
});

test('§3.1.2.15 baddn: it is cut short in the archive; with its empty line it fails for its display names', () => {
  const whole = Buffer.concat([tortureMessage('baddn'), Buffer.from('\r\n')]);
  const verdict = receive(whole, USER_AGENT);
  assert.ok(verdict.outcome === 'answer');
  assert.equal(verdict.code, 'malformed-header');
  assert.ok(verdict.wire.includes('From: the display name has characters that need quotes'));
});

test('an ACK that cannot be parsed is never answered', () => {
  const ack = tortureMessage('quotbal')
    .toString('latin1')
    .replace('INVITE sip', 'ACK sip')
    .replace('8 INVITE', '8 ACK');
  const parsed = parseMessage(Buffer.from(ack, 'latin1'));
  assert.ok(!parsed.ok);
  assert.equal(parsed.error.answerable, false);
  assert.equal(serializeErrorResponse(parsed.error, 'x'), undefined);
});
