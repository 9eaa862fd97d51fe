import { setTimeout as sleep } from 'node:timers/promises';
import type { DidImport, DidImportRow } from '@tronco/sdk';
import { EXIT, Interrupted } from '../exit-codes.ts';
import { shown } from '../output.ts';
import type { ProgressBar } from '../progress-bar.ts';
import type { Session } from '../session.ts';

const POLL_MS = 300;
const PROBLEMS_MAX = 10;
const WORDS = {
  created: 'registered',
  unchanged: 'already there',
  conflict: 'on another trunk',
  duplicate_in_file: 'twice in the file',
  invalid: 'invalid',
} as const;

/** Shows an import until it ends, then its counts and its first problems, and sets the exit code. */
export async function followImport(session: Session, started: DidImport, bar: ProgressBar): Promise<void> {
  let current = started;
  try {
    while (current.status === 'queued' || current.status === 'running') {
      bar.show(labelOf(current), {
        done: current.rows_done,
        total: current.rows_total,
        perSecond: current.rows_per_second,
      });
      await sleep(POLL_MS, undefined, { signal: session.signal }).catch(() =>
        session.signal.throwIfAborted(),
      );
      current = await read(session, current);
    }
  } catch (error) {
    bar.clear();
    if (error instanceof Interrupted) {
      process.stderr.write(
        `The import goes on: tronco did watch ${started.trunk_id} ${started.id} follows it again.\n`,
      );
    }
    throw error;
  }
  bar.clear();
  await report(session, current);
}

const labelOf = ({ status, dry_run }: DidImport): string =>
  status === 'queued' ? 'waiting' : dry_run ? 'checking' : 'importing';

async function read({ api, signal }: Session, { trunk_id, id }: DidImport): Promise<DidImport> {
  const { data } = await api.getDidImport({ path: { trunk_id, import_id: id }, signal });
  return data;
}

async function report(session: Session, ended: DidImport): Promise<void> {
  const { conflict, invalid } = ended.counts;
  const problems = await firstProblems(session, ended);
  if (ended.status !== 'succeeded' || conflict + invalid > 0) process.exitCode = EXIT.failed;
  const { print } = session;
  if (print.json) return print.record({ ...ended, problems });
  const words = { ...WORDS, ...(ended.dry_run && { created: 'would be registered' }) };
  const counts = Object.entries(words).map(
    ([verdict, word]) => `${ended.counts[verdict as keyof typeof WORDS].toLocaleString('en')} ${word}`,
  );
  print.line(`${ended.dry_run ? 'Dry run' : 'Import'} ${ended.id} ${ended.status}: ${counts.join(', ')}.`);
  if (ended.error !== null) print.line(`It stopped because: ${shown(ended.error)}`);
  for (const problem of problems)
    print.line(`  row ${problem.row}: ${shown(problem.number)} ${reasonOf(problem)}`);
  const more = conflict + invalid + ended.counts.duplicate_in_file - problems.length;
  if (more > 0) print.line(`  … and ${more.toLocaleString('en')} more`);
}

async function firstProblems({ api, signal }: Session, ended: DidImport): Promise<DidImportRow[]> {
  const path = { trunk_id: ended.trunk_id, import_id: ended.id };
  const problems: DidImportRow[] = [];
  for (const verdict of ['invalid', 'conflict', 'duplicate_in_file'] as const) {
    const per_page = PROBLEMS_MAX - problems.length;
    if (ended.counts[verdict] === 0 || per_page === 0) continue;
    const { data } = await api.listDidImportRows({ path, query: { verdict, page: 1, per_page }, signal });
    problems.push(...data);
  }
  return problems.toSorted((a, b) => a.row - b.row);
}

function reasonOf({ verdict, errors, suggestion, trunk_id, first_row }: DidImportRow): string {
  if (verdict === 'conflict') return `is on another trunk (${trunk_id ?? 'removed meanwhile'})`;
  if (verdict === 'duplicate_in_file') return `is the same as row ${first_row ?? '?'}`;
  const sentences = Object.values(errors ?? {})
    .flat()
    .map(shown);
  const hint = suggestion ? ` Did you mean ${shown(suggestion.number)}?` : '';
  return `${sentences.join(' ')}${hint}`;
}
