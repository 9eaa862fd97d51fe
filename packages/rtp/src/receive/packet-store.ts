export type StoredKind = 'audio' | 'comfort-noise' | 'event';

/** Both numbers are extended past their wrap-around. */
export interface StoredPacket {
  readonly sequence: number;
  readonly timestamp: number;
  readonly kind: StoredKind;
  /** Length in timestamp units; 0 for all but audio. */
  readonly units: number;
  readonly arrivedMs: number;
  readonly payload: Uint8Array;
}

/**
 * A ring of packets by sequence number: the place is the number modulo the capacity. Payloads are copied, since a
 * received datagram's buffer is used again; the copies' memory is bounded by capacity × the largest payload.
 */
export class PacketStore {
  readonly capacity: number;
  readonly #places: Place[];
  #size = 0;
  #audio = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#places = Array.from({ length: capacity }, () => new Place());
  }

  get size(): number {
    return this.#size;
  }

  get audioPackets(): number {
    return this.#audio;
  }

  at(sequence: number): StoredPacket | undefined {
    const place = this.#places[sequence % this.capacity];
    return place && place.stored && place.sequence === sequence ? place : undefined;
  }

  /** The place must be free or outdated: the caller has removed what stood there. */
  put(packet: StoredPacket): void {
    const place = this.#places[packet.sequence % this.capacity];
    if (!place) return;
    place.fill(packet);
    this.#size++;
    if (packet.kind === 'audio') this.#audio++;
  }

  /** What was removed stays readable until the next `put`. */
  remove(sequence: number): boolean {
    const place = this.#places[sequence % this.capacity];
    if (!place || !place.stored || place.sequence !== sequence) return false;
    place.stored = false;
    this.#size--;
    if (place.kind === 'audio') this.#audio--;
    return true;
  }

  /** The answer is how many packets that were not events went. */
  clear(): number {
    let removed = 0;
    for (const place of this.#places) {
      if (place.stored && place.kind !== 'event') removed++;
      place.stored = false;
    }
    this.#size = 0;
    this.#audio = 0;
    return removed;
  }
}

class Place implements StoredPacket {
  stored = false;
  sequence = 0;
  timestamp = 0;
  kind: StoredKind = 'audio';
  units = 0;
  arrivedMs = 0;
  #bytes = new Uint8Array(0);
  #payload: Uint8Array = this.#bytes;

  get payload(): Uint8Array {
    return this.#payload;
  }

  fill(packet: StoredPacket): void {
    const { payload } = packet;
    // Grows in steps, so that a call whose packets differ a little does not allocate for each
    const grown = this.#bytes.length < payload.length;
    if (grown) this.#bytes = new Uint8Array(Math.ceil(payload.length / 64) * 64);
    if (grown || this.#payload.length !== payload.length)
      this.#payload = this.#bytes.subarray(0, payload.length);
    this.#bytes.set(payload);
    this.stored = true;
    this.sequence = packet.sequence;
    this.timestamp = packet.timestamp;
    this.kind = packet.kind;
    this.units = packet.units;
    this.arrivedMs = packet.arrivedMs;
  }
}
