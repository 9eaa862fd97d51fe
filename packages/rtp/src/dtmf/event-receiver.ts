import type { RtpPacket } from '../packet/rtp-packet.ts';
import {
  digitOfEvent,
  MAX_EVENT_DURATION,
  parseTelephoneEvents,
  type TelephoneEvent,
} from './telephone-event.ts';

export type DtmfEvent =
  | {
      readonly kind: 'start';
      readonly event: number;
      readonly digit: string | undefined;
      /** −dBm0 */
      readonly volume: number;
      readonly atMs: number;
    }
  | {
      readonly kind: 'end';
      readonly event: number;
      readonly digit: string | undefined;
      readonly durationMs: number;
      readonly atMs: number;
      /** `signalled`: by its end packets. Otherwise they were lost: another event began, or nothing came any more. */
      readonly cause: 'signalled' | 'next-event' | 'timeout';
    };

/** A few update intervals (RFC 4733 §2.5.2.2 leaves the figure open). */
const LOST_END_MS = 200;
/** Past this, an equal or lower timestamp is no late packet but a peer with a new time base. */
const REMEMBERED_MS = 2_000;
/** A datagram of hundreds of events is nobody's telephone. */
const MAX_BLOCKS = 8;

interface Running {
  readonly event: number;
  /** Of the running segment. */
  timestamp: number;
  duration: number;
  /** Of the segments before it. */
  earlierUnits: number;
  heardMs: number;
}

/**
 * Touch tones out of telephone-event packets: one start and one end each, told apart by timestamp (RFC 4733 §2.5.2),
 * whatever of their packets is lost, repeated or late.
 */
export class EventReceiver {
  readonly #clockRate: number;
  readonly #onEvent: (event: DtmfEvent) => void;
  #running: Running | undefined;
  /** The newest event that is over. */
  #finished: { readonly timestamp: number; readonly atMs: number } | undefined;

  constructor(options: { readonly clockRate: number; readonly onEvent?: (event: DtmfEvent) => void }) {
    this.#clockRate = options.clockRate;
    this.#onEvent = options.onEvent ?? (() => undefined);
  }

  receive(packet: Pick<RtpPacket, 'timestamp' | 'payload'>, nowMs: number): void {
    let { timestamp } = packet;
    for (const block of parseTelephoneEvents(packet.payload).slice(0, MAX_BLOCKS)) {
      this.#receiveBlock(timestamp, block, nowMs);
      // §2.5.1.5: packed events follow each other without a gap
      timestamp = (timestamp + block.duration) >>> 0;
    }
  }

  /** Ends an event whose end packets never came. To be called with each frame. */
  tick(nowMs: number): void {
    if (this.#running && nowMs - this.#running.heardMs >= LOST_END_MS) this.#finish('timeout', nowMs);
  }

  /** A new source: its timestamps say nothing about those before. */
  reset(nowMs: number): void {
    if (this.#running) this.#finish('timeout', nowMs);
    this.#finished = undefined;
  }

  #receiveBlock(timestamp: number, block: TelephoneEvent, nowMs: number): void {
    if (this.#isOver(timestamp, nowMs)) return;
    const running = this.#running;
    if (!running) {
      this.#start(timestamp, block, nowMs);
    } else if (timestamp !== running.timestamp) {
      if (isOlder(timestamp, running.timestamp)) return;
      if (!this.#goesOn(running, timestamp, block)) {
        this.#finish('next-event', nowMs);
        this.#start(timestamp, block, nowMs);
      }
    }
    this.#update(block, nowMs);
  }

  /** §2.5.1.3: a long event goes on in a segment that begins where the full one ended. */
  #goesOn(running: Running, timestamp: number, block: TelephoneEvent): boolean {
    const step = (timestamp - running.timestamp) >>> 0;
    if (block.event !== running.event || step !== MAX_EVENT_DURATION) return false;
    running.timestamp = timestamp;
    running.earlierUnits += step;
    running.duration = 0;
    return true;
  }

  #start(timestamp: number, block: TelephoneEvent, nowMs: number): void {
    this.#running = { event: block.event, timestamp, duration: 0, earlierUnits: 0, heardMs: nowMs };
    const { event, volume } = block;
    this.#onEvent({ kind: 'start', event, digit: digitOfEvent(event), volume, atMs: nowMs });
  }

  #update(block: TelephoneEvent, nowMs: number): void {
    const running = this.#running;
    // The same timestamp with another event is a broken sender: the first one stands
    if (!running || running.event !== block.event) return;
    running.duration = Math.max(running.duration, block.duration);
    running.heardMs = nowMs;
    if (block.end) this.#finish('signalled', nowMs);
  }

  #finish(cause: Extract<DtmfEvent, { kind: 'end' }>['cause'], nowMs: number): void {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    this.#finished = { timestamp: running.timestamp, atMs: nowMs };
    const { event } = running;
    const durationMs = ((running.earlierUnits + running.duration) * 1000) / this.#clockRate;
    this.#onEvent({ kind: 'end', event, digit: digitOfEvent(event), durationMs, atMs: nowMs, cause });
  }

  #isOver(timestamp: number, nowMs: number): boolean {
    const finished = this.#finished;
    if (!finished || nowMs - finished.atMs > REMEMBERED_MS) return false;
    return timestamp === finished.timestamp || isOlder(timestamp, finished.timestamp);
  }
}

function isOlder(timestamp: number, than: number): boolean {
  return ((timestamp - than) | 0) < 0;
}
