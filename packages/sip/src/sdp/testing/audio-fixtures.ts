// Fixtures for the tests of this folder.
import assert from 'node:assert/strict';
import type { SessionDescription } from '../description.ts';
import type { LocalAudio, LocalCodec } from '../local-audio.ts';
import { parseSdp } from '../parse-sdp.ts';

export const PCMU: LocalCodec = { name: 'PCMU', clockRate: 8000, payloadType: 0 };
export const PCMA: LocalCodec = { name: 'PCMA', clockRate: 8000, payloadType: 8 };
export const G722: LocalCodec = { name: 'G722', clockRate: 8000, payloadType: 9 };
export const G729: LocalCodec = { name: 'G729', clockRate: 8000, payloadType: 18, fmtp: 'annexb=no' };
export const ILBC: LocalCodec = { name: 'iLBC', clockRate: 8000, payloadType: 97 };
export const OPUS: LocalCodec = {
  name: 'opus',
  clockRate: 48000,
  channels: 2,
  payloadType: 96,
  fmtp: 'useinbandfec=1',
};

export function localAudio(overrides: Partial<LocalAudio> = {}): LocalAudio {
  return { address: '192.0.2.10', port: 40_000, codecs: [PCMU, PCMA], srtp: 'off', ...overrides };
}

/** Deterministic, different on every call, as random octets are. */
export function createRandom(): (length: number) => Buffer {
  let next = 0;
  return (length) => Buffer.alloc(length, (next += 1));
}

/** SDP from lines; the usual head is added unless the first line is v=. */
export function sdp(...lines: string[]): SessionDescription {
  const head = ['v=0', 'o=peer 1 1 IN IP4 198.51.100.7', 's=-', 'c=IN IP4 198.51.100.7', 't=0 0'];
  const parsed = parseSdp([...(lines[0]?.startsWith('v=') ? [] : head), ...lines].join('\r\n'));
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.description;
}
