// Per-SSRC state of a cryptographic context (RFC 3711 §3.2.3).
import { ReplayWindow } from './replay-window.ts';

export interface SrtpStream {
  readonly ssrc: number;
  readonly rtp: ReplayWindow;
  readonly rtcp: ReplayWindow;
}

/**
 * A full table refuses new streams and never drops an old one: its packets could be replayed once its window is
 * forgotten. Streams are added after their first packet authenticated, so only the peer can fill it.
 */
export class StreamTable {
  readonly #capacity: number;
  readonly #streams = new Map<number, SrtpStream>();
  /** A call has one stream, so this is nearly always the answer. */
  #last: SrtpStream | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get full(): boolean {
    return this.#streams.size >= this.#capacity;
  }

  find(ssrc: number): SrtpStream | undefined {
    if (this.#last?.ssrc === ssrc) return this.#last;
    const stream = this.#streams.get(ssrc);
    if (stream) this.#last = stream;
    return stream;
  }

  add(ssrc: number): SrtpStream {
    const stream = { ssrc, rtp: new ReplayWindow(), rtcp: new ReplayWindow() };
    this.#streams.set(ssrc, stream);
    this.#last = stream;
    return stream;
  }
}

/** SSRCs under one key. A call has one or two; a peer that transfers or plays music changes it now and then. */
export const DEFAULT_MAX_STREAMS = 64;
