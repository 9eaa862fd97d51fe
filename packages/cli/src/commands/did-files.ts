import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DidImport, ExportPhoneNumbersData } from '@tronco/sdk';
import type { Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { findTrunkId } from '../find.ts';
import { createProgressBar, type ProgressBar } from '../progress-bar.ts';
import { openSession, type Session } from '../session.ts';
import { followImport } from './did-import-progress.ts';

type Format = 'csv' | 'ndjson';
type ImportOptions = { format?: Format; country?: string; dryRun?: boolean; wait: boolean };
type ExportOptions = { trunk?: string; format?: Format; output?: string; tag?: string; country?: string };
type Uploaded = { session: Session; trunk_id: string; file: string; bar: ProgressBar };

const MEDIA_TYPES: Record<Format, string> = { csv: 'text/csv', ndjson: 'application/x-ndjson' };

/** Many numbers at once. */
export function registerDidFiles(command: Command): void {
  command
    .command('import <trunk> <file>')
    .description(
      'register the numbers of a CSV or NDJSON file (- for standard input) and follow it to the end; the same file can be sent again. Exit code 1 when some number could not be registered.',
    )
    .option('--format <format>', 'csv or ndjson; default: by the file’s name, else csv')
    .option('--country <code>', 'country of the rows that name none')
    .option('--dry-run', 'say what would happen, and register nothing')
    .option('--no-wait', 'return when the file is uploaded')
    .action(async (trunk: string, file: string, options: ImportOptions, command: Command) => {
      const session = await openSession(command);
      const trunk_id = await findTrunkId(session, trunk);
      const bar = createProgressBar(process.stderr, !session.print.json);
      const started = await upload({ session, trunk_id, file, bar }, options);
      if (options.wait) await followImport(session, started, bar);
      else session.print.record(started, { id: started.id, status: started.status });
    });

  command
    .command('watch <trunk> <import-id>')
    .description('follow an import that was started before')
    .action(async (trunk: string, import_id: string, _options: object, command: Command) => {
      const session = await openSession(command);
      const path = { trunk_id: await findTrunkId(session, trunk), import_id };
      const { data } = await session.api.getDidImport({ path, signal: session.signal });
      await followImport(session, data, createProgressBar(process.stderr, !session.print.json));
    });

  registerExport(command);
}

async function upload(
  { session, trunk_id, file, bar }: Uploaded,
  options: ImportOptions,
): Promise<DidImport> {
  const { body, bytes } = await open(file);
  let sent = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      sent += chunk.byteLength;
      bar.show('uploading', { done: sent, total: bytes });
      controller.enqueue(chunk);
    },
  });
  try {
    const { data } = await session.api.importSipTrunkDids({
      path: { trunk_id },
      query: {
        ...(options.dryRun === true && { dry_run: 'true' }),
        ...(options.country !== undefined && { country_code: options.country }),
      },
      headers: { 'Content-Type': MEDIA_TYPES[formatOf(options.format, file)] } as object,
      body: body.pipeThrough(counted),
      signal: session.signal,
    });
    return data;
  } finally {
    bar.clear();
  }
}

async function open(file: string): Promise<{ body: ReadableStream<Uint8Array>; bytes: number | undefined }> {
  if (file === '-') return { body: Readable.toWeb(process.stdin), bytes: undefined };
  try {
    const { size } = await stat(file);
    return { body: Readable.toWeb(createReadStream(file)), bytes: size };
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function formatOf(given: string | undefined, file: string): Format {
  if (given === 'csv' || given === 'ndjson') return given;
  if (given !== undefined) throw new UsageError(`--format ${given} is unknown`, 'Use csv or ndjson.');
  return /\.(ndjson|jsonl)$/i.test(file) ? 'ndjson' : 'csv';
}

function registerExport(command: Command): void {
  command
    .command('export')
    .description('write all numbers to a file that can be imported again')
    .option('--trunk <trunk>', 'only those on this trunk')
    .option('--country <code>', 'only those of this country')
    .option('--tag <tag>', 'only those with this tag')
    .option('--format <format>', 'csv or ndjson; default: by the file’s name, else csv')
    .option('-o, --output <file>', 'default: standard output')
    .action(async (options: ExportOptions, command: Command) => {
      const session = await openSession(command);
      const { api, signal } = session;
      const query: NonNullable<ExportPhoneNumbersData['query']> = {
        format: formatOf(options.format, options.output ?? ''),
        ...(options.country !== undefined && { country_code: options.country }),
        ...(options.tag !== undefined && { tag: options.tag }),
      };
      const request = { query, signal, parseAs: 'stream' } as const;
      const answer =
        options.trunk === undefined
          ? await api.exportPhoneNumbers(request)
          : await api.exportSipTrunkDids({
              ...request,
              path: { trunk_id: await findTrunkId(session, options.trunk) },
            });
      // `parseAs` changes what comes, which its type does not know.
      const stream = Readable.fromWeb(answer as unknown as Parameters<typeof Readable.fromWeb>[0]);
      if (options.output === undefined) await pipeline(stream, process.stdout, { signal, end: false });
      else await pipeline(stream, createWriteStream(options.output, { mode: 0o600 }), { signal });
    });
}
