import type { Admission, HeaderLines, IncomingFault, ServerTransaction } from '@tronco/sip';
import { type CarrierContext, peerOf } from '../context.ts';
import { Registrar } from './registrar.ts';

/** Everything that is no call: OPTIONS, REGISTER, noise, and the storm that refuses it all. */
export class Reception {
  private readonly context: CarrierContext;
  private readonly registrar: Registrar | undefined;
  private readonly chance: () => number;

  constructor(context: CarrierContext, chance: () => number) {
    this.context = context;
    this.chance = chance;
    const { gate, profile, directory, bindings, clock, events } = context;
    const rules = profile.registration;
    if (rules === undefined) return;
    if (gate === undefined) throw new RangeError('a profile with registration needs digest');
    this.registrar = new Registrar({ rules, gate, directory, bindings, clock, events });
  }

  /** Stateless, as an overloaded server must be (RFC 3261 §21.5.4). */
  admit(): Admission {
    const { unavailable } = this.context.faults();
    if (unavailable === undefined || this.chance() >= (unavailable.share ?? 1)) return { action: 'accept' };
    const { retryAfterSeconds } = unavailable;
    const headers: HeaderLines =
      retryAfterSeconds === undefined ? [] : [['Retry-After', `${retryAfterSeconds}`]];
    return { action: 'answer', response: { status: 503, headers } };
  }

  receive(transaction: ServerTransaction): void {
    const { request, flow } = transaction;
    if (request.method === 'OPTIONS') return this.answerOptions(transaction);
    this.registrar?.receive(transaction, peerOf(flow));
  }

  noteFault({ error, flow }: IncomingFault): void {
    this.context.events.emit({ type: 'malformed', peer: peerOf(flow), problem: error.problem });
  }

  /** §11.2: the status that an INVITE from there would get, as far as it can be told. */
  private answerOptions(transaction: ServerTransaction): void {
    const { profile, events, agent } = this.context;
    const { flow } = transaction;
    const customer = this.customerAt(flow.remoteAddress, flow.remotePort);
    const welcome = profile.optionsFrom === 'anyone' || customer !== undefined;
    const status = welcome ? 200 : 403;
    events.emit({ type: 'options', peer: peerOf(flow), customer, status });
    const { methods, extensions, contentTypes, headers } = agent().policy;
    const capabilities: HeaderLines = [
      ['Allow', methods.join(', ')],
      ['Accept', contentTypes.join(', ')],
      ['Supported', extensions.join(', ')],
    ];
    transaction.reply({ status, headers: [...(welcome ? capabilities : []), ...headers] });
  }

  private customerAt(address: string, port: number): string | undefined {
    const { directory, bindings, profile } = this.context;
    const [byAddress] = profile.ipAuthentication ? directory.byAddress(address) : [];
    if (byAddress !== undefined) return byAddress.id;
    const registered = bindings
      .all()
      .find(({ flow }) => flow.remoteAddress === address && flow.remotePort === port);
    return registered?.customer.id;
  }
}
