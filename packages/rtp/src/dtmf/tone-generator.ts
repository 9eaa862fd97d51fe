import { pairOf } from './tone-frequencies.ts';

export interface ToneShape {
  readonly digit: string;
  readonly durationMs: number;
  readonly sampleRate?: number;
  /** Of the row tone, dBov. */
  readonly levelDb?: number;
  /** Column over row, dB. */
  readonly twistDb?: number;
}

/** A touch tone as sound, for peers that know no telephone-event and for tests. Empty for what is no digit. */
export function generateTone(shape: ToneShape): Int16Array {
  const { sampleRate = 8000, levelDb = -12, twistDb = 0 } = shape;
  const pair = pairOf(shape.digit);
  if (!pair) return new Int16Array(0);
  const row = 32_767 * 10 ** (levelDb / 20);
  const column = row * 10 ** (twistDb / 20);
  const pcm = new Int16Array(Math.round((shape.durationMs * sampleRate) / 1000));
  const step = (2 * Math.PI) / sampleRate;
  for (let i = 0; i < pcm.length; i++) {
    const sample = row * Math.sin(step * pair.rowHz * i) + column * Math.sin(step * pair.columnHz * i);
    pcm[i] = Math.max(-32_768, Math.min(32_767, Math.round(sample)));
  }
  return pcm;
}
