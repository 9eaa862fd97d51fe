// The telephone-event payload: RFC 4733 §2.3.

import { readUint16, writeUint16 } from '../packet/rtp-packet.ts';

export const EVENT_BYTES = 4;
/** RFC 4733 §2.5.1.3: longer events go on in a new segment. */
export const MAX_EVENT_DURATION = 0xffff;
/** RFC 4733 §3.2, table 3: events 0–15. */
const DIGITS = '0123456789*#ABCD';

export interface TelephoneEvent {
  readonly event: number;
  readonly end: boolean;
  /** −dBm0, 0–63. */
  readonly volume: number;
  /** Timestamp units since the segment began. */
  readonly duration: number;
}

/** Undefined for events that are no digit (16 is flash). */
export function digitOfEvent(event: number): string | undefined {
  return event < DIGITS.length ? DIGITS[event] : undefined;
}

/** Case does not matter; undefined for what is no digit. */
export function eventOfDigit(digit: string): number | undefined {
  const event = digit.length === 1 ? DIGITS.indexOf(digit.toUpperCase()) : -1;
  return event < 0 ? undefined : event;
}

/** All whole blocks of a payload: one, unless the sender packs several events (§2.5.1.5). A remainder is left out. */
export function parseTelephoneEvents(payload: Uint8Array): readonly TelephoneEvent[] {
  const events: TelephoneEvent[] = [];
  for (let at = 0; at + EVENT_BYTES <= payload.length; at += EVENT_BYTES) {
    const flags = payload[at + 1] ?? 0;
    events.push({
      event: payload[at] ?? 0,
      end: (flags & 0x80) !== 0,
      volume: flags & 0x3f,
      duration: readUint16(payload, at + 2),
    });
  }
  return events;
}

export function writeTelephoneEvent(target: Uint8Array, offset: number, event: TelephoneEvent): number {
  target[offset] = event.event;
  target[offset + 1] = (event.end ? 0x80 : 0) | (event.volume & 0x3f);
  writeUint16(target, offset + 2, event.duration);
  return EVENT_BYTES;
}
