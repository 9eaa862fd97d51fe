// AES in counter mode as SRTP uses it: RFC 3711 §4.1.1, RFC 6188 §2.
import { createCipheriv } from 'node:crypto';

const AES_BLOCK_BYTES = 16;

/** 20 ms of G.711 take ten. */
const INITIAL_BLOCKS = 16;

function ecbCipher(key: Uint8Array): (blocks: Buffer) => Buffer {
  const cipher = createCipheriv(key.length === 32 ? 'aes-256-ecb' : 'aes-128-ecb', key, null);
  cipher.setAutoPadding(false);
  return (blocks) => cipher.update(blocks);
}

/**
 * One ECB cipher lives as long as the key and encrypts counter blocks written here. A CTR cipher cannot be set to
 * another counter, so it would have to be built for every packet, at several times the cost.
 */
export class CounterMode {
  readonly #encrypt: (blocks: Buffer) => Buffer;
  readonly #salt: DataView;
  #blocks = Buffer.alloc(0);
  #view = new DataView(this.#blocks.buffer, 0, 0);
  #used = this.#blocks;

  /** `salt`: 14 octets. */
  constructor(key: Uint8Array, salt: Uint8Array) {
    this.#encrypt = ecbCipher(key);
    const padded = new Uint8Array(AES_BLOCK_BYTES);
    padded.set(salt);
    this.#salt = new DataView(padded.buffer);
    this.#grow(INITIAL_BLOCKS);
  }

  /**
   * Encrypts or decrypts `data[start, end)` in place; at most 2^20 octets, since the block counter
   * has 16 bits. `index`: up to 48 bits.
   */
  apply(data: Buffer, start: number, end: number, ssrc: number, index: number): void {
    const length = end - start;
    if (length <= 0) return;
    const count = Math.ceil(length / AES_BLOCK_BYTES);
    if (count * AES_BLOCK_BYTES > this.#blocks.length) this.#grow(count);
    this.#writeCounters(count, ssrc, index);
    const keystream = this.#encrypt(this.#used);
    for (let i = 0; i < length; i++) {
      data[start + i] = (data[start + i] ?? 0) ^ (keystream[i] ?? 0);
    }
  }

  /** IV = salt·2^16 xor SSRC·2^64 xor index·2^16, then the block number in the low 16 bits. */
  #writeCounters(count: number, ssrc: number, index: number): void {
    const second = this.#salt.getUint32(4) ^ ssrc;
    const third = this.#salt.getUint32(8) ^ Math.floor(index / 0x1_0000);
    const fourth = this.#salt.getUint32(12) ^ ((index % 0x1_0000) << 16);
    const used = count * AES_BLOCK_BYTES;
    const view = this.#view;
    for (let at = 0, block = 0; at < used; at += AES_BLOCK_BYTES, block++) {
      view.setUint32(at + 4, second);
      view.setUint32(at + 8, third);
      view.setUint32(at + 12, fourth | block);
    }
    if (this.#used.length !== used) this.#used = this.#blocks.subarray(0, used);
  }

  /** The first salt word never changes, so it is written once. */
  #grow(count: number): void {
    this.#blocks = Buffer.alloc(count * AES_BLOCK_BYTES);
    this.#view = new DataView(this.#blocks.buffer, this.#blocks.byteOffset, this.#blocks.length);
    this.#used = this.#blocks;
    for (let at = 0; at < this.#blocks.length; at += AES_BLOCK_BYTES) {
      this.#view.setUint32(at, this.#salt.getUint32(0));
    }
  }
}
