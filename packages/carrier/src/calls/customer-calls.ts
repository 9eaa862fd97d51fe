import {
  type AuthKind,
  type Flow,
  type HeaderLines,
  type IncomingCall,
  type SipRequest,
  warningHeader,
} from '@tronco/sip';
import type { Customer } from '../accounts/directory.ts';
import { type CarrierContext, peerOf } from '../context.ts';
import type { DestinationBehaviour, DestinationTable, PlainBehaviour } from '../destinations/destination.ts';
import { playDestination } from '../destinations/play-destination.ts';
import { readNumber } from '../numbers/number-format.ts';
import { dialledIn } from '../numbers/number-in-uri.ts';
import { checkIdentity } from './identity-rules.ts';

interface Refusal {
  readonly ok: false;
  readonly status: number;
  readonly headers?: HeaderLines | undefined;
  readonly reasonPhrase?: string | undefined;
  readonly rule: string;
  readonly detail: string;
  /** Not a refusal but a question: set for 401 and 407. */
  readonly challenge?: boolean | undefined;
}

type Identified = { readonly ok: true; readonly customer: Customer } | Refusal;
type Dialled = { readonly ok: true; readonly number: string } | Refusal;

/** RFC 3261 §20.43: the status alone would leave a customer guessing; why digest failed is for nobody else to know. */
function explain({ rule, detail }: Refusal): HeaderLines {
  if (rule === 'digest') return [];
  return [['Warning', warningHeader.format([{ code: 399, agent: 'carrier', text: `${rule}: ${detail}` }])]];
}

const RECOVERY_MS = 60_000;

/** Calls that customers make: who, whether it may, where to. */
export class CustomerCalls {
  private readonly context: CarrierContext;
  private readonly destinations: ReadonlyMap<string, DestinationTable[number]>;
  private readonly otherwise: PlainBehaviour | undefined;
  /** Bounded: a customer and a number of the table. */
  private readonly failures = new Map<string, { readonly count: number; readonly untilMs: number }>();

  constructor(
    context: CarrierContext,
    destinations: DestinationTable,
    otherwise: PlainBehaviour | undefined,
  ) {
    this.context = context;
    this.destinations = new Map(destinations.map((own) => [own.number, own]));
    this.otherwise = otherwise;
  }

  receive(call: IncomingCall): void {
    const { request } = call;
    const identified = this.identify(request, call.flow);
    if (!identified.ok) return this.refuse(call, undefined, identified);
    const { customer } = identified;
    const dialled = this.readDialled(request, customer);
    if (!dialled.ok) return this.refuse(call, customer, dialled);
    const { profile, directory } = this.context;
    const identity = checkIdentity(request, customer, profile, directory);
    if (!identity.ok) return this.refuse(call, customer, identity);
    const full = this.refuseBeyondLimits(customer);
    if (full !== undefined) return this.refuse(call, customer, full);
    this.connect(call, customer, identity.caller, dialled.number);
  }

  /** By address first; then whoever has a password is asked for it (RFC 3261 §22). */
  private identify(request: SipRequest, flow: Flow): Identified {
    const { profile, directory, gate } = this.context;
    const sharing = profile.ipAuthentication ? directory.byAddress(flow.remoteAddress) : [];
    const byAddress = this.chooseAmong(sharing, request);
    if (byAddress !== undefined) return { ok: true, customer: byAddress };
    if (gate === undefined || !directory.hasPasswords) {
      return { ok: false, status: 403, rule: 'source', detail: 'the address belongs to no customer' };
    }
    const kind: AuthKind = profile.digest?.inviteStatus === 401 ? 'www' : 'proxy';
    const passed = gate.check(request, flow, kind);
    if (passed.ok) return passed;
    const { status, headers, reason, challenge } = passed;
    return { ok: false, status, headers, rule: 'digest', detail: reason, challenge };
  }

  /** Customers behind one address: the tech prefix tells them apart, else the number in From. */
  private chooseAmong(sharing: readonly Customer[], request: SipRequest): Customer | undefined {
    if (sharing.length < 2) return sharing[0];
    const { directory, profile } = this.context;
    const dialled = dialledIn(request.uri) ?? '';
    const prefixed = sharing.find(
      ({ techPrefix = '' }) => techPrefix !== '' && dialled.startsWith(techPrefix),
    );
    if (prefixed !== undefined) return prefixed;
    const from = readNumber(dialledIn(request.from.uri) ?? '', profile.identity.formats, profile.dialPlan);
    return sharing.find((own) => from.ok && directory.owns(own, from.number)) ?? sharing[0];
  }

  private readDialled(request: SipRequest, customer: Customer): Dialled {
    const { dialPlan, destinations } = this.context.profile;
    const dialled = dialledIn(request.uri) ?? '';
    const { techPrefix = '' } = customer;
    if (!dialled.startsWith(techPrefix)) {
      return {
        ok: false,
        status: 403,
        rule: 'tech-prefix',
        detail: 'the tech prefix of the customer is missing',
      };
    }
    const read = readNumber(dialled.slice(techPrefix.length), destinations.formats, dialPlan);
    if (read.ok) return read;
    return { ok: false, status: destinations.badFormatStatus, rule: 'number-format', detail: read.detail };
  }

  private refuseBeyondLimits(customer: Customer): Refusal | undefined {
    const { ledger, profile } = this.context;
    if (ledger.isFull)
      return { ok: false, status: 503, rule: 'capacity', detail: 'there are too many calls' };
    if (ledger.countOf(customer) < (customer.channels ?? Number.POSITIVE_INFINITY)) return undefined;
    const detail = `the customer has ${customer.channels} channels`;
    return { ok: false, ...profile.channelLimit, rule: 'channels', detail };
  }

  private connect(call: IncomingCall, customer: Customer, caller: string | undefined, called: string): void {
    const known = this.destinations.get(called);
    const behaviour = known?.behaviour ?? this.otherwise;
    if (behaviour === undefined) {
      const detail = 'nobody has this number';
      return this.refuse(call, customer, { ok: false, status: 404, rule: 'destination', detail });
    }
    const { callId } = call.request;
    const name = known?.name ?? 'other';
    const direction = 'from-customer';
    const record = this.context.ledger.open({ callId, direction, customer, caller, called, behaviour: name });
    playDestination(this.context, call, record, this.resolve(behaviour, customer, called));
  }

  /** What a number that recovers does this time. */
  private resolve(behaviour: DestinationBehaviour, customer: Customer, called: string): PlainBehaviour {
    if (behaviour.kind !== 'recovers') return behaviour;
    const { clock } = this.context;
    const key = `${customer.id} ${called}`;
    const before = this.failures.get(key);
    const count = before === undefined || before.untilMs < clock.nowMs() ? 0 : before.count;
    if (count >= behaviour.failures) {
      this.failures.delete(key);
      return behaviour.afterwards;
    }
    this.failures.set(key, { count: count + 1, untilMs: clock.nowMs() + RECOVERY_MS });
    const { status, retryAfterSeconds } = behaviour;
    return { kind: 'refuse', status, retryAfterSeconds };
  }

  private refuse(call: IncomingCall, customer: Customer | undefined, refusal: Refusal): void {
    const { status, headers = [], reasonPhrase, rule, detail } = refusal;
    const peer = peerOf(call.flow);
    const { events } = this.context;
    if (refusal.challenge === true) {
      events.emit({ type: 'challenged', peer, method: 'INVITE', status, reason: detail });
    } else {
      events.emit({
        type: 'call-refused',
        callId: call.request.callId,
        direction: 'from-customer',
        peer,
        customer: customer?.id,
        status,
        rule,
        detail,
      });
    }
    call.reject(status, [...headers, ...explain(refusal)], reasonPhrase);
  }
}
