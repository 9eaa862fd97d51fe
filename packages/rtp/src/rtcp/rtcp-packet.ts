// RTCP packets as values: RFC 3550 §6.4–6.7.

/** RFC 3550 §6.4.1, the sender's half of a sender report. */
export interface SenderInfo {
  readonly ntpSeconds: number;
  readonly ntpFraction: number;
  readonly rtpTimestamp: number;
  readonly packetCount: number;
  readonly octetCount: number;
}

export interface ReportBlock {
  readonly ssrc: number;
  /** Of 256, since the report before. */
  readonly fractionLost: number;
  /** Packets, −2²³ … 2²³−1: duplicates make it negative. */
  readonly cumulativeLost: number;
  readonly highestSequence: number;
  /** RTP timestamp units. */
  readonly jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report, 0 for none. */
  readonly lastSenderReport: number;
  /** 1/65,536 s. */
  readonly delaySinceLastSenderReport: number;
}

export interface SdesItem {
  /** RFC 3550 §12.2; 1 is CNAME. */
  readonly type: number;
  /** Written by the peer: escape it before it goes to a log or a page. */
  readonly text: string;
}

export interface SdesChunk {
  readonly ssrc: number;
  readonly items: readonly SdesItem[];
}

export type RtcpPacket =
  | {
      readonly kind: 'sender-report';
      readonly ssrc: number;
      readonly sender: SenderInfo;
      readonly reports: readonly ReportBlock[];
    }
  | { readonly kind: 'receiver-report'; readonly ssrc: number; readonly reports: readonly ReportBlock[] }
  | { readonly kind: 'sdes'; readonly chunks: readonly SdesChunk[] }
  | { readonly kind: 'bye'; readonly ssrcs: readonly number[]; readonly reason?: string }
  | {
      readonly kind: 'app';
      readonly subtype: number;
      readonly ssrc: number;
      /** Four ASCII characters. */
      readonly name: string;
      readonly data: Uint8Array;
    }
  | {
      /** Feedback (RFC 4585), extended reports (RFC 3611) and whatever comes: kept, not read. */
      readonly kind: 'other';
      readonly packetType: number;
      readonly count: number;
      readonly body: Uint8Array;
    };

export const RTCP_TYPE = { sr: 200, rr: 201, sdes: 202, bye: 203, app: 204 } as const;
export const SDES_CNAME = 1;
