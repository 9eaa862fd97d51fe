import { middleOf, ntpTime, roundTripMs } from './ntp-time.ts';
import { type ReportBlock, type RtcpPacket, SDES_CNAME, type SenderInfo } from './rtcp-packet.ts';
import { buildRtcp } from './write-rtcp.ts';

/** What was sent so far; `timestamp` is the RTP time of the moment the report is made. */
export interface SentSummary {
  readonly packets: number;
  readonly octets: number;
  readonly timestamp: number;
}

/** What of a peer's datagram matters to a call. */
export interface PeerReport {
  /** How the peer hears us: its last block about our stream. */
  readonly aboutUs?: ReportBlock;
  readonly roundTripMs?: number;
  /** The peer's clock of its stream, for lip sync and drift. */
  readonly sender?: SenderInfo;
  readonly cname?: string;
  readonly bye: boolean;
}

/**
 * Both directions of RTCP for one stream each way. `nowMs` is everywhere the same clock: milliseconds since 1970
 * that do not jump (`performance.timeOrigin + performance.now()`), so that round trips survive a clock correction.
 */
export class RtcpSession {
  readonly #ssrc: number;
  readonly #cname: string;
  readonly #lastReports = new Map<number, { readonly middle: number; readonly atMs: number }>();
  #reported = { packets: 0 };

  /** `cname`: RFC 7022 §4.2 wants a random one per call, not a user name. */
  constructor(options: { readonly ssrc: number; readonly cname: string }) {
    this.#ssrc = options.ssrc;
    this.#cname = options.cname;
  }

  /** A report with CNAME: a sender report if something was sent since the one before (§6.4), else a receiver report. */
  build(nowMs: number, sent: SentSummary, heard: readonly ReportBlock[]): Buffer {
    return buildRtcp([this.#report(nowMs, sent, heard), this.#sdes()]);
  }

  /** The last word: a report, CNAME and BYE (§6.6). */
  buildBye(nowMs: number, sent: SentSummary, heard: readonly ReportBlock[], reason?: string): Buffer {
    const bye: RtcpPacket = { kind: 'bye', ssrcs: [this.#ssrc], ...(reason === undefined ? {} : { reason }) };
    return buildRtcp([this.#report(nowMs, sent, heard), this.#sdes(), bye]);
  }

  /** LSR and DLSR for a block about `ssrc`: RFC 3550 §6.4.1. */
  lastReportOf(
    ssrc: number,
    nowMs: number,
  ): Pick<ReportBlock, 'lastSenderReport' | 'delaySinceLastSenderReport'> {
    const last = this.#lastReports.get(ssrc);
    if (!last) return { lastSenderReport: 0, delaySinceLastSenderReport: 0 };
    const delay = Math.round(((nowMs - last.atMs) / 1000) * 65_536);
    return { lastSenderReport: last.middle, delaySinceLastSenderReport: Math.max(0, delay) >>> 0 };
  }

  receive(packets: readonly RtcpPacket[], nowMs: number): PeerReport {
    let report: PeerReport = { bye: false };
    for (const packet of packets) {
      if (packet.kind === 'sender-report') {
        this.#noteSenderReport(packet.ssrc, packet.sender, nowMs);
        report = { ...report, sender: packet.sender };
      }
      if (packet.kind === 'sender-report' || packet.kind === 'receiver-report') {
        const aboutUs = packet.reports.find((block) => block.ssrc === this.#ssrc);
        const roundTrip = aboutUs && roundTripMs(nowMs, aboutUs);
        if (aboutUs) report = { ...report, aboutUs };
        if (roundTrip !== undefined) report = { ...report, roundTripMs: roundTrip };
      } else if (packet.kind === 'sdes') {
        const items = packet.chunks.flatMap((chunk) => chunk.items);
        const cname = items.find((item) => item.type === SDES_CNAME);
        if (cname) report = { ...report, cname: cname.text };
      } else if (packet.kind === 'bye') {
        report = { ...report, bye: true };
      }
    }
    return report;
  }

  #noteSenderReport(ssrc: number, sender: SenderInfo, nowMs: number): void {
    // A stranger's SSRCs must not fill the memory: two parties need one each
    if (this.#lastReports.size >= 8 && !this.#lastReports.has(ssrc)) this.#lastReports.clear();
    const middle = middleOf(sender.ntpSeconds, sender.ntpFraction);
    this.#lastReports.set(ssrc, { middle, atMs: nowMs });
  }

  #report(nowMs: number, sent: SentSummary, reports: readonly ReportBlock[]): RtcpPacket {
    const active = sent.packets > this.#reported.packets;
    this.#reported = { packets: sent.packets };
    if (!active) return { kind: 'receiver-report', ssrc: this.#ssrc, reports };
    const ntp = ntpTime(nowMs);
    const sender = {
      ntpSeconds: ntp.seconds,
      ntpFraction: ntp.fraction,
      rtpTimestamp: sent.timestamp,
      packetCount: sent.packets,
      octetCount: sent.octets,
    };
    return { kind: 'sender-report', ssrc: this.#ssrc, sender, reports };
  }

  #sdes(): RtcpPacket {
    const items = [{ type: SDES_CNAME, text: this.#cname }];
    return { kind: 'sdes', chunks: [{ ssrc: this.#ssrc, items }] };
  }
}
