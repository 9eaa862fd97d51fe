/** What arrived on a media port. */
export type DatagramKind = 'rtp' | 'rtcp' | 'stun' | 'dtls' | 'other';

/**
 * Tells RTP from RTCP on one port (RFC 5761 §4) and both from what else may share it (RFC 7983 §7).
 * RTCP packet types 192–223 look like RTP payload types 64–95 with the marker set: those must not be
 * negotiated when ports are shared (RFC 5761 §4).
 */
export function classifyDatagram(bytes: Uint8Array): DatagramKind {
  const first = bytes[0];
  if (first === undefined) return 'other';
  if (first < 4) return 'stun';
  if (first >= 20 && first <= 63) return 'dtls';
  if (first < 128 || first > 191) return 'other';
  const second = bytes[1] ?? 0;
  return second >= 192 && second <= 223 ? 'rtcp' : 'rtp';
}
