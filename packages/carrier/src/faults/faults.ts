import type { DatagramFaults } from '@tronco/sip/testing';

/** What goes wrong, until told otherwise. An empty object is a carrier in good health. */
export interface CarrierFaults {
  /** Loses, doubles, reorders and delays SIP over UDP, by chance. */
  readonly datagrams?:
    | { readonly sending?: DatagramFaults | undefined; readonly receiving?: DatagramFaults | undefined }
    | undefined;
  /** Dead: takes packets and connections, hears nothing and says nothing. */
  readonly silent?: boolean | undefined;
  /** Challenges in this realm, and refuses what answers it. */
  readonly realm?: string | undefined;
  /** Challenges whatever comes, the right credentials too; `stale` calls each nonce too old (RFC 7616 §3.3). */
  readonly endlessChallenge?: 'plain' | 'stale' | undefined;
  /** TLS: a certificate that expired an hour ago, for connections opened from now on. */
  readonly expiredCertificate?: boolean | undefined;
  /** An address in Contact that leads nowhere, as from behind NAT: "192.168.1.20". */
  readonly privateContact?: string | undefined;
  /** The same in SDP. */
  readonly privateMedia?: string | undefined;
  /** 503 to new requests, calls that stand go on. `share` from 0 to 1, default all. */
  readonly unavailable?:
    | { readonly share?: number | undefined; readonly retryAfterSeconds?: number | undefined }
    | undefined;
  /** Every response leaves so much later. */
  readonly answerDelayMs?: number | undefined;
}
