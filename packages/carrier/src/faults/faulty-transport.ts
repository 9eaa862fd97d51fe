import {
  type Clock,
  contactHeader,
  type Destination,
  type Flow,
  type IncomingFault,
  type IncomingMessage,
  NameAddr,
  parseMessage,
  type SendCallback,
  type SendError,
  type SentBy,
  serializeMessage,
  type Transport,
  type TransportReceiver,
  updateHeaders,
} from '@tronco/sip';
import type { CarrierFaults } from './faults.ts';

export interface FaultyTransportInit {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly faults: () => CarrierFaults;
  /** A connection that leads there and was opened by the peer. */
  readonly flowTo: (destination: Destination) => Flow | undefined;
}

const RESPONSE = Buffer.from('SIP/2.0 ');

/** Between the user agent and its sockets: where a carrier falls silent, is late, or names the wrong address. */
export class FaultyTransport implements Transport {
  private readonly init: FaultyTransportInit;

  constructor(init: FaultyTransportInit) {
    this.init = init;
  }

  sendOnFlow(flow: Flow, bytes: Buffer, done?: SendCallback): void {
    const { transport } = this.init;
    this.pass(bytes, flow, done, (octets) => transport.sendOnFlow(flow, octets, done));
  }

  /**
   * Calls to a registered phone go over the connection it registered with: behind NAT it has no other
   * (RFC 5626 §5.3, which carriers do for clients without `outbound` as well).
   */
  sendTo(destination: Destination, bytes: Buffer, done?: SendCallback): void {
    const { transport, flowTo } = this.init;
    this.pass(bytes, madeUpFlow(destination), done, (octets) => {
      const flow = flowTo(destination);
      if (flow === undefined) return transport.sendTo(destination, octets, done);
      transport.sendOnFlow(flow, octets, (result) => {
        if (result.ok || result.error.code !== 'closed') done?.(result);
        else transport.sendTo(destination, octets, done);
      });
    });
  }

  sentByFor(target: Destination | Flow): SentBy {
    return this.init.transport.sentByFor(target);
  }

  private pass(
    bytes: Buffer,
    flow: Flow,
    done: SendCallback | undefined,
    send: (octets: Buffer) => void,
  ): void {
    const { silent, answerDelayMs = 0, privateContact } = this.init.faults();
    // As far as a dead carrier's own program knows, all went well.
    if (silent === true) return done?.({ ok: true, flow });
    const octets = privateContact === undefined ? bytes : withContactHost(bytes, privateContact);
    const isResponse = octets.subarray(0, RESPONSE.length).equals(RESPONSE);
    if (!isResponse || answerDelayMs <= 0) return send(octets);
    this.init.clock.setTimer(answerDelayMs, () => send(octets));
  }
}

function madeUpFlow({ protocol, address, port }: Destination): Flow {
  return {
    id: 'silent',
    protocol,
    reliable: protocol !== 'UDP',
    localAddress: address,
    localPort: 0,
    remoteAddress: address,
    remotePort: port,
  };
}

/** In a REGISTER and its answer Contact is the client's own, everywhere else it is ours. */
function withContactHost(bytes: Buffer, host: string): Buffer {
  const parsed = parseMessage(bytes);
  if (!parsed.ok || parsed.message.cseq.method === 'REGISTER') return bytes;
  const [contact] = parsed.message.headers.values(contactHeader);
  if (contact?.uri.kind !== 'sip') return bytes;
  const wrong = new NameAddr(contact.uri.with({ host }), contact.displayName, contact.params);
  return serializeMessage(
    updateHeaders(parsed.message, (headers) => headers.set('Contact', wrong.toString())),
  );
}

/** The same for what arrives. */
export class FaultyReceiver implements TransportReceiver {
  private readonly receiver: TransportReceiver;
  private readonly faults: () => CarrierFaults;

  constructor(receiver: TransportReceiver, faults: () => CarrierFaults) {
    this.receiver = receiver;
    this.faults = faults;
  }

  onMessage(incoming: IncomingMessage): void {
    if (this.faults().silent !== true) this.receiver.onMessage(incoming);
  }

  onFault(fault: IncomingFault): void {
    if (this.faults().silent !== true) this.receiver.onFault(fault);
  }

  onFlowClosed(flow: Flow, error: SendError | undefined): void {
    this.receiver.onFlowClosed(flow, error);
  }
}
