/**
 * One direction pair of one call: a codec may keep state, so it is never shared. Samples are 16-bit mono at
 * `sampleRate`. Nothing here allocates per frame, and no payload makes `decode` throw.
 */
export interface AudioCodec {
  /** Encoding name of the session description (RFC 4566 rtpmap). */
  readonly name: string;
  /** RTP timestamp units per second. G.722 says 8000 and samples at 16000 (RFC 3551 §4.5.2). */
  readonly clockRate: number;
  readonly sampleRate: number;
  /** Samples of 20 ms. */
  readonly samplesPerFrame: number;
  /** Octets that `samples` samples become. */
  payloadBytes(samples: number): number;
  /** Samples in a payload, without decoding it. */
  samplesIn(payload: Uint8Array): number;
  /** Writes at `offset`, as much as fits; the answer is how many octets. */
  encode(pcm: Int16Array, target: Uint8Array, offset?: number): number;
  /** Writes from the start of `target`, as much as fits; the answer is how many samples. */
  decode(payload: Uint8Array, target: Int16Array): number;
}
