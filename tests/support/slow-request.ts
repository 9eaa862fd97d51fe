import { connect as connectSocket, type Socket } from 'node:net';
import { once } from 'node:events';

/** A request whose head has been sent and whose body has not: in flight for as long as the test likes. */
export type SlowRequest = {
  finish(): void;
  /** The whole answer, once the server has closed the connection or `Connection: close` ended it. */
  readonly answer: Promise<string>;
  destroy(): void;
};

export async function beginRequest(
  url: string,
  path: string,
  token: string,
  body: unknown,
): Promise<SlowRequest> {
  const { hostname, port } = new URL(url);
  const socket: Socket = connectSocket(Number(port), hostname);
  await once(socket, 'connect');
  const text = JSON.stringify(body);
  const half = Math.floor(text.length / 2);
  let received = '';
  socket.setEncoding('utf8').on('data', (part: string) => (received += part));
  // A server that cuts the connection shows as an answer that is not whole.
  socket.on('error', () => undefined);
  const answer = once(socket, 'close').then(() => received);
  const head = [
    `POST /api/v1/${path} HTTP/1.1`,
    `Host: ${hostname}:${port}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Connection: close',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${text.slice(0, half)}`);
  return {
    finish: () => void socket.write(text.slice(half)),
    answer,
    destroy: () => void socket.destroy(),
  };
}
