import { createPcma, createPcmu } from '../src/codecs/g711.ts';
import { createG722 } from '../src/codecs/g722.ts';
import { WaveformConcealer } from '../src/codecs/loss-concealer.ts';
import { xorshift32 } from '../src/codecs/noise-source.ts';
import { ToneDetector } from '../src/dtmf/tone-detector.ts';
import { parseRtp } from '../src/packet/rtp-packet.ts';
import { buildRtp } from '../src/packet/write-rtp.ts';
import { InboundAudio } from '../src/receive/inbound-audio.ts';
import { JitterBuffer } from '../src/receive/jitter-buffer.ts';
import { AudioSender } from '../src/send/audio-sender.ts';

// CPU time per 20 ms frame of each part: `node packages/rtp/bench/frame.ts [frames]`. The median of five rounds.

const frames = Number(process.argv[2] ?? 100_000);
const random = xorshift32(1);
const voice = Int16Array.from({ length: 320 * 50 }, (_, i) =>
  Math.round(8_000 * Math.sin(i / 13) * Math.sin(i / 900) + 400 * (random() - 0.5)),
);
const narrow = Array.from({ length: 50 }, (_, i) => voice.subarray(160 * i, 160 * (i + 1)));
const wide = Array.from({ length: 50 }, (_, i) => voice.subarray(320 * i, 320 * (i + 1)));

function frameOf(list: readonly Int16Array[], n: number): Int16Array {
  return list[n % list.length] ?? new Int16Array(0);
}

function measure(makeStep: () => (n: number) => void): number {
  const rounds: number[] = [];
  for (let round = 0; round < 6; round++) {
    const step = makeStep();
    const before = process.cpuUsage();
    for (let n = 0; n < frames; n++) step(n);
    const used = process.cpuUsage(before);
    if (round > 0) rounds.push((used.user + used.system) / frames);
  }
  rounds.sort((a, b) => a - b);
  return Math.round((rounds[2] ?? 0) * 1000) / 1000;
}

const pcm = new Int16Array(320);
const payload = new Uint8Array(160);

function parse(): (n: number) => void {
  const bytes = buildRtp({ payloadType: 0, sequenceNumber: 1, timestamp: 160, ssrc: 7 }, payload);
  let seen = 0;
  return () => {
    const result = parseRtp(bytes);
    if (result.ok) seen += result.packet.payload.length;
    if (seen < 0) throw new Error('never');
  };
}

function jitter(): (n: number) => void {
  const buffer = new JitterBuffer({ clockRate: 8000 });
  return (n) => {
    const input = { sequence: 70_000 + n, timestamp: (160 * n) >>> 0, kind: 'audio' as const };
    buffer.push({ ...input, units: 160, payload }, 20 * n + (n % 7));
    buffer.take(20 * n + 10);
  };
}

function wholeCall(lossEvery: number): () => (n: number) => void {
  return () => {
    const stream = { payloadType: 0, ssrc: 1, sequenceNumber: 0, timestamp: 0 };
    const sender = new AudioSender({ codec: createPcmu(), ...stream });
    const inbound = new InboundAudio({ codec: createPcmu(), payloadType: 0 });
    return (n) => {
      const packet = sender.send(frameOf(narrow, n));
      if (packet && n % lossEvery !== 1) inbound.receive(packet, 20 * n);
      inbound.pull(20 * n + 10, pcm);
    };
  };
}

function concealment(): (n: number) => void {
  const concealer = new WaveformConcealer(8000);
  return (n) => {
    concealer.observe(frameOf(narrow, n), 0, 160);
    concealer.conceal(pcm, 0, 160, true);
  };
}

const pcmu = createPcmu();
const pcma = createPcma();
const g722 = createG722();
const encoded = wide.map((frame) => {
  const bytes = new Uint8Array(160);
  g722.encode(frame, bytes);
  return bytes;
});
const detector = new ToneDetector(() => undefined);

const microseconds = {
  rtpParse: measure(parse),
  pcmuEncode: measure(() => (n) => void pcmu.encode(frameOf(narrow, n), payload)),
  pcmuDecode: measure(() => () => void pcmu.decode(payload, pcm)),
  pcmaEncode: measure(() => (n) => void pcma.encode(frameOf(narrow, n), payload)),
  pcmaDecode: measure(() => () => void pcma.decode(payload, pcm)),
  g722Encode: measure(() => (n) => void g722.encode(frameOf(wide, n), payload)),
  g722Decode: measure(() => (n) => void g722.decode(encoded[n % 50] ?? payload, pcm)),
  jitterPushAndTake: measure(jitter),
  concealOneFrame: measure(() => concealment()),
  toneDetector: measure(() => (n) => detector.push(frameOf(narrow, n))),
  pcmuSendReceivePlay: measure(wholeCall(Infinity)),
  pcmuSendReceivePlay5PercentLoss: measure(wholeCall(20)),
};
process.stdout.write(`${JSON.stringify({ frames, microsecondsPerFrame: microseconds }, undefined, 2)}\n`);
