import { setTimeout as sleep } from 'node:timers/promises';
import type { DatagramHandler, DatagramPort } from '../transport/udp-socket.ts';
import type { SendError } from '../transport/transport.ts';

/** Chances from 0 to 1 for each datagram on its own; all default to 0. */
export interface DatagramFaults {
  readonly drop?: number | undefined;
  readonly duplicate?: number | undefined;
  /** Held back until the next one in the same direction has passed. */
  readonly reorder?: number | undefined;
  readonly delay?: number | undefined;
  readonly delayMs?: number | undefined;
}

export interface FaultyDatagramsInit {
  readonly seed: number;
  readonly sending?: DatagramFaults | undefined;
  readonly receiving?: DatagramFaults | undefined;
  /** How a delay passes; a test with a fake clock gives its own. Default: real time. */
  readonly wait?: ((ms: number) => Promise<unknown>) | undefined;
  /** Overrules chance: what happens to this very datagram. */
  readonly decide?: ((bytes: Buffer, direction: Direction) => Fate | undefined) | undefined;
}

export type Direction = 'sending' | 'receiving';
export type Fate = 'pass' | 'drop' | 'duplicate' | 'reorder' | 'delay';

/** How many datagrams met which fate. */
export type FateCounts = Record<Fate, number>;

/**
 * Puts a bad network between a socket and its owner. The same seed and the same datagrams give the same faults: for
 * every datagram exactly one number is drawn, whatever becomes of it.
 */
export class FaultyDatagrams implements DatagramPort {
  readonly counts: FateCounts = { pass: 0, drop: 0, duplicate: 0, reorder: 0, delay: 0 };
  private readonly port: DatagramPort;
  private readonly init: FaultyDatagramsInit;
  private readonly chance: Readonly<Record<Direction, () => number>>;
  private readonly held: Record<Direction, (() => void)[]> = { sending: [], receiving: [] };

  constructor(port: DatagramPort, init: FaultyDatagramsInit) {
    this.port = port;
    this.init = init;
    // The two directions must not disturb each other's sequence.
    this.chance = { sending: seededRandom(init.seed), receiving: seededRandom(init.seed ^ 0x5bd1e995) };
  }

  get localAddress(): string {
    return this.port.localAddress;
  }

  get localPort(): number {
    return this.port.localPort;
  }

  /** A datagram that is lost was still handed to the network, so `done` hears of success at once. */
  send(bytes: Buffer, port: number, address: string, done: (error: SendError | undefined) => void): void {
    let told = false;
    const once = (error: SendError | undefined): void => {
      if (!told) done(error);
      told = true;
    };
    const fate = this.fateOf(bytes, 'sending');
    this.carryOut(fate, 'sending', () => this.port.send(bytes, port, address, once));
    if (fate === 'drop' || fate === 'reorder' || fate === 'delay') once(undefined);
  }

  receive(handler: DatagramHandler): void {
    this.port.receive((bytes, address, port) => {
      this.carryOut(this.fateOf(bytes, 'receiving'), 'receiving', () => handler(bytes, address, port));
    });
  }

  /** Lets everything through that a reordering still holds back. */
  flush(): void {
    for (const direction of ['sending', 'receiving'] as const) this.release(direction);
  }

  close(): Promise<void> {
    return this.port.close();
  }

  private fateOf(bytes: Buffer, direction: Direction): Fate {
    const drawn = this.chance[direction]();
    const fate = this.init.decide?.(bytes, direction) ?? fateBy(drawn, this.init[direction] ?? {});
    this.counts[fate] += 1;
    return fate;
  }

  private carryOut(fate: Fate, direction: Direction, pass: () => void): void {
    if (fate === 'drop') return;
    if (fate === 'reorder') return void this.held[direction].push(pass);
    if (fate === 'delay') return void this.later(direction, pass);
    pass();
    if (fate === 'duplicate') pass();
    this.release(direction);
  }

  private async later(direction: Direction, pass: () => void): Promise<void> {
    const wait = this.init.wait ?? ((ms: number) => sleep(ms, undefined, { ref: false }));
    await wait(this.init[direction]?.delayMs ?? 20);
    pass();
  }

  private release(direction: Direction): void {
    for (const pass of this.held[direction].splice(0)) pass();
  }
}

function fateBy(drawn: number, faults: DatagramFaults): Fate {
  let left = drawn;
  for (const fate of ['drop', 'duplicate', 'reorder', 'delay'] as const) {
    left -= faults[fate] ?? 0;
    if (left < 0) return fate;
  }
  return 'pass';
}

/** mulberry32: numbers from 0 up to but not including 1, the same for the same seed everywhere. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
