// The package's only door.

// Messages: RFC 3261 §7, §18.3, §20, §25
export type { Parsed } from './message/result.ts';
export { DEFAULT_LIMITS, type ParseLimits } from './message/limits.ts';
export type { SipMessage, SipRequest, SipResponse } from './message/message.ts';
export { parseMessage, type ParseOptions, type ParseResult } from './message/parse.ts';
export { type FrameEvent, type FramerOptions, StreamFramer } from './message/framer.ts';
export { type FaultCode, makeFault, type SipFault, type SipParseError } from './message/fault.ts';
export { serializeMessage } from './message/serialize.ts';
export { createRequest, type RequestInit } from './message/create-request.ts';
export {
  createFaultResponse,
  createResponse,
  type ResponseInit,
  serializeErrorResponse,
} from './message/create-response.ts';
export { updateHeaders, withBody, withTopVia, withUri } from './message/update.ts';
export { validateRequest, type ValidationResult, type ValidationRules } from './message/validate-request.ts';
export { validateResponse } from './message/validate-response.ts';
export { KNOWN_METHODS } from './message/methods.ts';
export { reasonPhraseOf } from './message/status.ts';

// Header lines and names
export {
  type HeaderLine,
  HeaderSyntaxError,
  type ReadonlySipHeaders,
  SipHeaders,
} from './message/headers.ts';
export { headerKey } from './message/header-names.ts';
export { Params, paramsOf, uriParamsOf } from './message/params.ts';
export type { ListHeader, SingleHeader } from './message/headers/header-type.ts';

// URIs: RFC 3261 §19.1, RFC 3966
export { SipUri, sipUri, type SipUriInit } from './message/uri/sip-uri.ts';
export { TelUri } from './message/uri/tel-uri.ts';
export { OtherUri, parseUri, type Uri } from './message/uri/uri.ts';
export { uriEquals } from './message/uri/compare.ts';
export { hostForUri } from './message/uri/host.ts';

// Typed headers: each is read with `headers.read`, `headers.readAll` or, line by line, `headers.readEach`
export {
  assertedIdentityHeader,
  preferredIdentityHeader,
  privacyHeader,
  remotePartyIdHeader,
} from './message/headers/asserted-identity.ts';
export {
  type AuthParam,
  authParam,
  authorizationHeader,
  type AuthValue,
  formatAuthValue,
  proxyAuthenticateHeader,
  proxyAuthorizationHeader,
  wwwAuthenticateHeader,
} from './message/headers/auth.ts';
export { callIdHeader } from './message/headers/call-id.ts';
export {
  contactExpires,
  contactHeader,
  contactQ,
  type ContactSet,
  readContacts,
} from './message/headers/contact.ts';
export { type CSeq, cseqHeader, MAX_SEQUENCE } from './message/headers/cseq.ts';
export { dateHeader } from './message/headers/date.ts';
export {
  contentDispositionHeader,
  eventHeader,
  subscriptionStateHeader,
  type TokenValue,
} from './message/headers/event.ts';
export { type Identity, identityHeader } from './message/headers/identity.ts';
export {
  acceptHeader,
  contentEncodingHeader,
  contentTypeHeader,
  mediaRangeCovers,
  type MediaType,
} from './message/headers/media-type.ts';
export {
  calledPartyIdHeader,
  diversionHeader,
  fromHeader,
  historyInfoHeader,
  NameAddr,
  toHeader,
} from './message/headers/name-addr.ts';
export {
  contentLengthHeader,
  expiresHeader,
  maxForwardsHeader,
  minExpiresHeader,
} from './message/headers/numbers.ts';
export {
  allowEventsHeader,
  allowHeader,
  proxyRequireHeader,
  requireHeader,
  supportedHeader,
  unsupportedHeader,
} from './message/headers/option-tags.ts';
export { makeReason, type Reason, reasonHeader } from './message/headers/reason.ts';
export {
  type Replaces,
  replacesHeader,
  replacesOfReferTo,
  referredByHeader,
  referToHeader,
} from './message/headers/referral.ts';
export { type RAck, rackHeader, rseqHeader } from './message/headers/reliability.ts';
export { type RetryAfter, retryAfterHeader } from './message/headers/retry-after.ts';
export { pathHeader, recordRouteHeader, routeHeader, serviceRouteHeader } from './message/headers/route.ts';
export { minSeHeader, type SessionExpires, sessionExpiresHeader } from './message/headers/session-timer.ts';
export { MAGIC_COOKIE, makeVia, Via, viaHeader, type ViaInit } from './message/headers/via.ts';
export { type Warning, warningHeader } from './message/headers/warning.ts';
