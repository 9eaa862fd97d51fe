import type { CancelTimer, Clock } from './clock.ts';

const TICK_MS = 10;
const SLOT_BITS = 12;
/** 41 seconds: longer than 64*T1, so that protocol timers fall due on their first turn. */
const SLOTS = 1 << SLOT_BITS;

interface Entry {
  readonly tick: number;
  readonly fn: () => void;
  previous: Entry | undefined;
  next: Entry | undefined;
  active: boolean;
}

/** What the wheel needs of the process. */
export interface WheelHost {
  nowMs(): number;
  schedule(ms: number, fn: () => void): () => void;
}

const processHost: WheelHost = {
  nowMs: () => performance.now(),
  schedule: (ms, fn) => {
    const handle = setTimeout(fn, ms);
    return () => clearTimeout(handle);
  },
};

/**
 * A clock for tens of thousands of timers that are nearly all cancelled: setting and cancelling cost a list
 * operation, and one `setTimeout` serves them all, set for the next slot that holds anything.
 */
export class TimerWheel implements Clock {
  private readonly host: WheelHost;
  private readonly slots: (Entry | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  /** One bit per slot that holds anything. */
  private readonly occupied = new Uint32Array(SLOTS / 32);
  private current: number;
  private armedTick = Number.POSITIVE_INFINITY;
  private disarm: (() => void) | undefined;
  private running = false;
  private count = 0;

  constructor(host: WheelHost = processHost) {
    this.host = host;
    this.current = Math.floor(host.nowMs() / TICK_MS);
  }

  /** Timers that have neither fired nor been cancelled. */
  get size(): number {
    return this.count;
  }

  nowMs(): number {
    return this.host.nowMs();
  }

  setTimer(ms: number, fn: () => void): CancelTimer {
    const now = this.host.nowMs();
    // An empty wheel has stood still: bring it up to date, or the next turn would walk through all that time.
    if (this.count === 0 && !this.running) this.current = Math.floor(now / TICK_MS);
    const due = Math.ceil((now + Math.max(0, ms)) / TICK_MS);
    const entry: Entry = {
      tick: Math.max(due, this.current + 1),
      fn,
      previous: undefined,
      next: undefined,
      active: true,
    };
    this.link(entry);
    if (!this.running && entry.tick < this.armedTick) this.arm(entry.tick);
    return () => this.unlink(entry);
  }

  private link(entry: Entry): void {
    const slot = entry.tick & (SLOTS - 1);
    const head = this.slots[slot];
    entry.next = head;
    if (head !== undefined) head.previous = entry;
    this.slots[slot] = entry;
    this.markSlot(slot, true);
    this.count++;
  }

  private unlink(entry: Entry): void {
    if (!entry.active) return;
    entry.active = false;
    this.count--;
    const slot = entry.tick & (SLOTS - 1);
    if (entry.previous !== undefined) entry.previous.next = entry.next;
    else this.slots[slot] = entry.next;
    if (entry.next !== undefined) entry.next.previous = entry.previous;
    if (this.slots[slot] === undefined) this.markSlot(slot, false);
    if (this.count === 0) this.stop();
  }

  private markSlot(slot: number, full: boolean): void {
    const word = this.occupied[slot >>> 5] ?? 0;
    this.occupied[slot >>> 5] = full ? word | (1 << (slot & 31)) : word & ~(1 << (slot & 31));
  }

  /** Nothing left to wait for: the process must be free to end. */
  private stop(): void {
    if (this.running) return;
    this.disarm?.();
    this.disarm = undefined;
    this.armedTick = Number.POSITIVE_INFINITY;
  }

  private arm(tick: number): void {
    this.disarm?.();
    this.armedTick = tick;
    const waitMs = Math.max(1, tick * TICK_MS - this.host.nowMs());
    this.disarm = this.host.schedule(waitMs, () => this.run());
  }

  private run(): void {
    const until = Math.floor(this.host.nowMs() / TICK_MS);
    this.running = true;
    try {
      while (this.current < until && this.count > 0) this.runTick(this.nextOccupied(until));
    } finally {
      this.running = false;
      if (this.count > 0) this.arm(this.nextOccupied(this.current + SLOTS));
      else this.stop();
    }
  }

  /** The next tick whose slot holds anything, at most `limit`. */
  private nextOccupied(limit: number): number {
    let tick = this.current + 1;
    while (tick < limit) {
      const slot = tick & (SLOTS - 1);
      const word = (this.occupied[slot >>> 5] ?? 0) >>> (slot & 31);
      if (word !== 0) return Math.min(limit, tick + 31 - Math.clz32(word & -word));
      tick += 32 - (slot & 31);
    }
    return limit;
  }

  private runTick(tick: number): void {
    this.current = tick;
    let entry = this.slots[tick & (SLOTS - 1)];
    const due: Entry[] = [];
    for (; entry !== undefined; entry = entry.next) if (entry.tick <= tick) due.push(entry);
    // The list is a stack; timers of one tick fire in the order they were set.
    for (const one of due.toReversed()) {
      if (!one.active) continue;
      this.unlink(one);
      one.fn();
    }
  }
}
