// Answers to the peer's offers (RFC 3264 §6, §8; RFC 4568 §5.1.2).
import { acceptAudio, type AcceptedAudio } from './accept-audio.ts';
import { readAllAudio, type AudioMedia } from './audio-media.ts';
import type { CryptoAttribute } from './crypto-attribute.ts';
import type { Direction, MediaDescription, SessionDescription } from './description.ts';
import { canReceive, intersectDirections, mirrorDirection, withoutSending } from './direction.ts';
import { withKeys, type LocalAudio } from './local-audio.ts';
import { buildAudioLine, closeLine, type AudioLine } from './media-lines.ts';
import { chooseSending, remoteOf, sendPtimeOf, type NegotiatedAudio } from './negotiated-audio.ts';
import { refuseMedia, type Refusal } from './refusal.ts';
import { bindFormats, linesOf, nextDescription, type Refused, type SdpSession } from './sdp-session.ts';

export interface AnswerOptions {
  readonly local: LocalAudio;
  /** What we want, from our side: sendonly or inactive keeps the peer on hold. Default sendrecv. */
  readonly direction?: Direction | undefined;
  readonly randomBytes: (length: number) => Uint8Array;
}

export type AnswerResult =
  | {
      readonly ok: true;
      readonly session: SdpSession;
      readonly answer: SessionDescription;
      /** Undefined when the offer had no open audio line, as third-party call control does (RFC 3725). */
      readonly audio: NegotiatedAudio | undefined;
    }
  | Refused;

const DEFAULT_PTIMES_MS = [10, 20, 30, 40, 60];

/** The line in use if it still serves, else a secured one, else the first acceptable. */
function chooseAudio(
  open: readonly AudioMedia[],
  session: SdpSession,
  local: LocalAudio,
): AcceptedAudio | Refusal {
  const accepted: AcceptedAudio[] = [];
  let firstRefusal: Refusal | undefined;
  for (const media of open) {
    const result = acceptAudio(media, local);
    if (result.ok) accepted.push(result);
    else firstRefusal ??= result.refusal;
  }
  const current = accepted.find((candidate) => candidate.offered.index === session.audio?.index);
  const secured = accepted.find((candidate) => candidate.crypto);
  const chosen = current ?? secured ?? accepted[0];
  return chosen ?? firstRefusal ?? refuseMedia('no-audio', 'the offer has no audio stream');
}

/** The peer's packet time where we can follow it: equal times both ways are what carriers test with. */
function answerPtime(offered: AudioMedia, local: LocalAudio): number {
  const wanted = offered.ptimeMs;
  const accepted = local.acceptedPtimesMs ?? DEFAULT_PTIMES_MS;
  return wanted !== undefined && accepted.includes(wanted) ? wanted : (local.ptimeMs ?? 20);
}

function answerCrypto(accepted: AcceptedAudio, session: SdpSession): CryptoAttribute | undefined {
  const { crypto } = accepted;
  const key = crypto && session.keys[crypto.suite];
  return crypto && key && { ...crypto, keys: [key], sessionParams: [] };
}

function answerLine(accepted: AcceptedAudio, session: SdpSession, options: AnswerOptions): AudioLine {
  const { offered } = accepted;
  const { local, direction = 'sendrecv' } = options;
  const crypto = answerCrypto(accepted, session);
  return {
    local,
    // The answer repeats the offer's transport (RFC 3264 §6), best-effort RTP/AVP with a=crypto included.
    protocol: offered.protocol,
    formats: [...accepted.codecs, ...accepted.events].map((format) => format.answer),
    direction: intersectDirections(mirrorDirection(offered.direction), direction),
    ptimeMs: answerPtime(offered, local),
    rtcpMux: offered.rtcpMux && local.rtcpMux !== false,
    crypto: crypto ? [crypto] : [],
  };
}

function negotiate(accepted: AcceptedAudio, line: AudioLine, wanted: Direction): NegotiatedAudio | undefined {
  const { offered, crypto } = accepted;
  const sending = chooseSending(accepted, 'answerer');
  const localKey = line.crypto[0]?.keys[0];
  if (!sending) return undefined;
  return {
    ...sending,
    index: offered.index,
    protocol: line.protocol,
    remote: remoteOf(offered, line.rtcpMux),
    rtcpMux: line.rtcpMux,
    // A black-holed peer may hear nothing whatever its direction says (RFC 3264 §8.4).
    direction: offered.blackHole ? withoutSending(line.direction) : line.direction,
    heldByPeer: offered.blackHole || !canReceive(offered.direction),
    heldByUs: !canReceive(wanted),
    sendPtimeMs: sendPtimeOf(offered, line.ptimeMs),
    receivePtimeMs: line.ptimeMs,
    srtp: crypto && localKey && { suite: crypto.suite, tag: crypto.tag, localKey, remoteKeys: crypto.keys },
  };
}

function complete(
  session: SdpSession,
  offer: SessionDescription,
  local: LocalAudio,
  open?: { readonly line: MediaDescription; readonly audio: NegotiatedAudio },
): Extract<AnswerResult, { ok: true }> {
  const media = offer.media.map((offered, index) =>
    open && index === open.audio.index ? open.line : closeLine(offered),
  );
  const { description, version } = nextDescription(session, local.address, media);
  const audio = open?.audio;
  return {
    ok: true,
    answer: description,
    audio,
    session: {
      ...session,
      phase: 'stable',
      version,
      lastLocal: description,
      lines: linesOf(description),
      audio,
    },
  };
}

/** Refused with `glare` while our own offer is out; the session is unchanged by any refusal. */
export function receiveOffer(
  session: SdpSession,
  offer: SessionDescription,
  options: AnswerOptions,
): AnswerResult {
  const refuse = (refusal: Refusal): Refused => ({ ok: false, refusal, session });
  const { local, direction = 'sendrecv' } = options;
  if (session.pending) return refuse(refuseMedia('glare', 'our own offer is still unanswered'));
  // An offer may not have fewer m= lines than before (RFC 3264 §8). Carriers that forget a line they had closed
  // lose nothing by it: the answer follows the lines that are there.
  const streams = readAllAudio(offer);
  const open = streams.filter((media) => media.port !== 0);
  if (open.length === 0 && (streams.length > 0 || offer.media.length === 0)) {
    return complete(session, offer, local);
  }
  const accepted = chooseAudio(open, session, local);
  if (!('ok' in accepted)) return refuse(accepted);
  const suites = accepted.crypto ? [accepted.crypto.suite] : [];
  const keyed = { ...session, keys: withKeys(session.keys, suites, options.randomBytes) };
  const line = answerLine(accepted, keyed, options);
  const audio = negotiate(accepted, line, direction);
  if (!audio) return refuse(refuseMedia('no-common-codec', 'the offer has no speech codec'));
  const heard = bindFormats(keyed.bindings, 'remote', accepted.offered.formats);
  const bound = { ...keyed, bindings: bindFormats(heard, 'local', line.formats) };
  return complete(bound, offer, local, { line: buildAudioLine(line), audio });
}

/**
 * Every stream refused. For an unacceptable offer in a 200: the ACK must carry some answer before the BYE
 * (RFC 3261 §13.2.2.4).
 */
export function refuseEveryLine(
  session: SdpSession,
  offer: SessionDescription,
  local: LocalAudio,
): Extract<AnswerResult, { ok: true }> {
  return complete(session, offer, local);
}
