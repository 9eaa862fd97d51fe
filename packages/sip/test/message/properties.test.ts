import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  fromHeader,
  parseMessage,
  parseUri,
  serializeMessage,
  StreamFramer,
  uriEquals,
  type FrameEvent,
  type SipMessage,
} from '../../src/index.ts';
import { exercise } from '../fuzz/exercise.ts';
import { addresses, messages, text, uris } from './arbitraries.ts';

/** Everything a receiver sees of a message. */
function seen(message: SipMessage): unknown {
  const start =
    message.kind === 'request'
      ? [message.method, message.uri.toString()]
      : [message.status, message.reasonPhrase];
  return {
    start,
    lines: [...message.headers].map((line) => [line.name, line.value]),
    body: message.body.toString('hex'),
    via: message.via.toString(),
    from: [message.from.displayName, message.from.uri.toString(), message.from.params.toString()],
    to: [message.to.displayName, message.to.uri.toString(), message.to.tag],
    callId: message.callId,
    cseq: message.cseq,
    maxForwards: message.maxForwards,
  };
}

function framed(stream: Buffer, cuts: readonly number[], role: 'client' | 'server'): readonly FrameEvent[] {
  const framer = new StreamFramer({ role });
  const events: FrameEvent[] = [];
  let from = 0;
  for (const cut of [...cuts.map((cut) => cut % (stream.length + 1)).sort((a, b) => a - b), stream.length]) {
    events.push(...framer.push(stream.subarray(from, cut)));
    from = cut;
  }
  assert.equal(framer.bufferedBytes, 0);
  return events;
}

describe('properties of the message layer', () => {
  test('parse(serialize(m)) is m', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const result = parseMessage(serializeMessage(message));
        assert.ok(result.ok, result.ok ? '' : result.error.problem);
        assert.deepEqual(seen(result.message), seen(message));
      }),
      { numRuns: 500 },
    );
  });

  test('a URI parses back from its text and is equivalent to itself', () => {
    fc.assert(
      fc.property(uris, (uri) => {
        const parsed = parseUri(uri.toString());
        assert.ok(parsed.ok, uri.toString());
        assert.equal(parsed.value.toString(), uri.toString());
        assert.ok(uriEquals(parsed.value, uri));
        assert.ok(uriEquals(uri, uri));
        if (uri.kind === 'sip' && parsed.value.kind === 'sip') assert.equal(parsed.value.user, uri.user);
      }),
    );
  });

  test('URI equivalence is symmetric', () => {
    fc.assert(
      fc.property(uris, uris, (a, b) => {
        assert.equal(uriEquals(a, b), uriEquals(b, a));
      }),
      { numRuns: 500 },
    );
  });

  test('any display name and any parameter value survives quoting', () => {
    fc.assert(
      fc.property(addresses, text, (address, value) => {
        const sent = address.withParams(address.params.with('note', value));
        const parsed = fromHeader.parse(fromHeader.format(sent));
        assert.ok(parsed.ok, sent.toString());
        assert.equal(parsed.value.displayName, address.displayName);
        assert.deepEqual([...parsed.value.params], [...sent.params]);
      }),
    );
  });

  test('a stream gives the same messages however it is cut, CRLFs between them included', () => {
    const lineEnds = fc.constantFrom('', '\r\n', '\r\n\r\n', '\r\n\r\n\r\n');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(lineEnds, messages), { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        fc.constantFrom('client' as const, 'server' as const),
        (parts, cuts, role) => {
          const pieces = parts.flatMap(([ends, message]) => [Buffer.from(ends), serializeMessage(message)]);
          const events = framed(Buffer.concat(pieces), cuts, role);
          const got = events.flatMap((event) => (event.type === 'message' ? [seen(event.message)] : []));
          assert.deepEqual(
            got,
            parts.map(([, message]) => seen(message)),
          );
          // A server sees the same pings too; a client may report a ping that was cut as two pongs.
          const pings = events.filter((event) => event.type === 'ping').length;
          const sent = parts.filter(([ends]) => ends.length >= 4).length;
          if (role === 'server') assert.equal(pings, sent);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('arbitrary octets never throw, as a datagram and as a stream', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.string({ maxLength: 400 }).map((value) => Buffer.from(`OPTIONS sip:a SIP/2.0\r\n${value}\r\n\r\n`)),
    );
    fc.assert(
      fc.property(noise, (octets) => {
        const bytes = Buffer.from(octets);
        exercise(bytes);
        new StreamFramer().push(bytes);
      }),
      { numRuns: 2_000 },
    );
  });
});
