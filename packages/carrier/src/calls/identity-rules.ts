import {
  assertedIdentityHeader,
  preferredIdentityHeader,
  type NameAddr,
  type SipRequest,
  type Uri,
} from '@tronco/sip';
import type { Customer, Directory } from '../accounts/directory.ts';
import { readNumber } from '../numbers/number-format.ts';
import { dialledIn } from '../numbers/number-in-uri.ts';
import type { CarrierProfile } from '../profiles/profile.ts';

export type IdentityResult =
  | {
      readonly ok: true;
      /** `+E.164`; undefined for a caller who names no number. */ readonly caller: string | undefined;
    }
  | {
      readonly ok: false;
      readonly status: number;
      readonly rule: 'from' | 'identity-header' | 'user-phone';
      readonly detail: string;
    };

/** Whether the caller is who it may be at this carrier (RFC 3325, RFC 3261 §20.20). */
export function checkIdentity(
  request: SipRequest,
  customer: Customer,
  profile: CarrierProfile,
  directory: Directory,
): IdentityResult {
  const { identity, dialPlan } = profile;
  const ownNumber = (uri: Uri): string | undefined => {
    const read = readNumber(dialledIn(uri) ?? '', identity.formats, dialPlan);
    return read.ok && directory.owns(customer, read.number) ? read.number : undefined;
  };
  const refuse = (rule: Extract<IdentityResult, { ok: false }>['rule'], detail: string): IdentityResult => ({
    ok: false,
    status: identity.status,
    rule,
    detail,
  });
  if (identity.userPhone && lacksUserPhone(request, customer)) {
    return refuse('user-phone', 'a URI with a number lacks user=phone');
  }
  const asserted = identityNumber(request, identity.requires, ownNumber);
  if (identity.requires !== undefined && asserted === undefined) {
    const wanted =
      identity.requires === 'either' ? 'P-Asserted-Identity or P-Preferred-Identity' : identity.requires;
    return refuse('identity-header', `${wanted} with a number of the customer is missing`);
  }
  const from = ownNumber(request.from.uri);
  const byNumber = from !== undefined && identity.from !== 'user';
  // RFC 3323 §4.1.1.3: an anonymous From is fine while another header says who calls.
  const byHeader = isAnonymous(request.from.uri) && asserted !== undefined;
  if (!byNumber && !byHeader && !isAllowedName(request.from, customer, identity.from)) {
    return refuse('from', `From is not ${FROM_WORDS[identity.from]}`);
  }
  return { ok: true, caller: asserted ?? from };
}

const FROM_WORDS: Readonly<Record<CarrierProfile['identity']['from'], string>> = {
  any: 'readable',
  number: 'a number of the customer in the format of this carrier',
  user: 'the user name of the account',
  'number-or-user': 'a number of the customer in the format of this carrier, or its user name',
};

function isAllowedName(
  { uri }: NameAddr,
  { username }: Customer,
  from: CarrierProfile['identity']['from'],
): boolean {
  return from === 'any' || (from !== 'number' && isUser(uri, username));
}

const isUser = (uri: Uri, username: string | undefined): boolean =>
  uri.kind === 'sip' && uri.user !== undefined && uri.user === username;

function identityNumber(
  { headers }: SipRequest,
  requires: CarrierProfile['identity']['requires'],
  ownNumber: (uri: Uri) => string | undefined,
): string | undefined {
  const asserted = requires === 'P-Preferred-Identity' ? [] : headers.values(assertedIdentityHeader);
  const preferred = requires === 'P-Asserted-Identity' ? [] : headers.values(preferredIdentityHeader);
  return [...asserted, ...preferred].map(({ uri }) => ownNumber(uri)).find((number) => number !== undefined);
}

const isAnonymous = (uri: Uri): boolean =>
  uri.kind === 'sip' && (uri.user === 'anonymous' || uri.host.toLowerCase() === 'anonymous.invalid');

/** RFC 3261 §19.1.1: without it "12025550100" is a name like any other. A tel URI needs none, an account neither. */
function lacksUserPhone({ uri, to, from }: SipRequest, { username }: Customer): boolean {
  const uris = isUser(from.uri, username) ? [uri, to.uri] : [uri, to.uri, from.uri];
  return uris.some(
    (one) =>
      one.kind === 'sip' &&
      /^\+?\d{7,}$/.test(dialledIn(one) ?? '') &&
      one.params.get('user')?.toLowerCase() !== 'phone',
  );
}
