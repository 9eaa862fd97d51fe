// The package's only door.

// RTP packets: RFC 3550 §5, RFC 5761
export { classifyDatagram, type DatagramKind } from './packet/classify-datagram.ts';
export {
  parseRtp,
  type RtpExtension,
  type RtpFault,
  RtpPacket,
  type RtpParseResult,
} from './packet/rtp-packet.ts';
export { buildRtp, PacketRing, padRtp, type RtpHeader, writeRtpHeader } from './packet/write-rtp.ts';

// RTCP: RFC 3550 §6
export type { ReportBlock, RtcpPacket, SdesChunk, SdesItem, SenderInfo } from './rtcp/rtcp-packet.ts';
export { parseRtcp, type RtcpFault, type RtcpParseOptions, type RtcpParseResult } from './rtcp/parse-rtcp.ts';
export { buildRtcp } from './rtcp/write-rtcp.ts';
export { ntpTime, roundTripMs } from './rtcp/ntp-time.ts';
export { type IntervalInput, reportIntervalMs, ReportSchedule } from './rtcp/report-schedule.ts';
export { type PeerReport, RtcpSession, type SentSummary } from './rtcp/rtcp-session.ts';

// Receiving
export {
  type LatchDecision,
  type LatchOptions,
  type MediaAddress,
  SymmetricLatch,
} from './receive/symmetric-latch.ts';
export { InboundAudio, type InboundAudioOptions, type InboundVerdict } from './receive/inbound-audio.ts';
export { type FrameCounters, type FrameKind, Playout, type PlayoutOptions } from './receive/playout.ts';
export {
  JitterBuffer,
  type JitterCounters,
  type JitterInput,
  type JitterOptions,
  type PushVerdict,
  type Taken,
} from './receive/jitter-buffer.ts';
export type { StoredKind, StoredPacket } from './receive/packet-store.ts';
export { type Reception, RtpReceiver } from './receive/rtp-receiver.ts';
export { SequenceTracker, type SequenceVerdict } from './receive/sequence-tracker.ts';
export { InterarrivalJitter, LossReport } from './receive/reception-statistics.ts';

// Sending
export { AudioSender, type AudioSenderOptions } from './send/audio-sender.ts';
export { Packetizer, type PacketizerOptions, type PacketSeal } from './send/packetizer.ts';
export { LevelSuppressor, type SilenceDecision, type SilenceSuppressor } from './send/silence-suppressor.ts';

// Codecs: RFC 3551, RFC 3389
export type { AudioCodec } from './codecs/audio-codec.ts';
export { createPcma, createPcmu } from './codecs/g711.ts';
export { createG722 } from './codecs/g722.ts';
export { createL16 } from './codecs/l16.ts';
export {
  analyzeNoise,
  ComfortNoiseGenerator,
  type NoiseShape,
  parseComfortNoise,
  writeComfortNoise,
} from './codecs/comfort-noise.ts';
export { type LossConcealer, WaveformConcealer } from './codecs/loss-concealer.ts';

// Touch tones: RFC 4733, ITU-T Q.23 and Q.24
export {
  digitOfEvent,
  eventOfDigit,
  parseTelephoneEvents,
  type TelephoneEvent,
  writeTelephoneEvent,
} from './dtmf/telephone-event.ts';
export { type DtmfEvent, EventReceiver } from './dtmf/event-receiver.ts';
export { type EventPacket, EventSender, type ToneRequest } from './dtmf/event-sender.ts';
export { ToneDetector, type ToneEvent } from './dtmf/tone-detector.ts';
export { generateTone, type ToneShape } from './dtmf/tone-generator.ts';

// Quality: ITU-T G.107
export {
  type CodecImpairment,
  estimateQuality,
  G711_BARE_IMPAIRMENT,
  G711_IMPAIRMENT,
  type QualityEstimate,
  type QualityInput,
} from './quality/e-model.ts';
export {
  type DirectionQuality,
  inboundQuality,
  type InboundQuality,
  OutboundQuality,
} from './quality/call-quality.ts';

// SRTP: RFC 3711, RFC 6188, RFC 7714
export { type SrtpOptions, SrtpSender } from './srtp/srtp-sender.ts';
export { SrtpReceiver } from './srtp/srtp-receiver.ts';
export type { SrtpMasterKey } from './srtp/session-key.ts';
export { type SrtpSuite, type SuiteFacts, suiteFacts } from './srtp/suites.ts';
export type { SrtpFault, SrtpResult } from './srtp/result.ts';

// Sample rates and mixing
export { Resampler, type Samples } from './resample/resampler.ts';
export type { SampleRate } from './resample/filter.ts';
export { gainFromDb, GainRamp } from './mix/gain-ramp.ts';
export { interleaveStereo } from './mix/interleave-stereo.ts';
export { type Level, LevelMeter } from './mix/level-meter.ts';
export { type MixLimit, Mixer } from './mix/mixer.ts';
