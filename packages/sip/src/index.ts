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

// Sockets: RFC 3261 §18, RFC 3581, RFC 5626 §3.5.1, RFC 5922, RFC 5923
export { type CloseOptions, type StartResult, TransportLayer } from './transport/transport-layer.ts';
export type { ConnectOptions, ConnectResult } from './transport/connection-pool.ts';
export { DEFAULT_TRANSPORT_LIMITS, type TransportLimits } from './transport/limits.ts';
export type { ListenerOptions, Source, TransportLayerOptions } from './transport/options.ts';
export type { AdvertisedAddress, ListeningPoint } from './transport/sent-by.ts';
export type { TlsServerOptions } from './transport/stream-listener.ts';
export type { CertificateFacts, TlsFacts, TlsFailure, TlsFailureReason } from './transport/tls-facts.ts';
export {
  type Credentials,
  prepareTlsPolicy,
  type TlsPolicy,
  type TlsVersion,
} from './transport/tls-policy.ts';
export type { DatagramHandler, DatagramPort } from './transport/udp-socket.ts';

// Where a URI leads: RFC 3263, RFC 2782
export { DnsCache, type DnsCacheOptions } from './resolver/dns-cache.ts';
export type {
  DnsAnswer,
  DnsClient,
  DnsFact,
  DnsFailureCode,
  NaptrRecord,
  RecordOf,
  RecordType,
  SrvRecord,
} from './resolver/dns-client.ts';
export { NodeDnsClient, type NodeDnsOptions } from './resolver/node-dns-client.ts';
export { SipResolver, type SipResolverOptions } from './resolver/sip-resolver.ts';

// Time and chance, which protocol code is given
export type { CancelTimer, Clock } from './runtime/clock.ts';
export { TimerWheel, type WheelHost } from './runtime/timer-wheel.ts';
export { createCryptoRandom, newCallId, newTag, type Random } from './runtime/random.ts';

// The border to the network
export type {
  Destination,
  Flow,
  IncomingFault,
  IncomingMessage,
  Resolver,
  ResolveResult,
  SendCallback,
  SendError,
  SendFailure,
  SendResult,
  SentBy,
  Transport,
  TransportProtocol,
  TransportReceiver,
} from './transport/transport.ts';

// Transactions: RFC 3261 §17, RFC 6026, RFC 4320
export type {
  ClientTransaction,
  ClientTransactionEvents,
  TransactionFailure,
} from './transaction/client-transaction.ts';
export type { ServerTransaction, ServerTransactionEvents } from './transaction/server-transaction.ts';
export { type DatagramLimits, needsStream } from './transaction/switch-to-stream.ts';
export { DEFAULT_TIMERS, type TimerSettings } from './transaction/timers.ts';
export {
  type Admission,
  DEFAULT_TRANSACTION_LIMITS,
  TransactionLayer,
  type TransactionLayerOptions,
  type TransactionLimits,
  type TransactionUser,
} from './transaction/transaction-layer.ts';

// Dialogs and sessions: RFC 3261 §12 to §15, RFC 3262, 3311, 3515, 3891, 4028
export { Dialog, dialogKey, type DialogState } from './dialog/dialog.ts';
export {
  type AnswerOptions,
  type CallEndCause,
  IncomingCall,
  type IncomingCallEvents,
  type RingOptions,
} from './dialog/incoming-call.ts';
export type { IncomingChange } from './dialog/incoming-change.ts';
export type { OutgoingChangeEvents } from './dialog/outgoing-change.ts';
export { type CallProgress, OutgoingCall, type OutgoingCallEvents } from './dialog/outgoing-call.ts';
export { reasonLine } from './dialog/reasons.ts';
export { type ReferEvents, referToReplacing, sendRefer } from './dialog/refer-client.ts';
export type { IncomingRefer, ReferNotifier } from './dialog/refer-server.ts';
export { decideReplaces, type ReplacesDecision } from './dialog/replaces.ts';
export {
  type Body,
  bodyOf,
  type HeaderLines,
  type PendingRequest,
  type RequestDraft,
  type RequestEvents,
  type RequestFailure,
  type RequestResult,
  type RequestSender,
} from './dialog/request-sender.ts';
export { Session, type SessionEvents } from './dialog/session.ts';
export type { SessionContext, SessionEnd, SessionEndCause, SessionPolicy } from './dialog/session-context.ts';
export {
  DEFAULT_SESSION_TIMER,
  type SessionInterval,
  type SessionTimerPolicy,
} from './dialog/session-timer.ts';
export { makeSipfrag, readSipfrag } from './dialog/sipfrag.ts';

// User agent: RFC 3261 §8, §10, §11
export { type AgentPolicy, DEFAULT_AGENT_POLICY } from './ua/agent-policy.ts';
export { isAlive, OptionsPinger, type OptionsPingerOptions, type PingResult } from './ua/options-pinger.ts';
export {
  Registration,
  type RegistrationOptions,
  type RegistrationPhase,
  type RegistrationState,
} from './ua/registration.ts';
export {
  type Binding,
  DEFAULT_REGISTRATION_POLICY,
  type RegistrationPolicy,
} from './ua/registration-decisions.ts';
export { type CallOptions, UserAgent, type UserAgentEvents, type UserAgentOptions } from './ua/user-agent.ts';

// Digest: RFC 3261 §22, RFC 7616, RFC 8760
export { ALGORITHMS_BY_STRENGTH, type DigestAlgorithm, type DigestHash } from './auth/algorithms.ts';
export { type ChallengeResult, type DigestChallenge, parseChallenge } from './auth/challenge.ts';
export { type CredentialsResult, type DigestCredentials, parseCredentials } from './auth/credentials.ts';
export {
  type AuthAttempt,
  type AuthHeader,
  type AuthKind,
  type AuthRequest,
  type ClientAnswer,
  type ClientFailure,
  type ClientIdentity,
  DigestClient,
  type DigestClientOptions,
  NEW_ATTEMPT,
} from './auth/digest-client.ts';
export type { DigestSecret, Qop } from './auth/digest-response.ts';
export {
  DigestServer,
  type DigestServerOptions,
  type PendingVerification,
  type ServerFailure,
  type ServerRequest,
  type ServerResult,
  type UserRecord,
  wantsFreshNonce,
} from './auth/digest-server.ts';
export { ReplayWindow } from './auth/replay-window.ts';

// Session descriptions and offer/answer: RFC 8866, RFC 3264, RFC 4568
export type { AudioFormat } from './sdp/audio-format.ts';
export { createOffer, type OfferOptions, type OfferResult } from './sdp/create-offer.ts';
export { createSrtpKey, type SrtpKey } from './sdp/crypto-attribute.ts';
export type { Direction, MediaDescription, SessionDescription } from './sdp/description.ts';
export { canReceive, canSend, holdDirection } from './sdp/direction.ts';
export type { LocalAudio, LocalCodec, SrtpKeys, SrtpPolicy } from './sdp/local-audio.ts';
export type { NegotiatedAudio, NegotiatedCodec, NegotiatedSrtp } from './sdp/negotiated-audio.ts';
export { parseSdp, type SdpError, type SdpErrorCode, type SdpResult } from './sdp/parse-sdp.ts';
export {
  type AddressScope,
  addressScope,
  checkMediaReach,
  isLocalAddress,
  type MediaReach,
} from './sdp/private-address.ts';
export { previewAnswer, receiveAnswer, type ReceivedAnswer } from './sdp/receive-answer.ts';
export {
  type AnswerOptions as SdpAnswerOptions,
  type AnswerResult,
  receiveOffer,
  refuseEveryLine,
} from './sdp/receive-offer.ts';
export type { Refusal, RefusalCode } from './sdp/refusal.ts';
export { type SdpPhase, type SdpSession, startSdpSession, withdrawOffer } from './sdp/sdp-session.ts';
export { serializeSdp } from './sdp/serialize-sdp.ts';
export { DEFAULT_SUITES, type SrtpSuite } from './sdp/srtp-suites.ts';
