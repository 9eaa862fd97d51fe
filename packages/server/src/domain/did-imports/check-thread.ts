import { parentPort } from 'node:worker_threads';
import type { Batch } from './batch.ts';
import { checkChunk, type CheckSettings, type ChunkToCheck } from './check-rows.ts';
import { SeenNumbers, TooManyNumbers } from './seen-numbers.ts';

/** What the main thread asks; every question has one answer, in order. */
export type Question =
  | { ask: 'begin'; settings: CheckSettings }
  | { ask: 'remember'; numbers: Float64Array; rowNumbers: Uint32Array }
  | { ask: 'chunk'; chunk: ChunkToCheck }
  | { ask: 'batch' };

export type Reply = { ok: true; batch?: Batch } | { ok: false; tooMany: boolean; message: string };

let settings: CheckSettings | undefined;
let seen = new SeenNumbers(0);
let batches: Generator<Batch> | undefined;

function answer(question: Question): Reply {
  switch (question.ask) {
    case 'begin':
      settings = question.settings;
      seen = new SeenNumbers(question.settings.rowsTotal);
      batches = undefined;
      return { ok: true };
    case 'remember':
      question.numbers.forEach((number, i) => {
        if (number !== 0) seen.add(number, question.rowNumbers[i] ?? 0);
      });
      return { ok: true };
    case 'chunk':
      if (!settings) throw new Error('no import was begun');
      batches = checkChunk(question.chunk, settings, seen);
      return { ok: true };
    case 'batch': {
      const next = batches?.next();
      if (!next || next.done) throw new Error('the chunk has no more batches');
      return { ok: true, batch: next.value };
    }
  }
}

const arraysOf = ({ rowNumbers, numbers, verdicts }: Batch): ArrayBuffer[] => [
  rowNumbers.buffer,
  numbers.buffer,
  verdicts.buffer,
];

const port = parentPort;
port?.on('message', (question: Question) => {
  let reply: Reply;
  try {
    reply = answer(question);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    reply = { ok: false, tooMany: error instanceof TooManyNumbers, message };
  }
  // Handed over, not copied: what is copied leaves its holes in the process's memory.
  port.postMessage(reply, reply.ok && reply.batch ? arraysOf(reply.batch) : []);
});
