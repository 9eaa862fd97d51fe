import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { FakeClock } from '@tronco/sip/testing';
import { Arrivals } from '../testing/arrivals.ts';
import { openCarrier, PASSWORD } from '../testing/open-carrier.ts';
import { audioPortOf, digest, LOOPBACK } from '../testing/phone.ts';
import { EchoPort } from './echo-port.ts';

async function openSocket(t: TestContext): Promise<{ socket: Socket; received: Arrivals<string> }> {
  const socket = createSocket('udp4');
  const received = new Arrivals<string>();
  socket.on('message', (bytes) => received.add(bytes.toString()));
  socket.bind(0, LOOPBACK);
  await once(socket, 'listening');
  t.after(() => socket.close());
  return { socket, received };
}

async function openEcho(t: TestContext, maxPacketsPerSecond = 100) {
  const clock = new FakeClock();
  const echo = await EchoPort.open({ host: LOOPBACK, clock, maxPacketsPerSecond });
  assert.ok(echo);
  t.after(() => echo.close());
  echo.mayEcho = () => true;
  return { echo, clock };
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise(setImmediate);
};

test('RTP has the even port of a pair, and what comes there goes back as it is', async (t) => {
  const { echo } = await openEcho(t);
  const { socket, received } = await openSocket(t);
  assert.equal(echo.rtpPort % 2, 0);
  socket.send('packet', echo.rtpPort, LOOPBACK);
  assert.equal(await received.next(), 'packet');
  socket.send('report', echo.rtpPort + 1, LOOPBACK);
  await until(() => echo.counts.rtcpReceived === 1);
  assert.deepEqual(echo.counts, { received: 1, echoed: 1, sunk: 0, rtcpReceived: 1 });
});

test('only the first source is answered, within a bound that time refills', async (t) => {
  const { echo, clock } = await openEcho(t, 3);
  const { socket, received } = await openSocket(t);
  const stranger = await openSocket(t);
  for (let packet = 0; packet < 5; packet++) socket.send(`${packet}`, echo.rtpPort, LOOPBACK);
  await until(() => echo.counts.received === 5);
  stranger.socket.send('stranger', echo.rtpPort, LOOPBACK);
  await until(() => echo.counts.received === 6);
  assert.deepEqual([echo.counts.echoed, echo.counts.sunk], [3, 3]);
  clock.advance(1_000);
  socket.send('later', echo.rtpPort, LOOPBACK);
  await until(() => received.all.includes('later'));
  assert.deepEqual(stranger.received.all, []);
});

test('an answered call gives back what it hears, not while it is on hold, and counts it all', async (t) => {
  const { socket, received } = await openSocket(t);
  const { port: rtpPort } = socket.address();
  const { phone, at, log, carrier } = await openCarrier(t, {}, { rtpPort });
  const credentials = digest('alice', PASSWORD);
  const { session, body } = await phone.dial(at, '+12025550109', { credentials });
  socket.send('hello', audioPortOf(body), LOOPBACK);
  assert.equal(await received.next(), 'hello');
  const hold = Buffer.from(phone.offer().bytes.toString().replace('a=sendrecv', 'a=sendonly'));
  await new Promise((resolve) => {
    session?.change({ contentType: 'application/sdp', bytes: hold }, { onAccepted: resolve });
  });
  socket.send('music', audioPortOf(body), LOOPBACK);
  await until(() => carrier.calls()[0]?.media.received === 2);
  session?.bye();
  const { media } = await log.next('call-ended');
  assert.deepEqual(media, { received: 2, echoed: 1, sunk: 1, rtcpReceived: 0 });
  assert.equal(carrier.counters().rtpEchoed, 1);
});
