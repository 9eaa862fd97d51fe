// The peer's answer to our offer (RFC 3264 §7, RFC 4568 §5.1.3).
import { addressObstacle, transportKind, type CommonFormat } from './accept-audio.ts';
import { isTelephoneEvent, sameCodec, type AudioFormat } from './audio-format.ts';
import { readAudioMedia, type AudioMedia } from './audio-media.ts';
import type { SessionDescription } from './description.ts';
import { canReceive, canSend, intersectDirections, mirrorDirection, withoutSending } from './direction.ts';
import { commonEvents } from './format-parameters.ts';
import {
  chooseSending,
  remoteOf,
  sendPtimeOf,
  type NegotiatedAudio,
  type NegotiatedSrtp,
} from './negotiated-audio.ts';
import { refuseMedia, type Refusal } from './refusal.ts';
import {
  bindFormats,
  withdrawOffer,
  type PendingOffer,
  type Refused,
  type SdpSession,
} from './sdp-session.ts';

export type ReceivedAnswer =
  | { readonly ok: true; readonly session: SdpSession; readonly audio: NegotiatedAudio }
  | Refused;

const NOTHING_PENDING = refuseMedia('no-offer-pending', 'there is no offer to answer');

/**
 * Formats of the answer that we offered. A dynamic number may have changed (RFC 3264 §6.1, RFC 4317 §2.3); a codec
 * that was never offered is dropped.
 */
function answeredFormats(answered: readonly AudioFormat[], offered: readonly AudioFormat[]): CommonFormat[] {
  return answered.flatMap((remote) => {
    const same = offered.filter((format) => codecMatches(format, remote));
    const ours = same.find((format) => format.payloadType === remote.payloadType) ?? same[0];
    return ours ? [{ remote, answer: ours }] : [];
  });
}

function codecMatches(a: AudioFormat, b: AudioFormat): boolean {
  // telephone-event and the telephone-events of RFC 3264 §10.1 are one.
  if (isTelephoneEvent(a) && isTelephoneEvent(b)) return a.clockRate === b.clockRate;
  return sameCodec(a, b);
}

function narrowEvents(format: CommonFormat): CommonFormat[] {
  const fmtp = commonEvents(format.remote.fmtp, format.answer.fmtp);
  return fmtp === undefined ? [] : [{ ...format, answer: { ...format.answer, fmtp } }];
}

/**
 * The answer must name one line of the offer, by tag and suite (RFC 4568 §5.1.3). A line that cannot be used is no
 * plain RTP: the peer would encrypt.
 */
function answeredSrtp(media: AudioMedia, pending: PendingOffer): NegotiatedSrtp | undefined | Refusal {
  const secure = transportKind(media.protocol) === 'secure';
  if (pending.crypto.length === 0 && !secure) return undefined;
  const [chosen] = media.crypto;
  if (!chosen) {
    const detail = media.unusableCrypto.join('; ') || 'the answer has no a=crypto line';
    if (pending.local.srtp === 'required') {
      return refuseMedia('srtp-required', `SRTP is required here: ${detail}`);
    }
    return secure || media.unusableCrypto.length > 0 ? refuseMedia('answer-mismatch', detail) : undefined;
  }
  const offered = pending.crypto.find((crypto) => crypto.tag === chosen.tag && crypto.suite === chosen.suite);
  const localKey = offered?.keys[0];
  if (!localKey) {
    return refuseMedia('answer-mismatch', `crypto ${chosen.tag} ${chosen.suiteName} was not offered`);
  }
  return { suite: chosen.suite, tag: chosen.tag, localKey, remoteKeys: chosen.keys };
}

/** The audio line of the answer once it is known to be usable at all. */
function findAnsweredAudio(answer: SessionDescription, pending: PendingOffer): AudioMedia | Refusal {
  if (answer.media.length > pending.description.media.length) {
    return refuseMedia('answer-mismatch', 'the answer has more m= lines than the offer');
  }
  const known = (payloadType: number): AudioFormat | undefined =>
    pending.formats.find((format) => format.payloadType === payloadType);
  const media = readAudioMedia(answer, pending.index, known);
  if (!media) return refuseMedia('answer-mismatch', 'the answer has no audio where the offer had it');
  if (media.port === 0) return refuseMedia('peer-refused-audio', 'the peer refused the audio stream');
  if (transportKind(media.protocol) === 'unsupported') {
    return refuseMedia('unsupported-transport', `transport ${media.protocol} is not supported`);
  }
  return addressObstacle(media, pending.local) ?? media;
}

function negotiate(
  answer: SessionDescription,
  pending: PendingOffer,
  before: NegotiatedAudio | undefined,
): NegotiatedAudio | Refusal {
  const media = findAnsweredAudio(answer, pending);
  if ('status' in media) return media;
  const srtp = answeredSrtp(media, pending);
  if (srtp && 'status' in srtp) return srtp;
  const formats = answeredFormats(media.formats, pending.formats);
  const sending = chooseSending(
    {
      codecs: formats.filter((format) => !isTelephoneEvent(format.answer)),
      events: formats.filter((format) => isTelephoneEvent(format.answer)).flatMap(narrowEvents),
    },
    'offerer',
  );
  if (!sending) return refuseMedia('no-common-codec', 'the answer contains no codec of the offer');
  const rtcpMux = pending.rtcpMux && media.rtcpMux;
  const direction = intersectDirections(mirrorDirection(media.direction), pending.direction);
  const heard = canReceive(media.direction) && !media.blackHole;
  return {
    ...sending,
    index: pending.index,
    protocol: media.protocol,
    remote: remoteOf(media, rtcpMux),
    rtcpMux,
    direction: media.blackHole ? withoutSending(direction) : direction,
    // An offer that does not send cannot show whether the peer would listen: what was known stays.
    heldByPeer: canSend(pending.direction) ? !heard : media.blackHole || before?.heldByPeer === true,
    heldByUs: !canReceive(pending.direction),
    sendPtimeMs: sendPtimeOf(media, pending.ptimeMs),
    receivePtimeMs: pending.ptimeMs,
    srtp,
  };
}

/**
 * SDP in a provisional response that is not reliable: early media, not yet the answer, and it may come from several
 * forks (RFC 3261 §13.2.1, RFC 3960 §3.1). The session does not change.
 */
export function previewAnswer(
  session: SdpSession,
  answer: SessionDescription,
):
  | { readonly ok: true; readonly audio: NegotiatedAudio }
  | { readonly ok: false; readonly refusal: Refusal } {
  if (!session.pending) return { ok: false, refusal: NOTHING_PENDING };
  const result = negotiate(answer, session.pending, session.audio);
  return 'status' in result ? { ok: false, refusal: result } : { ok: true, audio: result };
}

/**
 * Completes our offer. After a refusal the offer counts as withdrawn and the earlier agreement stays; the caller
 * ends the call if that agreement is none.
 */
export function receiveAnswer(session: SdpSession, answer: SessionDescription): ReceivedAnswer {
  const { pending } = session;
  if (!pending) {
    return { ok: false, refusal: NOTHING_PENDING, session };
  }
  const result = negotiate(answer, pending, session.audio);
  if ('status' in result) return { ok: false, refusal: result, session: withdrawOffer(session) };
  const known = readAudioMedia(answer, pending.index)?.formats ?? [];
  const bindings = bindFormats(session.bindings, 'remote', known);
  const lines = pending.description.media.map(({ kind, protocol, formats }) => ({ kind, protocol, formats }));
  return {
    ok: true,
    audio: result,
    session: { ...session, phase: 'stable', pending: undefined, lines, bindings, audio: result },
  };
}
