// Can this offered audio line be accepted, and how? (RFC 3264 §6.1, RFC 4568 §5.1.2)
import { isComfortNoise, isTelephoneEvent, sameCodec, type AudioFormat } from './audio-format.ts';
import type { AudioMedia } from './audio-media.ts';
import type { CryptoAttribute } from './crypto-attribute.ts';
import { answerParameters, commonEvents, compatibleParameters } from './format-parameters.ts';
import { addressTypeOf, localEvents, localSuites, type LocalAudio, type LocalCodec } from './local-audio.ts';
import { addressScope } from './private-address.ts';
import { refuseMedia, type Refusal } from './refusal.ts';

/** A format both sides have. */
export interface CommonFormat {
  readonly remote: AudioFormat;
  /** What our answer says: the offerer's number and name, our parameters. */
  readonly answer: AudioFormat;
}

export interface AcceptedAudio {
  readonly ok: true;
  readonly offered: AudioMedia;
  readonly codecs: readonly CommonFormat[];
  readonly events: readonly CommonFormat[];
  /** The line to use; undefined means plain RTP. */
  readonly crypto: CryptoAttribute | undefined;
}

export type RefusedAudio = { readonly ok: false; readonly refusal: Refusal };

const refused = (...args: Parameters<typeof refuseMedia>): RefusedAudio => ({
  ok: false,
  refusal: refuseMedia(...args),
});

export type TransportKind = 'plain' | 'secure' | 'unsupported';

/** The feedback profiles (RFC 4585, RFC 5124) are accepted: feedback is an option of the receiver. */
export function transportKind(protocol: string): TransportKind {
  if (protocol === 'RTP/AVP' || protocol === 'RTP/AVPF') return 'plain';
  return protocol === 'RTP/SAVP' || protocol === 'RTP/SAVPF' ? 'secure' : 'unsupported';
}

/** Undefined when our sockets can send there. */
export function addressObstacle(media: AudioMedia, local: LocalAudio): Refusal | undefined {
  const { connection } = media;
  if (!connection) return refuseMedia('bad-sdp', 'no c= line applies to the audio stream');
  const types: readonly string[] = local.addressTypes ?? [addressTypeOf(local.address)];
  if (!types.includes(connection.addressType)) {
    const reason = `media at an ${connection.addressType} address, this side has ${types.join(' and ')}`;
    return refuseMedia('unsupported-address', reason);
  }
  if (connection.suffix !== undefined || addressScope(connection.address) === 'multicast') {
    return refuseMedia('unsupported-address', `${connection.address} is a multicast address`);
  }
  return undefined;
}

const describe = (formats: readonly { name: string; clockRate: number }[]): string =>
  formats.map(({ name, clockRate }) => `${name}/${clockRate}`).join(', ') || 'none';

function matchCodec(remote: AudioFormat, local: LocalAudio): LocalCodec | undefined {
  return local.codecs.find(
    (codec) => sameCodec(codec, remote) && compatibleParameters(codec.name, codec.fmtp, remote.fmtp),
  );
}

/** Codecs in the order our answer lists them; comfort noise last, since it cannot be sent by itself. */
function commonCodecs(formats: readonly AudioFormat[], local: LocalAudio): CommonFormat[] {
  const matches = formats.flatMap((remote) => {
    const codec = isTelephoneEvent(remote) ? undefined : matchCodec(remote, local);
    if (!codec) return [];
    const fmtp = answerParameters(codec.name, remote.fmtp, codec.fmtp);
    return [{ remote, answer: { ...remote, fmtp }, rank: local.codecs.indexOf(codec) }];
  });
  if (local.codecOrder === 'local') matches.sort((a, b) => a.rank - b.rank);
  const speech = matches.filter((match) => !isComfortNoise(match.remote));
  const noise = speech.length > 0 ? matches.filter((match) => isComfortNoise(match.remote)) : [];
  return [...speech.slice(0, local.singleCodec === true ? 1 : undefined), ...noise];
}

function commonEventFormats(
  formats: readonly AudioFormat[],
  codecs: readonly CommonFormat[],
  local: LocalAudio,
): CommonFormat[] {
  const ours = localEvents(local);
  if (ours === undefined) return [];
  const all = formats.filter(isTelephoneEvent).flatMap((remote) => {
    const fmtp = commonEvents(remote.fmtp, ours);
    return fmtp === undefined ? [] : [{ remote, answer: { ...remote, fmtp } }];
  });
  const rates = new Set(codecs.map((codec) => codec.remote.clockRate));
  const fitting = all.filter((event) => rates.has(event.remote.clockRate));
  // RFC 4733 §2.1 wants the clock rate of the audio; peers that offer Opus with 8000 only still mean DTMF.
  return fitting.length > 0 ? fitting : all.slice(0, 1);
}

function chooseCrypto(offered: AudioMedia, local: LocalAudio): CryptoAttribute | undefined {
  const suites = localSuites(local);
  return offered.crypto.find((crypto) => suites.includes(crypto.suite));
}

function describeCrypto(offered: AudioMedia): string {
  const names = offered.crypto.map((crypto) => crypto.suiteName);
  const dtls = names.length === 0 && offered.fingerprints.length > 0 ? ['DTLS-SRTP only'] : [];
  return [...names, ...offered.unusableCrypto, ...dtls].join('; ') || 'no a=crypto line';
}

/** RFC 4568 §5.1.2, and the unwritten "best effort": a=crypto under RTP/AVP, usable by whoever understands it. */
function decideSecurity(
  offered: AudioMedia,
  local: LocalAudio,
): { crypto?: CryptoAttribute | undefined } | Refusal {
  const kind = transportKind(offered.protocol);
  if (kind === 'unsupported') {
    return refuseMedia('unsupported-transport', `transport ${offered.protocol} is not supported`);
  }
  const crypto = local.srtp === 'off' ? undefined : chooseCrypto(offered, local);
  if (crypto) return { crypto };
  if (kind === 'secure' && local.srtp === 'off') {
    return refuseMedia('srtp-disabled', 'SRTP was offered, but is switched off here');
  }
  if (kind === 'secure') {
    const reason = `no usable SRTP suite: ${describeCrypto(offered)}`;
    return refuseMedia('no-common-suite', reason);
  }
  if (local.srtp === 'required') {
    return refuseMedia('srtp-required', `SRTP is required here: ${describeCrypto(offered)}`);
  }
  return {};
}

export function acceptAudio(offered: AudioMedia, local: LocalAudio): AcceptedAudio | RefusedAudio {
  const security = decideSecurity(offered, local);
  if ('status' in security) return { ok: false, refusal: security };
  const obstacle = addressObstacle(offered, local);
  if (obstacle) return { ok: false, refusal: obstacle };
  const codecs = commonCodecs(offered.formats, local);
  if (codecs.length === 0) {
    const theirs = describe(offered.formats.filter((format) => !isTelephoneEvent(format)));
    return refused('no-common-codec', `no common codec: offered ${theirs}; here ${describe(local.codecs)}`);
  }
  const events = commonEventFormats(offered.formats, codecs, local);
  return { ok: true, offered, codecs, events, crypto: security.crypto };
}
