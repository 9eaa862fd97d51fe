// Master keys with what is counted against their lifetime: RFC 3711 §9.2, RFC 4568 §6.1.
import { CounterModeTransform } from './counter-mode-transform.ts';
import { deriveSessionKeys } from './derive-keys.ts';
import { GcmTransform } from './gcm-transform.ts';
import { RTP_INDEX_LIMIT } from './packet-index.ts';
import { suiteFacts, type SrtpSuite } from './suites.ts';
import type { PacketTransform } from './transform.ts';

/** What one `inline:` of an a=crypto line says. */
export interface SrtpMasterKey {
  readonly key: Uint8Array;
  readonly salt: Uint8Array;
  /** Packets, of SRTP and of SRTCP each; undefined means the suite's own limit. */
  readonly lifetime?: number | undefined;
  /** Master key identifier as it stands in the packets. */
  readonly mki?: Uint8Array | undefined;
}

/** SRTCP packets a master key may protect. */
export const RTCP_INDEX_LIMIT = 2 ** 31;

const NO_MKI = new Uint8Array(0);

export class SessionKey {
  readonly mki: Uint8Array;
  readonly transform: PacketTransform;
  rtpPackets = 0;
  rtcpPackets = 0;
  readonly #rtpLimit: number;
  readonly #rtcpLimit: number;

  constructor(suite: SrtpSuite, master: SrtpMasterKey) {
    const facts = suiteFacts(suite);
    if (master.key.length !== facts.keyBytes || master.salt.length !== facts.saltBytes) {
      throw new RangeError(
        `${suite} takes a key of ${facts.keyBytes} and a salt of ${facts.saltBytes} octets`,
      );
    }
    const { rtp, rtcp } = deriveSessionKeys(facts, master.key, master.salt);
    this.transform = facts.aead
      ? new GcmTransform(facts, rtp, rtcp)
      : new CounterModeTransform(facts, rtp, rtcp);
    this.mki = master.mki ?? NO_MKI;
    const lifetime = master.lifetime ?? RTP_INDEX_LIMIT;
    this.#rtpLimit = Math.min(lifetime, RTP_INDEX_LIMIT);
    this.#rtcpLimit = Math.min(lifetime, RTCP_INDEX_LIMIT);
  }

  /** Whichever of the two counts is full first ends the key for both. */
  get exhausted(): boolean {
    return this.rtpPackets >= this.#rtpLimit || this.rtcpPackets >= this.#rtcpLimit;
  }

  /** Whether the MKI stands in `packet` at `at`; always so for a key without one. */
  isNamedAt(packet: Buffer, at: number): boolean {
    for (let i = 0; i < this.mki.length; i++) if (packet[at + i] !== this.mki[i]) return false;
    return true;
  }
}

/** Several keys are told apart by MKIs of one length (RFC 4568 §6.1). Throws a RangeError on keys that are not so. */
export function createSessionKeys(suite: SrtpSuite, masters: readonly SrtpMasterKey[]): SessionKey[] {
  const keys = masters.map((master) => new SessionKey(suite, master));
  const mkiBytes = keys[0]?.mki.length;
  if (mkiBytes === undefined) throw new RangeError('SRTP needs a master key');
  const even = keys.every((key) => key.mki.length === mkiBytes);
  if (!even || (keys.length > 1 && mkiBytes === 0))
    throw new RangeError('several keys need MKIs of one length');
  return keys;
}
