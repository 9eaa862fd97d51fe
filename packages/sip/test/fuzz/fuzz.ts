import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { StreamFramer } from '../../src/index.ts';
import { exercise } from './exercise.ts';
import { makeRandom, mutate } from './mutate.ts';
import { SAMPLES } from './samples.ts';

export interface FuzzReport {
  readonly messages: number;
  readonly accepted: number;
  readonly seconds: number;
  readonly slowestMs: number;
  readonly heapGrowthBytes: number;
}

const MAX_HEAP_GROWTH_BYTES = 24 * 1024 * 1024;
/** A message of a few kilobytes takes microseconds; this allows for the machine to look away. */
const HANG_MS = 1_000;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/**
 * Feeds `count` mutated messages to parser, validator, writer and, for some, the stream framer. Throws on the
 * first that throws, hangs or leaves memory behind; the message is in the error as base64.
 */
export function fuzz(count: number, seed = 1): FuzzReport {
  const random = makeRandom(seed);
  const pick = (): Buffer => SAMPLES[random(SAMPLES.length)] ?? Buffer.alloc(0);
  const started = performance.now();
  const warmUp = Math.min(count, 20_000);
  let accepted = 0;
  let slowestMs = 0;
  let heapBefore = 0;
  for (let i = 0; i < count; i++) {
    if (i === warmUp - 1) heapBefore = heapBytes();
    const bytes = mutate(pick(), pick(), random);
    const before = performance.now();
    try {
      if (exercise(bytes) === 'accepted') accepted++;
      if (i % 8 === 0) frameInPieces(bytes, pick(), random);
    } catch (cause) {
      throw new Error(`message ${i} of seed ${seed}: ${bytes.toString('base64')}`, { cause });
    }
    const tookMs = performance.now() - before;
    slowestMs = Math.max(slowestMs, tookMs);
    assert.ok(tookMs < HANG_MS, `message ${i} took ${tookMs} ms: ${bytes.toString('base64')}`);
  }
  const heapGrowthBytes = heapBytes() - heapBefore;
  assert.ok(heapGrowthBytes < MAX_HEAP_GROWTH_BYTES, `the heap grew by ${heapGrowthBytes} bytes`);
  return {
    messages: count,
    accepted,
    seconds: (performance.now() - started) / 1000,
    slowestMs,
    heapGrowthBytes,
  };
}

/** Two messages on one stream, cut at random: it must neither throw nor hold more than its limit. */
function frameInPieces(first: Buffer, second: Buffer, random: (below: number) => number): void {
  const framer = new StreamFramer();
  const stream = Buffer.concat([first, second]);
  for (let at = 0; at < stream.length;) {
    const next = at + 1 + random(700);
    framer.push(stream.subarray(at, next));
    at = next;
  }
  assert.ok(framer.bufferedBytes <= stream.length);
}

if (import.meta.main) {
  const count = Number(process.argv[2] ?? 1_000_000);
  const seed = Number(process.argv[3] ?? 1);
  process.stdout.write(`${JSON.stringify(fuzz(count, seed))}\n`);
}
