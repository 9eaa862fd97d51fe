// Our offers: first INVITE, 200 to an INVITE without one, re-INVITE, UPDATE (RFC 3264 §5, §8).
import type { CryptoAttribute } from './crypto-attribute.ts';
import type { Direction, MediaDescription, SessionDescription } from './description.ts';
import { localSuites, offeredFormats, withKeys, type LocalAudio, type SrtpKeys } from './local-audio.ts';
import { buildAudioLine, closeLine } from './media-lines.ts';
import { refuseMedia } from './refusal.ts';
import {
  bindFormats,
  nextDescription,
  type PendingOffer,
  type Refused,
  type SdpSession,
} from './sdp-session.ts';

export interface OfferOptions {
  readonly local: LocalAudio;
  /** Default sendrecv; `holdDirection` says what to offer for a hold. */
  readonly direction?: Direction | undefined;
  readonly randomBytes: (length: number) => Uint8Array;
}

export type OfferResult =
  | { readonly ok: true; readonly session: SdpSession; readonly offer: SessionDescription }
  | Refused;

function offeredCrypto(local: LocalAudio, keys: SrtpKeys): CryptoAttribute[] {
  if (local.srtp === 'off') return [];
  return localSuites(local).flatMap((suite, index) => {
    const key = keys[suite];
    return key ? [{ tag: index + 1, suite, suiteName: suite, keys: [key], sessionParams: [] }] : [];
  });
}

/**
 * Place of the audio line: the one in use, else a closed audio line, else a new one at the end (RFC 3264 §8.1).
 */
function audioIndexOf(session: SdpSession): number {
  if (session.audio) return session.audio.index;
  const closed = session.lines.findIndex((line) => line.kind === 'audio');
  return closed === -1 ? session.lines.length : closed;
}

/**
 * With `optional` SRTP the offer is RTP/AVP with a=crypto: peers without SRTP ignore the attribute, while RTP/SAVP
 * would cost the call. `required` is RTP/SAVP (RFC 4568 §5.1.1). A stream already secured stays RTP/SAVP if it was.
 */
function protocolOf(session: SdpSession, local: LocalAudio): string {
  if (local.srtp === 'required') return 'RTP/SAVP';
  const current = session.audio;
  if (local.srtp === 'optional' && current?.srtp) return current.protocol;
  return 'RTP/AVP';
}

/** Refused with `offer-pending` while an earlier offer has no answer (RFC 3264 §4). */
export function createOffer(session: SdpSession, options: OfferOptions): OfferResult {
  if (session.pending) {
    const refusal = refuseMedia('offer-pending', 'our earlier offer has not been answered yet');
    return { ok: false, refusal, session };
  }
  const { local, direction = 'sendrecv' } = options;
  const suites = local.srtp === 'off' ? [] : localSuites(local);
  const keys = withKeys(session.keys, suites, options.randomBytes);
  const crypto = offeredCrypto(local, keys);
  const formats = offeredFormats(local, session.bindings);
  const protocol = protocolOf(session, local);
  const rtcpMux = local.rtcpMux !== false;
  const ptimeMs = local.ptimeMs ?? 20;
  const index = audioIndexOf(session);
  const audio = buildAudioLine({ local, protocol, formats, direction, ptimeMs, rtcpMux, crypto });
  const media: MediaDescription[] = session.lines.map(closeLine);
  media[index] = audio;
  const { description, version } = nextDescription(session, local.address, media);
  const pending: PendingOffer = {
    index,
    protocol,
    formats,
    crypto,
    direction,
    rtcpMux,
    ptimeMs,
    local,
    description,
    before: session.phase,
  };
  return {
    ok: true,
    offer: description,
    session: {
      ...session,
      phase: 'offered',
      version,
      lastLocal: description,
      keys,
      bindings: bindFormats(session.bindings, 'local', formats),
      pending,
    },
  };
}
