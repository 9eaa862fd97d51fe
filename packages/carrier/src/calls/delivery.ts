import { NameAddr, parseUri, type SipUri, sipUri, TelUri, type Uri, uriParamsOf } from '@tronco/sip';
import type { BindingTable } from '../accounts/binding-table.ts';
import type { Customer } from '../accounts/directory.ts';
import { formatNumber, type NumberStyle } from '../numbers/number-format.ts';
import type { CarrierProfile, DeliveryRules } from '../profiles/profile.ts';

/** How one call into the platform differs from what the profile does. */
export interface DeliveryOptions extends Partial<DeliveryRules> {
  /** `+E.164`. Default +12025550199. */
  readonly from?: string | undefined;
  readonly displayName?: string | undefined;
  /** The caller withholds the number: From is anonymous, `Privacy: id` (RFC 3323). */
  readonly anonymous?: boolean | undefined;
  /** Before the called number. */
  readonly techPrefix?: string | undefined;
  /** SIP URI, in place of where the customer registered or its own target. */
  readonly target?: string | undefined;
}

/** Where a call goes. */
export interface Route {
  /** The Contact or target, as the customer wrote it. */
  readonly uri: SipUri;
  readonly nextHop: SipUri;
}

export interface Addresses {
  readonly target: Uri;
  readonly to: NameAddr;
  readonly from: NameAddr;
  readonly headers: readonly (readonly [string, string])[];
}

export const DEFAULT_CALLER = '+12025550199';

/** A given target, else the newest registration, else the customer's own target. */
export function findRoute(
  customer: Customer,
  bindings: BindingTable,
  target: string | undefined,
): Route | string {
  const [binding] = bindings.of(customer);
  if (target === undefined && binding !== undefined) {
    const { remoteAddress: host, remotePort: port, protocol } = binding.flow;
    const params = uriParamsOf({ transport: protocol.toLowerCase() });
    // Back to where the REGISTER came from: the address in Contact may only mean something at home.
    return { uri: binding.uri, nextHop: sipUri({ host, port, params }) };
  }
  const text = target ?? customer.target;
  if (text === undefined) return 'the customer has neither a registration nor a target';
  const parsed = parseUri(text);
  if (!parsed.ok) return `the target is no URI: ${parsed.problem}`;
  if (parsed.value.kind !== 'sip') return 'the target is no SIP URI';
  return { uri: parsed.value, nextHop: parsed.value };
}

/** Request-URI, To, From and identity headers as this carrier writes them. */
export function addressCall(
  did: string,
  customer: Customer,
  route: Route,
  profile: CarrierProfile,
  options: DeliveryOptions,
): Addresses {
  const rules: DeliveryRules = { ...profile.delivery, ...withoutUndefined(options) };
  const { calledStyle, callerStyle, calledIn } = rules;
  const called = writeNumber(did, calledStyle, rules, profile, options.techPrefix);
  const caller = writeNumber(options.from ?? DEFAULT_CALLER, callerStyle, rules, profile, undefined);
  const headers: (readonly [string, string])[] = [];
  if (rules.assertIdentity) headers.push(['P-Asserted-Identity', `<${caller}>`]);
  if (options.anonymous === true) headers.push(['Privacy', 'id']);
  if (calledIn === 'p-called-party-id') headers.push(['P-Called-Party-ID', `<${called}>`]);
  const account = sipUri({ user: customer.username ?? customer.id, host: profile.domain });
  return {
    target: calledIn === 'request-uri' ? atRoute(called, route) : route.uri,
    to: new NameAddr(calledIn === 'p-called-party-id' ? account : called),
    from:
      options.anonymous === true
        ? new NameAddr(sipUri({ user: 'anonymous', host: 'anonymous.invalid' }), 'Anonymous')
        : new NameAddr(caller, options.displayName),
    headers,
  };
}

function writeNumber(
  number: string,
  style: NumberStyle,
  { scheme, userPhone }: DeliveryRules,
  { dialPlan, domain }: CarrierProfile,
  techPrefix: string | undefined,
): Uri {
  const text = formatNumber(number, { style, techPrefix }, dialPlan);
  if (scheme === 'sip') {
    return sipUri({
      user: text,
      host: domain,
      params: userPhone ? uriParamsOf({ user: 'phone' }) : undefined,
    });
  }
  // RFC 3966 §5.1.5: what does not begin with + is only a number in some context.
  const context = text.startsWith('+') ? undefined : `+${dialPlan.countryCode}`;
  return new TelUri(text, uriParamsOf({ 'phone-context': context }));
}

/** The number at the customer's own host and port. */
function atRoute(called: Uri, { uri }: Route): Uri {
  if (called.kind !== 'sip') return called;
  const user = called.params.get('user');
  const params = user === undefined ? uri.params : uri.params.with('user', user);
  return uri.with({ user: called.user, params });
}

/** An option that is there but undefined must not wipe out the profile's rule. */
function withoutUndefined<T extends object>(values: T): Partial<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}
