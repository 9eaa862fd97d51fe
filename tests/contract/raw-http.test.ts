import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { ERRORS } from '../../packages/server/src/kernel/errors.ts';
import { startTestApp, type TestApp } from '../../packages/server/src/testing/test-app.ts';
import { count } from '../support/count.ts';

const SEED = count('TRONCO_TEST_FUZZ_SEED', Math.floor(Math.random() * 2 ** 31));
const RUNS = count('TRONCO_TEST_FUZZ_SOCKETS', 300);
const SILENCE_MS = 800;

type Answered = { status: number; head: string; body: string };

describe(`malformed HTTP on a real socket, seed ${SEED}`, { timeout: 5 * 60_000 }, () => {
  let test: TestApp;
  let port: number;
  let token: string;
  before(async () => {
    test = await startTestApp();
    token = (await test.environment()).token;
    port = Number(new URL(await test.app.listen({ host: '127.0.0.1', port: 0 })).port);
  });
  after(() => test.stop());

  /** Sends bytes and gives what came back until the server closed, or said nothing more for a while. */
  async function exchange(bytes: string | Buffer, half = false): Promise<string> {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let received = '';
    socket.setEncoding('latin1').on('data', (part: string) => (received += part));
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    if (half) socket.end(bytes);
    else socket.write(bytes);
    const closed = once(socket, 'close');
    socket.on('end', () => socket.end());
    socket.setTimeout(SILENCE_MS, () => socket.destroy());
    await closed;
    return received;
  }

  function read(text: string): Answered[] {
    const found: Answered[] = [];
    for (const match of text.matchAll(/HTTP\/1\.1 (\d{3}) [^\r]*\r\n((?:[^\r\n]+\r\n)*)\r\n/g)) {
      const [head = '', status, headers = ''] = match;
      const length = Number(/^content-length: (\d+)/im.exec(headers)?.[1] ?? 0);
      const start = (match.index ?? 0) + head.length;
      found.push({ status: Number(status), head: headers, body: text.slice(start, start + length) });
    }
    return found;
  }

  function judge(answer: Answered, request: string): void {
    const what = `${JSON.stringify(request.slice(0, 300))} got ${answer.status} ${answer.body.slice(0, 300)}`;
    assert.ok(answer.status < 500, what);
    assert.match(answer.head, /^x-request-id: \S+/im, what);
    if (answer.status < 400) return;
    const body = JSON.parse(answer.body);
    assert.equal(body.success, false, what);
    assert.equal(ERRORS[body.code as keyof typeof ERRORS]?.status, answer.status, what);
    assert.ok(answer.head.includes(body.request_id), what);
  }

  const alive = async (): Promise<void> => {
    const [answer] = read(await exchange(`GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`));
    assert.equal(answer?.status, 200);
  };

  const auth = (): string => `Host: x\r\nAuthorization: Bearer ${token}\r\n`;
  const post = (headers: string, body: string): string =>
    `POST /api/v1/sip-trunks HTTP/1.1\r\n${auth()}Content-Type: application/json\r\n${headers}\r\n${body}`;

  const WRONG: [what: string, bytes: () => string, statuses: number[]][] = [
    ['no HTTP at all', () => 'hello\r\n\r\n', [400]],
    ['a TLS greeting', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', [400]],
    ['an unknown method', () => `BREW /api/v1/sip-trunks HTTP/1.1\r\n${auth()}\r\n`, [400, 405]],
    ['a method nobody registered', () => `PROPFIND /api/v1/sip-trunks HTTP/1.1\r\n${auth()}\r\n`, [404, 405]],
    ['TRACE', () => `TRACE /api/v1/sip-trunks HTTP/1.1\r\n${auth()}\r\n`, [404, 405]],
    ['OPTIONS *', () => `OPTIONS * HTTP/1.1\r\n${auth()}\r\n`, [400, 404, 405]],
    ['a space in a header name', () => `GET / HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n`, [400]],
    ['NUL in a header', () => `GET / HTTP/1.1\r\nHost: x\r\nX-Bad: a\0b\r\n\r\n`, [400]],
    ['a folded header', () => `GET / HTTP/1.1\r\nHost: x\r\nX-Bad: a\r\n b\r\n\r\n`, [400, 404]],
    ['no Host', () => `GET /api/v1/health HTTP/1.1\r\n\r\n`, [400]],
    ['a length that is no number', () => post('Content-Length: ten\r\n', '{}'), [400]],
    ['a negative length', () => post('Content-Length: -1\r\n', '{}'), [400]],
    ['two lengths', () => post('Content-Length: 2\r\nContent-Length: 3\r\n', '{}'), [400]],
    [
      'length and chunks',
      () => post('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'),
      [400],
    ],
    ['a chunk size that is no number', () => post('Transfer-Encoding: chunked\r\n', 'zz\r\n{}\r\n'), [400]],
    [
      'an endless chunk extension',
      () => post('Transfer-Encoding: chunked\r\n', `2;${'x'.repeat(20_000)}\r\n{}\r\n`),
      [400, 413],
    ],
    [
      'headers beyond the limit',
      () => `GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(40_000)}\r\n\r\n`,
      [400],
    ],
    ['an address beyond the limit', () => `GET /${'x'.repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, [400]],
    ['a body beyond the limit, announced', () => post('Content-Length: 99999999\r\n', '{'), [413]],
    [
      'a dot segment',
      () => `GET /api/v1/sip-trunks/../../../etc/passwd HTTP/1.1\r\n${auth()}\r\n`,
      [400, 404],
    ],
    [
      'an absolute address',
      () => `GET http://evil.example/api/v1/sip-trunks/x HTTP/1.1\r\n${auth()}\r\n`,
      [400, 404],
    ],
    ['a later HTTP', () => `GET /api/v1/health HTTP/3.0\r\nHost: x\r\n\r\n`, [400, 505]],
    [
      'an expectation nobody can meet (ignored)',
      () => post('Content-Length: 2\r\nExpect: miracles\r\n', '{}'),
      [422],
    ],
  ];
  for (const [what, bytes, statuses] of WRONG) {
    it(`${what} is refused in the envelope, and the server goes on`, async () => {
      const request = bytes();
      const [answer] = read(await exchange(request));
      assert.ok(answer, 'no answer');
      assert.ok(statuses.includes(answer.status), `${answer.status} ${answer.body}`);
      judge(answer, request);
      await alive();
    });
  }

  it('a body that is cut off leaves no half row and no hanging request', async () => {
    const before = (await test.sendWith(token)('GET', 'sip-trunks')).body.data.length;
    for (const answer of read(await exchange(post('Content-Length: 500\r\n', '{"name":"half"'), true))) {
      judge(answer, 'cut off');
    }
    assert.equal((await test.sendWith(token)('GET', 'sip-trunks')).body.data.length, before);
    await alive();
  });

  it(`${RUNS} requests with damaged bytes: no 5xx, nothing but the envelope, never a hang`, async (context) => {
    context.diagnostic(`TRONCO_TEST_FUZZ_SEED=${SEED}`);
    const body = JSON.stringify({ name: 'x', provider_name: 'y', domain: 'sip.example.com' });
    const whole = post(`Content-Length: ${body.length}\r\nConnection: close\r\n`, body);
    const damage = fc.record({
      at: fc.nat(whole.length - 1),
      byte: fc.nat(255),
      how: fc.constantFrom('set', 'cut', 'insert'),
    });
    const cases = fc.sample(fc.array(damage, { minLength: 1, maxLength: 3 }), { numRuns: RUNS, seed: SEED });
    // Many at a time: a request that is now too short keeps its connection until it is given up here.
    const queue = cases.values();
    const worker = async (): Promise<void> => {
      for (const changes of queue) {
        let bytes = Buffer.from(whole, 'latin1');
        for (const { at, byte, how } of changes) {
          const after = how === 'insert' ? at : at + 1;
          const middle = how === 'cut' ? [] : [byte];
          bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(middle), bytes.subarray(after)]);
        }
        for (const answer of read(await exchange(bytes))) judge(answer, bytes.toString('latin1'));
      }
    };
    await Promise.all(Array.from({ length: 25 }, worker));
    await alive();
  });
});
