// The offer/answer state of one dialog (RFC 3264 §4, §8): immutable values, every step returns the next one.
import type { AudioFormat } from './audio-format.ts';
import type { CryptoAttribute } from './crypto-attribute.ts';
import type { Direction, MediaDescription, SessionDescription } from './description.ts';
import { addressTypeOf, NO_BINDINGS, type Bindings, type LocalAudio, type SrtpKeys } from './local-audio.ts';
import type { NegotiatedAudio } from './negotiated-audio.ts';
import type { Refusal } from './refusal.ts';
import { serializeSdp } from './serialize-sdp.ts';

/** Our offer that waits for its answer. */
export interface PendingOffer {
  readonly index: number;
  readonly protocol: string;
  readonly formats: readonly AudioFormat[];
  readonly crypto: readonly CryptoAttribute[];
  readonly direction: Direction;
  readonly rtcpMux: boolean;
  readonly ptimeMs: number;
  readonly local: LocalAudio;
  readonly description: SessionDescription;
  /** Phase to return to when the offer fails. */
  readonly before: SdpPhase;
}

/** `idle`: nothing agreed yet. `offered`: our offer is out. `stable`: the last exchange is complete. */
export type SdpPhase = 'idle' | 'offered' | 'stable';

export interface SdpSession {
  readonly phase: SdpPhase;
  readonly username: string;
  readonly sessionId: string;
  /** o= version of `lastLocal`, or the one to start with. */
  readonly version: number;
  /** What we sent last, offer or answer. */
  readonly lastLocal: SessionDescription | undefined;
  /** The agreed m= lines: a later offer may add to them, never drop one (RFC 3264 §8). */
  readonly lines: readonly Pick<MediaDescription, 'kind' | 'protocol' | 'formats'>[];
  readonly bindings: Bindings;
  readonly keys: SrtpKeys;
  /** The audio stream now in force; undefined when there is none. */
  readonly audio: NegotiatedAudio | undefined;
  readonly pending: PendingOffer | undefined;
}

export type Refused = { readonly ok: false; readonly refusal: Refusal; readonly session: SdpSession };

/**
 * `sessionId` must be unguessable enough to be unique: decimal digits of up to 62 bits (RFC 8866 §5.2 suggests a
 * timestamp, random digits do as well).
 */
export function startSdpSession(options: {
  readonly sessionId: string;
  readonly username?: string | undefined;
  readonly version?: number | undefined;
}): SdpSession {
  return {
    phase: 'idle',
    username: options.username ?? '-',
    sessionId: options.sessionId,
    version: options.version ?? 1,
    lastLocal: undefined,
    lines: [],
    bindings: NO_BINDINGS,
    keys: {},
    audio: undefined,
    pending: undefined,
  };
}

function describe(session: SdpSession, version: number, address: string, media: readonly MediaDescription[]) {
  const addressType = addressTypeOf(address);
  const origin = {
    username: session.username,
    sessionId: session.sessionId,
    version: `${version}`,
    addressType,
    address,
  };
  const description: SessionDescription = {
    origin,
    name: '-',
    connection: { addressType, address },
    times: ['0 0'],
    other: [],
    attributes: [],
    media,
  };
  return description;
}

/** The o= version rises by one when anything changed, and must not when nothing did (RFC 3264 §8). */
export function nextDescription(
  session: SdpSession,
  address: string,
  media: readonly MediaDescription[],
): { readonly description: SessionDescription; readonly version: number } {
  const same = describe(session, session.version, address, media);
  if (!session.lastLocal || serializeSdp(same) === serializeSdp(session.lastLocal)) {
    return { description: same, version: session.version };
  }
  const version = session.version + 1;
  return { description: describe(session, version, address, media), version };
}

function bind(bound: readonly AudioFormat[], formats: readonly AudioFormat[]): readonly AudioFormat[] {
  const numbers = new Set(formats.map((format) => format.payloadType));
  return [...bound.filter((format) => !numbers.has(format.payloadType)), ...formats];
}

/** Adds what an offer or answer declares; should a peer redefine a number, its newest meaning stands. */
export function bindFormats(
  bindings: Bindings,
  side: keyof Bindings,
  formats: readonly AudioFormat[],
): Bindings {
  return { ...bindings, [side]: bind(bindings[side], formats) };
}

/** Lines as agreed by a description, for the shape of later offers. */
export function linesOf(description: SessionDescription): SdpSession['lines'] {
  return description.media.map(({ kind, protocol, formats }) => ({ kind, protocol, formats }));
}

/**
 * Our offer failed (a re-INVITE answered 488, 491, …) or was cancelled: what was agreed before stays in force
 * (RFC 3264 §4, RFC 3261 §14.1).
 */
export function withdrawOffer(session: SdpSession): SdpSession {
  if (!session.pending) return session;
  return { ...session, pending: undefined, phase: session.pending.before };
}
