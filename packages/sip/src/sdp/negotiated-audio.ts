// What an offer and its answer add up to: the orders for the media plane.
import type { AcceptedAudio, CommonFormat } from './accept-audio.ts';
import { isComfortNoise } from './audio-format.ts';
import type { AudioMedia } from './audio-media.ts';
import type { SrtpKey } from './crypto-attribute.ts';
import type { Direction } from './description.ts';
import type { SrtpSuite } from './srtp-suites.ts';

export interface NegotiatedCodec {
  readonly name: string;
  readonly clockRate: number;
  readonly channels: number;
  /** In packets we send. */
  readonly sendPayloadType: number;
  /** In packets we get; the two differ when the answer renumbered (RFC 3264 §6.1). */
  readonly receivePayloadType: number;
  /** What the peer wants to receive. */
  readonly remoteFmtp?: string | undefined;
  /** What we declared. */
  readonly localFmtp?: string | undefined;
}

export interface NegotiatedSrtp {
  readonly suite: SrtpSuite;
  readonly tag: number;
  /** Protects what we send. */
  readonly localKey: SrtpKey;
  /** Protects what we receive; several only with MKIs. */
  readonly remoteKeys: readonly SrtpKey[];
}

export interface NegotiatedAudio {
  /** Position of the m= line. */
  readonly index: number;
  readonly protocol: string;
  readonly remote: {
    /** `IP4` or `IP6`. */
    readonly addressType: string;
    /** An address, or a host name the peer wrote. */
    readonly address: string;
    readonly port: number;
    readonly rtcpAddress: string;
    /** Undefined when the peer left no valid port for it. */
    readonly rtcpPort: number | undefined;
  };
  readonly rtcpMux: boolean;
  /** What to send with: the first speech codec of the answer. */
  readonly codec: NegotiatedCodec;
  /** Everything that may arrive, `codec` included, telephone-event not. */
  readonly codecs: readonly NegotiatedCodec[];
  /** telephone-event at the clock rate of `codec`; undefined when DTMF can only travel as audio or INFO. */
  readonly dtmf: (NegotiatedCodec & { readonly events: string }) | undefined;
  /** From our side: may we send, will we receive. */
  readonly direction: Direction;
  readonly heldByPeer: boolean;
  readonly heldByUs: boolean;
  readonly sendPtimeMs: number;
  readonly receivePtimeMs: number;
  readonly srtp: NegotiatedSrtp | undefined;
}

/** Pairs a format as the peer numbers it with ours. */
export function pairFormat(format: CommonFormat, side: 'answerer' | 'offerer'): NegotiatedCodec {
  const { remote, answer } = format;
  const { name, clockRate, channels } = remote;
  // As answerer we echoed the number; as offerer we receive with ours and send with the answer's.
  const receivePayloadType = answer.payloadType;
  const sendPayloadType = remote.payloadType;
  return {
    name: side === 'answerer' ? name : answer.name,
    clockRate,
    channels,
    sendPayloadType,
    receivePayloadType,
    remoteFmtp: remote.fmtp,
    localFmtp: answer.fmtp,
  };
}

/** Packet time to send with: what the peer asks for, within what it bears (RFC 8866 §6.4, §6.5). */
export function sendPtimeOf(media: AudioMedia, fallbackMs: number): number {
  return Math.min(media.ptimeMs ?? fallbackMs, media.maxptimeMs ?? Number.POSITIVE_INFINITY);
}

export function remoteOf(media: AudioMedia, rtcpMux: boolean): NegotiatedAudio['remote'] {
  const { addressType, address } = media.connection ?? { addressType: 'IP4', address: '0.0.0.0' };
  const next = media.port < 65_535 ? media.port + 1 : undefined;
  return {
    addressType,
    address,
    port: media.port,
    rtcpAddress: rtcpMux ? address : (media.rtcp?.address ?? address),
    rtcpPort: rtcpMux ? media.port : (media.rtcp?.port ?? next),
  };
}

/** The codec we send with and the telephone-event that goes with it; undefined when there is only comfort noise. */
export function chooseSending(
  accepted: Pick<AcceptedAudio, 'codecs' | 'events'>,
  side: 'answerer' | 'offerer',
): Pick<NegotiatedAudio, 'codec' | 'codecs' | 'dtmf'> | undefined {
  const codecs = accepted.codecs.map((format) => pairFormat(format, side));
  const codec = codecs.find((candidate) => !isComfortNoise(candidate));
  if (!codec) return undefined;
  const event =
    accepted.events.find((candidate) => candidate.remote.clockRate === codec.clockRate) ?? accepted.events[0];
  const dtmf = event && { ...pairFormat(event, side), events: event.answer.fmtp ?? '0-15' };
  return { codec, codecs, dtmf };
}
