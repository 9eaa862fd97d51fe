import type { SipMessage, SipRequest, SipResponse } from '../message/message.ts';
import { parseMessage } from '../message/parse.ts';
import type {
  Destination,
  Flow,
  SendCallback,
  SendError,
  SentBy,
  Transport,
} from '../transport/transport.ts';

export interface Sent {
  readonly message: SipMessage;
  readonly text: string;
  readonly target: Destination | Flow;
}

export function fakeFlow(overrides: Partial<Flow> = {}): Flow {
  const protocol = overrides.protocol ?? 'UDP';
  return {
    id: `${protocol}-1`,
    protocol,
    reliable: protocol !== 'UDP',
    localAddress: '192.0.2.1',
    localPort: 5060,
    remoteAddress: '198.51.100.9',
    remotePort: 5060,
    ...overrides,
  };
}

export function flowTo(destination: Destination): Flow {
  const { protocol, address, port } = destination;
  return fakeFlow({
    id: `${protocol}-${address}-${port}`,
    protocol,
    remoteAddress: address,
    remotePort: port,
  });
}

/** Keeps what is sent, parsed. `failWith` decides what a send answers; by default everything goes well. */
export class FakeTransport implements Transport {
  readonly sent: Sent[] = [];
  failWith: (target: Destination | Flow, message: SipMessage) => SendError | undefined = () => undefined;
  #taken = 0;

  sendOnFlow(flow: Flow, bytes: Buffer, done?: SendCallback): void {
    this.#send(flow, flow, bytes, done);
  }

  sendTo(destination: Destination, bytes: Buffer, done?: SendCallback): void {
    this.#send(destination, flowTo(destination), bytes, done);
  }

  sentByFor(): SentBy {
    return { host: '192.0.2.1', port: 5060 };
  }

  /** What was sent since the last call. */
  take(): readonly Sent[] {
    const fresh = this.sent.slice(this.#taken);
    this.#taken = this.sent.length;
    return fresh;
  }

  /** The same as start lines: "INVITE", "180". */
  takeNames(): readonly string[] {
    return this.take().map(({ message }) =>
      message.kind === 'request' ? message.method : `${message.status}`,
    );
  }

  /** The only message since the last `take`, which must be a request. */
  takeRequest(method?: string): SipRequest {
    const requests = this.take().filter(
      ({ message }) => message.kind === 'request' && (method === undefined || message.method === method),
    );
    const only = requests[0]?.message;
    if (requests.length !== 1 || only?.kind !== 'request') {
      throw new Error(`expected one ${method ?? 'request'}, there are ${requests.length}`);
    }
    return only;
  }

  takeResponse(status?: number): SipResponse {
    const responses = this.take().filter(
      ({ message }) => message.kind === 'response' && (status === undefined || message.status === status),
    );
    const only = responses[0]?.message;
    if (responses.length !== 1 || only?.kind !== 'response') {
      throw new Error(`expected one ${status ?? 'response'}, there are ${responses.length}`);
    }
    return only;
  }

  #send(target: Destination | Flow, flow: Flow, bytes: Buffer, done?: SendCallback): void {
    const parsed = parseMessage(bytes);
    if (!parsed.ok) throw new Error(`sent an unreadable message: ${parsed.error.problem}\n${bytes}`);
    const error = this.failWith(target, parsed.message);
    this.sent.push({ message: parsed.message, text: bytes.toString(), target });
    done?.(error === undefined ? { ok: true, flow } : { ok: false, error });
  }
}
