import { MAX_EVENT_DURATION, type TelephoneEvent } from './telephone-event.ts';

/** A telephone-event packet to be sent in place of this frame's audio. */
export interface EventPacket {
  readonly marker: boolean;
  /** Of the event's (or its segment's) start: the same in each of its packets. */
  readonly timestamp: number;
  readonly event: TelephoneEvent;
}

export interface ToneRequest {
  /** RFC 4733 §3.2; see `eventOfDigit`. */
  readonly event: number;
  readonly durationMs: number;
  /** −dBm0 */
  readonly volume?: number;
}

/** RFC 4733 §2.5.1.4: the last packet goes three times. */
const END_PACKETS = 3;

interface Sending {
  readonly request: ToneRequest;
  readonly totalUnits: number;
  /** Of the running segment. */
  timestamp: number;
  doneUnits: number;
  /** Units of the segments before. */
  earlierUnits: number;
  endsSent: number;
  first: boolean;
}

/**
 * Touch tones as packets, one per frame while a tone lasts: the marker on the first, a longer duration in each, three
 * ends; then a pause. Tones that last longer than a duration can say go on in segments (§2.5.1.3).
 */
export class EventSender {
  readonly #frameUnits: number;
  readonly #clockRate: number;
  readonly #pauseFrames: number;
  readonly #waiting: ToneRequest[] = [];
  #sending: Sending | undefined;
  #pause = 0;

  constructor(options: {
    readonly clockRate: number;
    readonly frameMs?: number;
    /** Between two tones; receivers want at least 40 ms (ITU-T Q.24). */
    readonly pauseMs?: number;
  }) {
    const frameMs = options.frameMs ?? 20;
    this.#clockRate = options.clockRate;
    this.#frameUnits = (options.clockRate * frameMs) / 1000;
    this.#pauseFrames = Math.ceil((options.pauseMs ?? 60) / frameMs);
  }

  /** A tone is being sent or waits. */
  get busy(): boolean {
    return this.#sending !== undefined || this.#waiting.length > 0;
  }

  enqueue(request: ToneRequest): void {
    this.#waiting.push(request);
  }

  /** Tones that wait are forgotten; the one being sent ends at the next frame. */
  cancel(): void {
    this.#waiting.length = 0;
    const sending = this.#sending;
    if (!sending || sending.endsSent > 0) return;
    const soFar = sending.earlierUnits + sending.doneUnits;
    this.#sending = { ...sending, totalUnits: Math.max(this.#frameUnits, soFar) };
  }

  /** Once per frame. `timestamp`: of the frame that the packet replaces. */
  next(timestamp: number): EventPacket | undefined {
    if (this.#pause > 0) {
      this.#pause--;
      return undefined;
    }
    const sending = this.#sending ?? this.#begin(timestamp);
    if (!sending) return undefined;
    const total = sending.totalUnits - sending.earlierUnits;
    if (sending.doneUnits === MAX_EVENT_DURATION && total > MAX_EVENT_DURATION)
      return this.#nextSegment(sending);
    if (sending.endsSent === 0) {
      sending.doneUnits = Math.min(sending.doneUnits + this.#frameUnits, total, MAX_EVENT_DURATION);
    }
    const end = sending.doneUnits >= total;
    if (end && ++sending.endsSent === END_PACKETS) {
      this.#sending = undefined;
      this.#pause = this.#pauseFrames;
    }
    return packetOf(sending, end);
  }

  #begin(timestamp: number): Sending | undefined {
    const request = this.#waiting.shift();
    if (!request) return undefined;
    const totalUnits = Math.max(this.#frameUnits, Math.round((request.durationMs * this.#clockRate) / 1000));
    this.#sending = {
      request,
      totalUnits,
      timestamp,
      doneUnits: 0,
      earlierUnits: 0,
      endsSent: 0,
      first: true,
    };
    return this.#sending;
  }

  /** The frame that runs over the limit is the first of the next segment. */
  #nextSegment(sending: Sending): EventPacket {
    sending.timestamp = (sending.timestamp + MAX_EVENT_DURATION) >>> 0;
    sending.earlierUnits += MAX_EVENT_DURATION;
    sending.doneUnits = Math.min(this.#frameUnits, sending.totalUnits - sending.earlierUnits);
    const end = sending.doneUnits >= sending.totalUnits - sending.earlierUnits;
    if (end) sending.endsSent = 1;
    return packetOf(sending, end);
  }
}

function packetOf(sending: Sending, end: boolean): EventPacket {
  const { timestamp, request, doneUnits } = sending;
  const marker = sending.first;
  sending.first = false;
  const { event, volume = 10 } = request;
  return { marker, timestamp, event: { event, end, volume, duration: doneUnits } };
}
