import { fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createResponse } from '../src/message/create-response.ts';
import { serializeMessage } from '../src/message/serialize.ts';
import { TransportLayer } from '../src/transport/transport-layer.ts';
import { CARRIER_INVITE } from '../test/fuzz/samples.ts';

// INVITEs that cross UDP, are parsed, stamped and answered 200, per CPU-second of the answering process:
// `node packages/sip/bench/echo.ts [count]`

const count = Number(process.argv[2] ?? 100_000);
const WINDOW = 64;

if (process.send === undefined) load();
else await serve();

async function serve(): Promise<void> {
  const layer = new TransportLayer({ listeners: [{ protocol: 'UDP', address: '127.0.0.1', port: 0 }] });
  const started = await layer.start({
    onMessage: ({ message, flow }) => {
      if (message.kind !== 'request') return;
      layer.sendOnFlow(flow, serializeMessage(createResponse(message, { status: 200, toTag: 'echo' })));
    },
    onFault: () => undefined,
    onFlowClosed: () => undefined,
  });
  if (!started.ok) throw new Error(started.error.detail);
  process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
  process.send?.({ port: layer.listening[0]?.port });
}

interface FromChild {
  readonly port?: number;
  readonly cpu?: NodeJS.CpuUsage;
}

function load(): void {
  const child = fork(import.meta.filename, ['child']);
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
  let port = 0;
  let sent = 0;
  let received = 0;
  let before: NodeJS.CpuUsage | undefined;
  let startedMs = 0;
  let elapsedMs = 0;
  const send = (): void => {
    if (sent >= count * 2) return;
    sent += 1;
    socket.send(CARRIER_INVITE, port, '127.0.0.1');
  };
  socket.on('message', () => {
    received += 1;
    // The first half warms the compiler up.
    if (received === count) child.send('cpu');
    if (received === count * 2) {
      elapsedMs = performance.now() - startedMs;
      child.send('cpu');
    }
    send();
  });
  child.on('message', (message: FromChild) => {
    if (message.port !== undefined) {
      port = message.port;
      for (let i = 0; i < WINDOW; i++) send();
      return;
    }
    const { cpu } = message;
    if (cpu === undefined) return;
    if (before === undefined) {
      before = cpu;
      startedMs = performance.now();
      return;
    }
    const cpuSeconds = (cpu.user - before.user + cpu.system - before.system) / 1e6;
    const answersPerCpuSecond = Math.round(count / cpuSeconds);
    const answersPerSecond = Math.round(count / (elapsedMs / 1000));
    process.stdout.write(`${JSON.stringify({ count, answersPerCpuSecond, answersPerSecond })}\n`);
    child.kill();
    socket.close();
  });
}
