import { randomBytes } from 'node:crypto';
import { SrtpReceiver } from '../src/srtp/srtp-receiver.ts';
import { SrtpSender } from '../src/srtp/srtp-sender.ts';
import { suiteFacts, type SrtpSuite } from '../src/srtp/suites.ts';

// µs of CPU per 20 ms G.711 packet, protected and unprotected: `node packages/rtp/bench/srtp.ts [packets]`

const count = Number(process.argv[2] ?? 50_000);
const RTP_BYTES = 172;
const SUITES: readonly SrtpSuite[] = [
  'AES_CM_128_HMAC_SHA1_80',
  'AES_256_CM_HMAC_SHA1_80',
  'AEAD_AES_128_GCM',
  'AEAD_AES_256_GCM',
];

function timed(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / count;
}

function round(suite: SrtpSuite): { protectUs: number; unprotectUs: number } {
  const { keyBytes, saltBytes } = suiteFacts(suite);
  const keys = [{ key: randomBytes(keyBytes), salt: randomBytes(saltBytes) }];
  const sender = new SrtpSender(suite, keys);
  const receiver = new SrtpReceiver(suite, keys);
  const stride = RTP_BYTES + sender.rtpOverhead;
  const packets = Array.from({ length: count }, (_, i) => {
    const packet = Buffer.alloc(stride);
    packet.writeUInt8(0x80, 0);
    packet.writeUInt16BE(i % 0x1_0000, 2);
    return packet;
  });
  const protectUs = timed(() => {
    for (const packet of packets)
      if (!sender.protectRtp(packet, RTP_BYTES).ok) throw new Error('not protected');
  });
  const unprotectUs = timed(() => {
    for (const packet of packets)
      if (!receiver.unprotectRtp(packet, stride).ok) throw new Error('not accepted');
  });
  return { protectUs, unprotectUs };
}

const median = (values: number[]): number =>
  Number((values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0).toFixed(2));

for (const suite of SUITES) {
  round(suite);
  const rounds = [round(suite), round(suite), round(suite)];
  const report = {
    suite,
    protectUs: median(rounds.map((result) => result.protectUs)),
    unprotectUs: median(rounds.map((result) => result.unprotectUs)),
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
