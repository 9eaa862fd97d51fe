import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { StreamFramer, type FrameEvent } from '../../src/index.ts';
import { CARRIER_INVITE } from '../fuzz/samples.ts';

const types = (events: readonly FrameEvent[]): readonly string[] => events.map((event) => event.type);

function replaced(from: string, to: string): Buffer {
  return Buffer.from(CARRIER_INVITE.toString().replace(from, to));
}

describe('messages on a stream (RFC 3261 §18.3)', () => {
  test('pipelined messages come out in order', () => {
    const second = replaced('CSeq: 102', 'CSeq: 103');
    const events = new StreamFramer().push(Buffer.concat([CARRIER_INVITE, second, CARRIER_INVITE]));
    assert.deepEqual(
      events.map((event) => (event.type === 'message' ? event.message.cseq.sequence : event.type)),
      [102, 103, 102],
    );
  });

  test('one octet at a time', () => {
    const framer = new StreamFramer();
    const stream = Buffer.concat([CARRIER_INVITE, CARRIER_INVITE]);
    const events: FrameEvent[] = [];
    for (const octet of stream) events.push(...framer.push(Buffer.from([octet])));
    assert.deepEqual(types(events), ['message', 'message']);
    assert.equal(framer.bufferedBytes, 0);
  });

  test('a body that was handed out is not overwritten by what follows', () => {
    const framer = new StreamFramer();
    framer.push(CARRIER_INVITE.subarray(0, 700));
    const [first] = framer.push(
      Buffer.concat([CARRIER_INVITE.subarray(700), CARRIER_INVITE.subarray(0, 40)]),
    );
    assert.ok(first?.type === 'message');
    const before = first.message.body.toString();
    framer.push(Buffer.alloc(2000, 0x41));
    assert.equal(first.message.body.toString(), before);
  });

  test('without Content-Length the stream is lost, with an answer', () => {
    const [event, ...rest] = new StreamFramer().push(replaced('Content-Length', 'X-Length'));
    assert.equal(rest.length, 0);
    assert.ok(event?.type === 'broken');
    assert.equal(event.error.code, 'content-length-missing');
    assert.equal(event.error.status, 400);
    assert.ok(event.error.answerable);
  });

  test('a bad message with a good length is rejected and the next one is read', () => {
    const bad = replaced('CSeq: 102', 'CSeq: abc');
    const events = new StreamFramer().push(Buffer.concat([bad, CARRIER_INVITE]));
    assert.deepEqual(types(events), ['rejected', 'message']);
  });

  test('what is not SIP breaks the stream, and nothing follows', () => {
    const framer = new StreamFramer();
    assert.deepEqual(types(framer.push(Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'))), ['broken']);
    assert.deepEqual(framer.push(CARRIER_INVITE), []);
    assert.equal(framer.bufferedBytes, 0);
  });
});

describe('the buffer is bounded', () => {
  test('a head without end', () => {
    const framer = new StreamFramer({ limits: { maxHeadBytes: 2000 } });
    const chunk = Buffer.from(`OPTIONS sip:a SIP/2.0\r\n${'X: y\r\n'.repeat(100)}`);
    const events = [
      ...framer.push(chunk),
      ...framer.push(chunk),
      ...framer.push(chunk),
      ...framer.push(chunk),
    ];
    assert.deepEqual(types(events), ['broken']);
    assert.ok(events[0]?.type === 'broken' && events[0].error.status === 513);
  });

  test('a body announced larger than the limit is refused before it arrives', () => {
    const [event] = new StreamFramer().push(replaced('Content-Length: 2', 'Content-Length: 922222'));
    assert.ok(event?.type === 'broken');
    assert.equal(event.error.status, 413);
  });
});

describe('keep-alives (RFC 5626 §3.5.1)', () => {
  const crlf = Buffer.from('\r\n');

  test('a server sees a ping in two CRLFs, however they arrive', () => {
    const framer = new StreamFramer();
    assert.deepEqual(types(framer.push(Buffer.from('\r\n\r\n'))), ['ping']);
    assert.deepEqual(types(framer.push(crlf)), []);
    assert.deepEqual(types(framer.push(crlf)), ['ping']);
    assert.deepEqual(types(framer.push(Buffer.from('\r'))), []);
    assert.deepEqual(types(framer.push(Buffer.from('\n\r'))), []);
    assert.deepEqual(types(framer.push(Buffer.from('\n'))), ['ping']);
  });

  test('a client sees a pong in one CRLF', () => {
    assert.deepEqual(types(new StreamFramer({ role: 'client' }).push(crlf)), ['pong']);
  });

  test('a single CRLF before a message means nothing to a server (RFC 3261 §7.5)', () => {
    const framer = new StreamFramer();
    framer.push(crlf);
    assert.deepEqual(types(framer.push(CARRIER_INVITE)), ['message']);
    assert.deepEqual(types(framer.push(crlf)), []);
    assert.deepEqual(types(framer.push(crlf)), ['ping']);
  });
});
