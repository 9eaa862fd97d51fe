import {
  type Clock,
  contactExpires,
  type ContactSet,
  expiresHeader,
  type HeaderLines,
  NameAddr,
  paramsOf,
  readContacts,
  type ServerTransaction,
  type SipRequest,
  type SipUri,
} from '@tronco/sip';
import type { EventHub, Peer } from '../events.ts';
import type { RegistrationRules } from '../profiles/profile.ts';
import type { Binding, BindingTable } from './binding-table.ts';
import type { Customer, Directory } from './directory.ts';
import type { DigestGate } from './digest-gate.ts';

export interface RegistrarInit {
  readonly rules: RegistrationRules;
  readonly gate: DigestGate;
  readonly directory: Directory;
  readonly bindings: BindingTable;
  readonly clock: Clock;
  readonly events: EventHub;
}

interface Refusal {
  readonly ok: false;
  readonly status: number;
  readonly headers: HeaderLines;
  readonly detail: string;
}

interface Wish {
  readonly uri: SipUri;
  readonly expiresSeconds: number;
}

type Wishes = { readonly ok: true; readonly wishes: readonly Wish[] } | Refusal;

const refuse = (status: number, detail: string, headers: HeaderLines = []): Refusal => ({
  ok: false,
  status,
  headers,
  detail,
});

/** RFC 3261 §10.3, in its order: who asks, for which account, what for; then all of it or nothing. */
export class Registrar {
  private readonly init: RegistrarInit;

  constructor(init: RegistrarInit) {
    this.init = init;
  }

  receive(transaction: ServerTransaction, peer: Peer): void {
    const { request, flow } = transaction;
    const { gate, events } = this.init;
    const passed = gate.check(request, flow, 'www');
    if (passed.ok) return this.register(transaction, peer, passed.customer);
    const { status, headers, reason } = passed;
    if (passed.challenge) {
      events.emit({ type: 'challenged', peer, method: 'REGISTER', status, reason });
      transaction.reply({ status, headers });
      return;
    }
    this.reject(transaction, peer, refuse(status, reason, headers));
  }

  private register(transaction: ServerTransaction, peer: Peer, customer: Customer): void {
    const { request } = transaction;
    const refusal = this.refuseAccount(request, customer);
    if (refusal !== undefined) return this.reject(transaction, peer, refusal);
    const read = this.readWishes(request, customer);
    if (!read.ok) return this.reject(transaction, peer, read);
    const stale = read.wishes.some(({ uri }) => this.isOutOfOrder(request, customer, uri));
    // §10.3 item 7: an old REGISTER that arrives late must change nothing.
    if (stale) return this.reject(transaction, peer, refuse(500, 'CSeq is not higher than before'));
    for (const wish of read.wishes) this.apply(transaction, peer, customer, wish);
    transaction.reply({ status: 200, headers: this.contactHeaders(customer) });
  }

  /** §10.3 items 4 and 5. */
  private refuseAccount({ to }: SipRequest, customer: Customer): Refusal | undefined {
    const account = to.uri.kind === 'sip' ? to.uri.user : undefined;
    if (account === customer.username) return undefined;
    return this.init.directory.byUsername(account) === undefined
      ? refuse(404, 'To names no account')
      : refuse(403, 'To names the account of another customer');
  }

  private readWishes(request: SipRequest, customer: Customer): Wishes {
    const { headers } = request;
    const contacts = readContacts(headers);
    if (!contacts.ok) return refuse(400, contacts.problem);
    const { value } = contacts;
    const expires = headers.value(expiresHeader);
    if (value !== '*') return this.readContactWishes(value, expires);
    // §10.3 item 6
    if (expires !== 0) return refuse(400, 'Contact * needs Expires: 0');
    const uris = this.init.bindings.of(customer).map(({ uri }) => uri);
    return { ok: true, wishes: uris.map((uri) => ({ uri, expiresSeconds: 0 })) };
  }

  private readContactWishes(contacts: Exclude<ContactSet, '*'>, expires: number | undefined): Wishes {
    const { defaultExpiresSeconds, minExpiresSeconds, maxExpiresSeconds } = this.init.rules;
    const wishes: Wish[] = [];
    for (const contact of contacts) {
      if (contact.uri.kind !== 'sip') return refuse(400, 'a Contact is no SIP URI');
      const wanted = contactExpires(contact) ?? expires ?? defaultExpiresSeconds;
      if (wanted > 0 && wanted < minExpiresSeconds) {
        return refuse(423, `${wanted} s are too brief`, [['Min-Expires', `${minExpiresSeconds}`]]);
      }
      wishes.push({ uri: contact.uri, expiresSeconds: Math.min(wanted, maxExpiresSeconds) });
    }
    return { ok: true, wishes };
  }

  private isOutOfOrder({ callId, cseq }: SipRequest, customer: Customer, uri: SipUri): boolean {
    const known = this.init.bindings.find(customer, uri);
    return known !== undefined && known.callId === callId && cseq.sequence <= known.sequence;
  }

  private apply(transaction: ServerTransaction, peer: Peer, customer: Customer, wish: Wish): void {
    const { bindings, clock, events, rules } = this.init;
    const { uri, expiresSeconds } = wish;
    if (expiresSeconds === 0) return bindings.remove(customer, uri, 'asked');
    const refreshed = bindings.find(customer, uri) !== undefined;
    const { request, flow } = transaction;
    const binding: Binding = {
      customer,
      uri,
      callId: request.callId,
      sequence: request.cseq.sequence,
      expiresAtMs: clock.nowMs() + expiresSeconds * 1_000,
      flow,
    };
    bindings.put(binding, rules.maxBindings);
    const contact = uri.toString();
    events.emit({ type: 'registered', peer, customer: customer.id, contact, expiresSeconds, refreshed });
  }

  /** §10.3 item 8: every binding with what is left of it. */
  private contactHeaders(customer: Customer): HeaderLines {
    const { bindings, clock } = this.init;
    return bindings.of(customer).map(({ uri, expiresAtMs }) => {
      const expires = Math.max(0, Math.round((expiresAtMs - clock.nowMs()) / 1_000));
      return ['Contact', new NameAddr(uri, undefined, paramsOf({ expires })).toString()] as const;
    });
  }

  private reject(transaction: ServerTransaction, peer: Peer, refusal: Refusal): void {
    const { status, headers, detail } = refusal;
    const { to } = transaction.request;
    const username = to.uri.kind === 'sip' ? to.uri.user : undefined;
    this.init.events.emit({ type: 'registration-refused', peer, username, status, detail });
    transaction.reply({ status, headers });
  }
}
