/** From 1900-01-01 to 1970-01-01: RFC 5905 §6. */
const NTP_UNIX_OFFSET_SECONDS = 2_208_988_800;

/** `unixMs`: milliseconds since 1970. Seconds wrap in 2036, as RFC 3550 §4 expects. */
export function ntpTime(unixMs: number): { readonly seconds: number; readonly fraction: number } {
  const whole = Math.floor(unixMs / 1000);
  const fraction = Math.floor(((unixMs - whole * 1000) / 1000) * 0x1_0000_0000);
  return { seconds: (whole + NTP_UNIX_OFFSET_SECONDS) % 0x1_0000_0000, fraction: fraction >>> 0 };
}

/** The middle 32 bits that reports carry: 16 of seconds, 16 of fraction (RFC 3550 §4). */
export function middleOf(seconds: number, fraction: number): number {
  return (((seconds & 0xffff) << 16) | (fraction >>> 16)) >>> 0;
}

/**
 * Round trip of RFC 3550 §6.4.1: A − LSR − DLSR. Undefined when the peer has not seen a report of ours, or when
 * the figures cannot be true (negative, or past a minute).
 */
export function roundTripMs(
  nowMs: number,
  report: { readonly lastSenderReport: number; readonly delaySinceLastSenderReport: number },
): number | undefined {
  if (report.lastSenderReport === 0) return undefined;
  const now = ntpTime(nowMs);
  const arrival = middleOf(now.seconds, now.fraction);
  const units = (arrival - report.lastSenderReport - report.delaySinceLastSenderReport) | 0;
  const ms = (units / 65_536) * 1000;
  // A peer that rounds its delay up may go below zero by a unit or two
  if (ms < -1 || ms > 60_000) return undefined;
  return Math.max(0, ms);
}
