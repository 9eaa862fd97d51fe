/**
 * Why a packet was not protected or not accepted.
 *
 * - `malformed`: no RTP or RTCP packet of this suite.
 * - `auth`: the tag is wrong: forged, damaged, or under another key.
 * - `replay`: its index was used before, or is too old to tell (RFC 3711 §3.3.2).
 * - `exhausted`: the key may protect no more packets (RFC 3711 §9.2).
 * - `unknown-key`: no key has the packet's MKI.
 * - `streams`: over the limit of SSRCs under one key.
 * - `room`: the buffer has no place for what protection adds.
 */
export type SrtpFault = 'malformed' | 'auth' | 'replay' | 'exhausted' | 'unknown-key' | 'streams' | 'room';

export type SrtpResult =
  | { readonly ok: true; readonly length: number }
  | { readonly ok: false; readonly fault: SrtpFault };

const failed = (fault: SrtpFault): SrtpResult => Object.freeze({ ok: false, fault });

/** One object per fault: refusing a flood allocates nothing. */
export const REFUSED: Readonly<Record<SrtpFault, SrtpResult>> = {
  malformed: failed('malformed'),
  auth: failed('auth'),
  replay: failed('replay'),
  exhausted: failed('exhausted'),
  'unknown-key': failed('unknown-key'),
  streams: failed('streams'),
  room: failed('room'),
};
