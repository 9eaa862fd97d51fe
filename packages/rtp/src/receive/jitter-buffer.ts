import { DelayEstimator } from './delay-estimator.ts';
import { PacketStore, type StoredKind, type StoredPacket } from './packet-store.ts';
import { PlayoutPace } from './playout-pace.ts';

export interface JitterOptions {
  /** RTP timestamp units per second. */
  readonly clockRate: number;
  /** What the caller takes at a time. */
  readonly frameMs?: number;
  readonly minDelayMs?: number;
  readonly maxDelayMs?: number;
  readonly initialDelayMs?: number;
  /** Packets. */
  readonly capacity?: number;
  readonly maxPayloadBytes?: number;
  /** An empty buffer counts as lost audio for so long, then as a peer that paused. */
  readonly maxGapMs?: number;
}

export interface JitterInput {
  /** Extended over wrap-arounds. */
  readonly sequence: number;
  /** As it stood in the packet. */
  readonly timestamp: number;
  readonly kind: StoredKind;
  /** Length in timestamp units; 0 for all but audio. */
  readonly units: number;
  readonly payload: Uint8Array;
}

export type PushVerdict = 'queued' | 'duplicate' | 'late' | 'refused';

export type Taken =
  /** `surplus`: decode it and throw the sound away: the buffer had grown too long. */
  | { readonly kind: 'packet'; readonly packet: StoredPacket; readonly surplus: boolean }
  /** Lost or late: conceal so much. */
  | { readonly kind: 'missing'; readonly units: number }
  /** Nothing is lost: repeat sound for so long, the buffer needs to grow. */
  | { readonly kind: 'stretch'; readonly units: number }
  /** The peer is silent, or has not begun. */
  | { readonly kind: 'silence'; readonly units: number };

/** queued = played + surplus + overflowed + flushed + still waiting. Events (no audio) are in none but `queued`. */
export interface JitterCounters {
  queued: number;
  played: number;
  /** Taken out to shorten the delay. */
  surplus: number;
  /** Thrown away because the ring was full. */
  overflowed: number;
  /** Thrown away because the stream began anew. */
  flushed: number;
  /** Came after their time. */
  late: number;
  duplicate: number;
  refused: number;
  /** Sequence numbers that never came in time. */
  lost: number;
  stretched: number;
}

/** A timestamp that is off by more than this against the clock is a new time base. */
const NEW_BASE_MS = 2_000;

/**
 * Puts packets in order and says each frame what to play. Deterministic: time comes in with each call, and the playout
 * clock is the caller's pulls, one per frame. While audio runs, each pull moves on by one frame; the delay is corrected
 * by a surplus or a stretched frame. While the peer is silent, the next packet waits until base + target delay.
 */
export class JitterBuffer {
  readonly counters: JitterCounters = {
    queued: 0,
    played: 0,
    surplus: 0,
    overflowed: 0,
    flushed: 0,
    late: 0,
    duplicate: 0,
    refused: 0,
    lost: 0,
    stretched: 0,
  };
  readonly #options: Required<JitterOptions>;
  readonly #unitsPerMs: number;
  readonly #frameUnits: number;
  readonly #delay: DelayEstimator;
  readonly #pace: PlayoutPace;
  readonly #store: PacketStore;
  #begun = false;
  /** Something was handed out: nothing below `#head` may come any more. */
  #taken = false;
  #head = 0;
  #last = 0;
  #timestamp = 0;
  #playing = false;
  #nextTimestamp = 0;
  #gapUnits = 0;

  constructor(options: JitterOptions) {
    this.#options = {
      frameMs: 20,
      minDelayMs: 20,
      maxDelayMs: 200,
      initialDelayMs: 40,
      capacity: 64,
      maxPayloadBytes: 1500,
      maxGapMs: 200,
      ...options,
    };
    this.#unitsPerMs = options.clockRate / 1000;
    this.#frameUnits = this.#options.frameMs * this.#unitsPerMs;
    this.#delay = new DelayEstimator(this.#options);
    this.#pace = new PlayoutPace(this.#options.frameMs);
    this.#store = new PacketStore(this.#options.capacity);
  }

  get waitingPackets(): number {
    return this.#store.size;
  }

  get targetDelayMs(): number {
    return this.#delay.targetMs;
  }

  push(input: JitterInput, nowMs: number): PushVerdict {
    const { sequence, payload, units, kind } = input;
    if (payload.length > this.#options.maxPayloadBytes || units < 0 || sequence < 0) {
      this.counters.refused++;
      return 'refused';
    }
    const timestamp = this.#extendTimestamp(input.timestamp);
    const transitMs = nowMs - timestamp / this.#unitsPerMs;
    if (!this.#begun) this.#begin(sequence);
    if (kind === 'audio') this.#measure(transitMs, sequence);
    if (sequence < this.#head && !this.#moveHeadBack(sequence)) return this.#tooLate();
    if (this.#store.at(sequence)) {
      this.counters.duplicate++;
      return 'duplicate';
    }
    if (kind === 'audio' && this.#playing && timestamp < this.#nextTimestamp) {
      // With audio waiting its time is over; with none it is better late than concealed, and the delay grows
      if (this.#store.audioPackets > 0) return this.#tooLate();
      this.#nextTimestamp = timestamp;
    }
    this.#makeRoom(sequence);
    this.#store.put({ sequence, timestamp, kind, units, arrivedMs: nowMs, payload });
    this.#last = Math.max(this.#last, sequence);
    this.counters.queued++;
    return 'queued';
  }

  /** Once per frame, more often where packets are shorter. `quiet`: nobody speaks, a correction is not heard. */
  take(nowMs: number, quiet = false): Taken {
    const front = this.#front();
    if (!this.#playing) return this.#takeWaiting(front, nowMs);
    if (!front) return this.#takeEmpty();
    const gap = front.timestamp - this.#nextTimestamp;
    if (gap > 0) {
      // No number is missing: the peer made a pause (RFC 3551 §4.1)
      if (this.#isNext(front)) return this.#takeWaiting(front, nowMs);
      return this.#missing(Math.min(gap, this.#frameUnits));
    }
    if (front.kind !== 'audio') return this.#deliver(front, false);
    const correction = this.#pace.correct(nowMs - this.#dueMs(front), quiet);
    if (correction === 'stretch') {
      this.counters.stretched++;
      return { kind: 'stretch', units: this.#frameUnits };
    }
    // A surplus needs a packet behind it to go on with
    const surplus = correction === 'drop' && this.#store.at(front.sequence + 1)?.kind === 'audio';
    return this.#deliver(front, surplus);
  }

  /** Forgets the stream: a new source, a new numbering. */
  reset(): void {
    this.counters.flushed += this.#store.clear();
    this.#begun = false;
    this.#taken = false;
    this.#playing = false;
    this.#delay.reset();
  }

  #begin(sequence: number): void {
    this.#begun = true;
    this.#head = sequence;
    this.#last = sequence;
  }

  #measure(transitMs: number, sequence: number): void {
    if (!this.#delay.empty && Math.abs(transitMs - this.#delay.baseMs) > NEW_BASE_MS) {
      this.counters.flushed += this.#store.clear();
      this.#delay.reset();
      this.#playing = false;
      this.#head = Math.max(this.#head, sequence);
      this.#last = this.#head;
    }
    this.#delay.add(transitMs);
  }

  /** The first packets may come in disorder: as long as none was taken the beginning may move. */
  #moveHeadBack(sequence: number): boolean {
    if (this.#taken || this.#last - sequence >= this.#store.capacity) return false;
    this.#head = sequence;
    return true;
  }

  #tooLate(): PushVerdict {
    this.counters.late++;
    return 'late';
  }

  #makeRoom(sequence: number): void {
    const head = sequence - this.#store.capacity + 1;
    if (head <= this.#head) return;
    const end = Math.min(head, this.#last + 1);
    for (let old = this.#head; old < end; old++) {
      const event = this.#store.at(old)?.kind === 'event';
      if (!this.#store.remove(old)) this.counters.lost++;
      else if (!event) this.counters.overflowed++;
    }
    this.counters.lost += head - end;
    this.#head = head;
    this.#taken = true;
  }

  /** The first packet that is no event. */
  #front(): StoredPacket | undefined {
    if (this.#store.size === 0) return undefined;
    for (let sequence = this.#head; sequence <= this.#last; sequence++) {
      const packet = this.#store.at(sequence);
      if (packet && packet.kind !== 'event') return packet;
    }
    return undefined;
  }

  #isNext(front: StoredPacket): boolean {
    for (let sequence = this.#head; sequence < front.sequence; sequence++) {
      if (!this.#store.at(sequence)) return false;
    }
    return true;
  }

  #dueMs(packet: StoredPacket): number {
    const dueMs = packet.timestamp / this.#unitsPerMs + this.#delay.baseMs + this.#delay.targetMs;
    return Math.min(dueMs, packet.arrivedMs + this.#options.maxDelayMs);
  }

  #takeWaiting(front: StoredPacket | undefined, nowMs: number): Taken {
    this.#playing = false;
    if (!front || nowMs < this.#dueMs(front)) return { kind: 'silence', units: this.#frameUnits };
    return this.#deliver(front, false);
  }

  #takeEmpty(): Taken {
    // An event stands for the audio that is not there
    if (this.#store.size > 0) {
      this.#skipEvents();
      this.#playing = false;
      return { kind: 'silence', units: this.#frameUnits };
    }
    if (this.#gapUnits >= this.#options.maxGapMs * this.#unitsPerMs) this.#playing = false;
    if (!this.#playing) return { kind: 'silence', units: this.#frameUnits };
    return this.#missing(this.#frameUnits);
  }

  #skipEvents(): void {
    this.#taken = true;
    while (this.#store.at(this.#head)?.kind === 'event') this.#store.remove(this.#head++);
  }

  #missing(units: number): Taken {
    this.#nextTimestamp += units;
    this.#gapUnits += units;
    return { kind: 'missing', units };
  }

  #deliver(front: StoredPacket, surplus: boolean): Taken {
    for (let sequence = this.#head; sequence < front.sequence; sequence++) {
      if (!this.#store.remove(sequence)) this.counters.lost++;
    }
    this.#store.remove(front.sequence);
    this.#head = front.sequence + 1;
    this.#taken = true;
    this.#gapUnits = 0;
    // After comfort noise the peer is silent until its next packet
    this.#playing = front.kind === 'audio';
    this.#nextTimestamp = front.timestamp + front.units;
    if (surplus) this.counters.surplus++;
    else this.counters.played++;
    return { kind: 'packet', packet: front, surplus };
  }

  #extendTimestamp(timestamp: number): number {
    // The first one gets room below, so that older ones stay positive
    if (!this.#begun) this.#timestamp = 0x1_0000_0000 + timestamp;
    else this.#timestamp += (timestamp - (this.#timestamp % 0x1_0000_0000)) | 0;
    return this.#timestamp;
  }
}
