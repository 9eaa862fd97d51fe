import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Batch } from './batch.ts';
import type { CheckSettings, ChunkToCheck } from './check-rows.ts';
import type { Question, Reply } from './check-thread.ts';
import { TooManyNumbers } from './seen-numbers.ts';

const IDLE_MS = 10_000;
/** Young objects only: rows live for one batch. Small spaces keep the thread's memory small. */
const LIMITS = { maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 96 };

/**
 * Has the thread use the compile cache of the process, which it does not inherit: otherwise it would load
 * the TypeScript stripper for its few files, 20 MB and half of its start.
 */
const ENTRY = `
  const { workerData } = require('node:worker_threads');
  if (workerData.cacheDir) require('node:module').enableCompileCache(workerData.cacheDir);
  import(workerData.script);
`;

function startWorker(): Worker {
  const cacheDir = getCompileCacheDir();
  return new Worker(ENTRY, {
    eval: true,
    workerData: {
      script: new URL('./check-thread.ts', import.meta.url).href,
      // The function answers the folder of this Node version and takes the one above it.
      cacheDir: cacheDir === undefined ? undefined : dirname(cacheDir),
    },
    resourceLimits: LIMITS,
  });
}

/** Checks rows in a thread of its own, so that a million of them never stop the API. One import at a time. */
export type Checker = {
  begin(settings: CheckSettings): Promise<void>;
  /** Numbers that were checked before this node took the import over. */
  remember(numbers: Float64Array<ArrayBuffer>, rowNumbers: Uint32Array<ArrayBuffer>): Promise<void>;
  chunk(chunk: ChunkToCheck): Promise<void>;
  /** The next batch of the chunk. @throws TooManyNumbers */
  batch(): Promise<Batch>;
  /** Call when the import has ended: the thread ends when no other comes soon. */
  rest(): void;
  stop(): Promise<void>;
};

type Waiting = { resolve(reply: Reply): void; reject(error: Error): void };

class CheckThread {
  readonly #worker = startWorker();
  readonly #waiting: Waiting[] = [];
  ended = false;

  constructor() {
    this.#worker.on('message', (reply: Reply) => this.#waiting.shift()?.resolve(reply));
    this.#worker.on('error', (error: Error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('the checking thread ended')));
    // Never a reason to stay: the job that waits for it is.
    this.#worker.unref();
  }

  #fail(error: Error): void {
    this.ended = true;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  async ask(question: Question, transfer: ArrayBuffer[] = []): Promise<Batch | undefined> {
    const reply = await new Promise<Reply>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(question, transfer);
    });
    if (reply.ok) return reply.batch;
    throw reply.tooMany ? new TooManyNumbers() : new Error(reply.message);
  }

  async end(): Promise<void> {
    this.ended = true;
    await this.#worker.terminate();
  }
}

/** Starts its thread when it is first asked. */
export function createChecker(): Checker {
  let thread: CheckThread | undefined;
  let idle: NodeJS.Timeout | undefined;
  const current = (): CheckThread => {
    clearTimeout(idle);
    if (!thread || thread.ended) thread = new CheckThread();
    return thread;
  };
  const stop = async (): Promise<void> => {
    clearTimeout(idle);
    await thread?.end();
    thread = undefined;
  };
  return {
    begin: async (settings) => void (await current().ask({ ask: 'begin', settings })),
    async remember(numbers, rowNumbers) {
      const transfer = [numbers.buffer, rowNumbers.buffer];
      await current().ask({ ask: 'remember', numbers, rowNumbers }, transfer);
    },
    chunk: async (chunk) => void (await current().ask({ ask: 'chunk', chunk })),
    async batch() {
      const batch = await current().ask({ ask: 'batch' });
      if (!batch) throw new Error('the checking thread gave no batch');
      return batch;
    },
    rest() {
      idle = setTimeout(() => void stop(), IDLE_MS).unref();
    },
    stop,
  };
}
