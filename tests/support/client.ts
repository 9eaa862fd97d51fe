import { Agent, request, type IncomingHttpHeaders } from 'node:http';

export type Reply = {
  status: number;
  headers: IncomingHttpHeaders;
  // Bodies are asserted on, not typed.
  // eslint-disable-next-line typescript/no-explicit-any
  body: any;
};

/** No answer came: refused, reset, or silent for too long. Whether the request had an effect is open. */
export class NoAnswer extends Error {
  readonly code: string | undefined;
  constructor(cause: Error) {
    super(cause.message, { cause });
    this.code = (cause as NodeJS.ErrnoException).code;
  }
}

/** A request that hangs is a defect: the server has its own limits, all well below this one. */
const SILENCE_LIMIT_MS = 30_000;

export type Client = {
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  close(): void;
};

/** One connection to one server, kept alive, as a client of the API has it. */
export function connect(url: string, token: string | undefined): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    close: () => agent.destroy(),
    send(method, path, body, headers = {}) {
      const { promise, resolve, reject } = Promise.withResolvers<Reply>();
      const text = body === undefined ? undefined : JSON.stringify(body);
      const fail = (error: Error): void => reject(new NoAnswer(error));
      const outgoing = request(`${url}/api/v1/${path}`, {
        method,
        agent,
        timeout: SILENCE_LIMIT_MS,
        headers: {
          ...(token && { authorization: `Bearer ${token}` }),
          ...(text !== undefined && {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(text),
          }),
          ...headers,
        },
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error('the server does not answer')));
      outgoing.on('error', fail);
      outgoing.on('response', (response) => {
        let received = '';
        response.setEncoding('utf8').on('data', (part: string) => (received += part));
        response.on('error', fail);
        response.on('end', () => {
          const json = /json/.test(response.headers['content-type'] ?? '') && received !== '';
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: json ? JSON.parse(received) : received,
          });
        });
      });
      outgoing.end(text);
      return promise;
    },
  };
}
