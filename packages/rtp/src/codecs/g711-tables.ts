// ITU-T G.711: the companding laws as tables over 16-bit linear samples.

const ULAW_BIAS = 33;
/** Largest 14-bit magnitude that does not run over the last segment with the bias added. */
const ULAW_CLIP = 8192 - ULAW_BIAS - 1;

function expandUlaw(code: number): number {
  const bits = ~code & 0xff;
  const segment = (bits >> 4) & 7;
  const magnitude = ((((bits & 0x0f) << 1) + ULAW_BIAS) << segment) - ULAW_BIAS;
  // 14 bits, scaled to 16
  return (bits & 0x80 ? -magnitude : magnitude) * 4;
}

/** `sample14`: 14-bit two's complement. */
function compressUlaw(sample14: number): number {
  const negative = sample14 < 0;
  // One's complement for negatives, as G.191 has it: the decision values of both signs mirror each other
  const magnitude = Math.min(negative ? ~sample14 : sample14, ULAW_CLIP) + ULAW_BIAS;
  const segment = 31 - Math.clz32(magnitude) - 5;
  const step = (magnitude >> (segment + 1)) & 0x0f;
  return ~((negative ? 0x80 : 0) | (segment << 4) | step) & 0xff;
}

function expandAlaw(code: number): number {
  // Even bits are inverted on the line (G.711 table 1a, note)
  const bits = code ^ 0x55;
  const segment = (bits >> 4) & 7;
  const step = ((bits & 0x0f) << 1) + 1;
  const magnitude = segment === 0 ? step : (step + 32) << (segment - 1);
  // 13 bits, scaled to 16
  return (bits & 0x80 ? magnitude : -magnitude) * 8;
}

/** `sample13`: 13-bit two's complement. */
function compressAlaw(sample13: number): number {
  const negative = sample13 < 0;
  const magnitude = negative ? ~sample13 : sample13;
  const segment = Math.max(0, 31 - Math.clz32(magnitude | 1) - 4);
  const step = segment < 2 ? (magnitude >> 1) & 0x0f : (magnitude >> segment) & 0x0f;
  return ((negative ? 0 : 0x80) | (segment << 4) | step) ^ 0x55;
}

/** Linear value of each of the 256 codes. */
export const ULAW_TO_LINEAR = Int16Array.from({ length: 256 }, (_, code) => expandUlaw(code));
export const ALAW_TO_LINEAR = Int16Array.from({ length: 256 }, (_, code) => expandAlaw(code));

/** Code of a sample, by `(sample + 32768) >> 2`: µ-law looks at 14 bits. */
export const LINEAR_TO_ULAW = Uint8Array.from({ length: 16_384 }, (_, i) => compressUlaw(i - 8192));
/** Code of a sample, by `(sample + 32768) >> 3`: A-law looks at 13 bits. */
export const LINEAR_TO_ALAW = Uint8Array.from({ length: 8_192 }, (_, i) => compressAlaw(i - 4096));
