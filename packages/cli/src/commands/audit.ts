import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditLogEntry, ListAuditLogData } from '@tronco/sdk';
import type { Command } from 'commander';
import { UsageError } from '../exit-codes.ts';
import { shown, time } from '../output.ts';
import { openSession, type Session } from '../session.ts';

type Filters = NonNullable<ListAuditLogData['query']>;
type Options = {
  lines: string;
  follow?: boolean;
  admin?: boolean;
  type?: string;
  subject?: string;
  actor?: string;
};

const POLL_MS = 2_000;
const PAGE_MAX = 100;

export function register(command: Command): void {
  command
    .description('The audit log: who changed what, and when.')
    .command('tail')
    .description('show the newest entries, the newest one last; one JSON object a line with --json')
    .option('-n, --lines <count>', 'how many', '20')
    .option('-f, --follow', 'go on showing new ones')
    .option('--type <type>', 'only these, e.g. did.created')
    .option('--subject <id>', 'only what happened to this')
    .option('--actor <token-id>', 'only what this token did')
    .option('--admin', 'the installation’s own log: admin tokens')
    .action(async (options: Options, command: Command) => {
      const lines = Number(options.lines);
      if (!Number.isInteger(lines) || lines < 0 || lines > 10_000) {
        throw new UsageError('--lines must be a whole number up to 10000');
      }
      const session = await openSession(command);
      const read = reader(session, options);
      const entries = lines === 0 ? [] : await newest(read, lines);
      for (const entry of entries.toReversed()) show(entry, session);
      if (options.follow === true) await follow(session, read, entries[0]?.id);
    });
}

type Read = (query: Filters) => Promise<{ data: AuditLogEntry[]; next_before: string | null }>;

function reader({ api, signal }: Session, { type, subject, actor, admin }: Options): Read {
  const filters: Filters = {
    ...(type !== undefined && { type }),
    ...(subject !== undefined && { subject_id: subject }),
    ...(actor !== undefined && { actor_id: actor }),
  };
  return (query) => {
    const options = { query: { ...filters, ...query }, signal };
    return admin === true ? api.listAdminAuditLog(options) : api.listAuditLog(options);
  };
}

/** The newest entries, newest first. */
async function newest(read: Read, count: number): Promise<AuditLogEntry[]> {
  const entries: AuditLogEntry[] = [];
  let before: string | null = null;
  do {
    const page: Awaited<ReturnType<Read>> = await read({
      per_page: Math.min(PAGE_MAX, count - entries.length),
      ...(before !== null && { before }),
    });
    entries.push(...page.data);
    before = page.next_before;
  } while (before !== null && entries.length < count);
  return entries;
}

/** Ids are time-ordered: everything down to the last one shown is new. */
async function follow(session: Session, read: Read, last: string | undefined): Promise<void> {
  let seen = last ?? (await newest(read, 1))[0]?.id;
  for (;;) {
    await sleep(POLL_MS, undefined, { signal: session.signal }).catch(() => session.signal.throwIfAborted());
    const fresh: AuditLogEntry[] = [];
    let before: string | null = null;
    do {
      const page: Awaited<ReturnType<Read>> = await read({
        per_page: PAGE_MAX,
        ...(before !== null && { before }),
      });
      const unseen = page.data.filter(({ id }) => seen === undefined || id > seen);
      fresh.push(...unseen);
      before = unseen.length === page.data.length ? page.next_before : null;
    } while (before !== null);
    for (const entry of fresh.toReversed()) show(entry, session);
    seen = fresh[0]?.id ?? seen;
  }
}

function show(entry: AuditLogEntry, { print }: Session): void {
  if (print.json) process.stdout.write(`${JSON.stringify(entry)}\n`);
  else {
    const { actor, type, subject_id, request_id } = entry;
    print.line(
      `${time(entry.created_at)}  ${shown(type).padEnd(22)}  ${subject_id}  by ${shown(actor.name)}  (${shown(request_id)})`,
    );
  }
}
