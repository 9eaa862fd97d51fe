import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { CatalogueError } from '../kernel/errors.ts';
import { errorBody } from './envelope.ts';

const STATUS_LINES: Record<number, string> = { 400: '400 Bad Request', 413: '413 Payload Too Large' };

/**
 * What is no HTTP (RFC 9112) never becomes a request: the parser gives up and only the socket is left
 * to answer on. The same envelope as everywhere; the connection ends, since nobody knows where the
 * next request would begin.
 */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = error.code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW' ? 'PAYLOAD_TOO_LARGE' : 'BAD_REQUEST';
  const refusal = new CatalogueError(code);
  const requestId = randomUUID();
  const body = JSON.stringify(errorBody(refusal, requestId));
  const head = [
    `HTTP/1.1 ${STATUS_LINES[refusal.status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

/**
 * An `Expect` that is not `100-continue` may be ignored (RFC 9110 §10.1.1); Node alone would answer it
 * with an empty 417.
 */
export function ignoreExpectations(server: Server): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}
