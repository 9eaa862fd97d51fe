import { sql } from '../../packages/server/src/testing/sql.ts';
import type { Database } from '../../packages/server/src/storage/database.ts';
import { tablesOf } from '../support/schema-dump.ts';

const ENVIRONMENT = '01890000-0000-7000-8000-00000000e000';
const FIRST = '01890000-0000-7000-8000-000000000001';

/** One id for every noun: the first row of each table has it, so that references find their row. */
const BY_TYPE: Record<string, unknown> = {
  uuid: FIRST,
  text: 'Ação “quoted” \\ 日本 🎧',
  'text[]': ['a', 'with, comma', '{"brace"}'],
  integer: 7,
  smallint: 1,
  bigint: '9007199254740993',
  boolean: true,
  'double precision': 0.1,
  jsonb: JSON.stringify({ nested: [1, null, 'é'] }),
  bytea: Buffer.from([0, 1, 254, 255]),
  'timestamp with time zone': '2026-03-29T01:59:59.123456Z',
};

/** Where a constraint allows only some values. A migration that adds one adds a line here. */
const EXACT: Record<string, unknown> = {
  'environments.id': ENVIRONMENT,
  environment_id: ENVIRONMENT,
  transport: 'tls',
  health_status: 'healthy',
  direction: 'inbound',
  'release_requests.status': 'pending',
  'did_imports.status': 'running',
  'did_imports.format': 'csv',
  'agents.current_status': 'published',
  'trainings.current_status': 'active',
  'actions.current_status': 'inactive',
  'actions.type': 'webhook',
};

type Column = { name: string; type: string };

async function columnsOf(db: Database, table: string): Promise<Column[]> {
  const { rows } = await sql<Column>`
    SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
    WHERE attrelid = ${table}::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
    ORDER BY attnum`.execute(db);
  return rows;
}

function valueFor(table: string, { name, type }: Column): unknown {
  const exact = EXACT[`${table}.${name}`] ?? EXACT[name];
  if (exact !== undefined) return exact;
  if (type in BY_TYPE) return BY_TYPE[type];
  throw new Error(`tests/migration/sample-rows.ts knows no value for the type ${type} (${table}.${name})`);
}

/** Tables in an order in which every reference finds its row. */
async function inOrder(db: Database): Promise<string[]> {
  const { rows } = await sql<{ from: string; to: string }>`
    SELECT conrelid::regclass::text AS from, confrelid::regclass::text AS to FROM pg_constraint
    WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conrelid <> confrelid`.execute(db);
  const left = new Set(await tablesOf(db));
  const ordered: string[] = [];
  while (left.size > 0) {
    const free = [...left].filter((table) => !rows.some(({ from, to }) => from === table && left.has(to)));
    if (free.length === 0) throw new Error(`these tables refer to each other: ${[...left].join(', ')}`);
    for (const table of free) left.delete(table);
    ordered.push(...free);
  }
  return ordered;
}

/** Puts one row with a value in every column into every table there is. */
export async function insertSampleRows(db: Database): Promise<void> {
  for (const table of await inOrder(db)) {
    const columns = await columnsOf(db, table);
    await sql`INSERT INTO ${sql.table(table)} (${sql.join(columns.map(({ name }) => sql.ref(name)))})
      VALUES (${sql.join(columns.map((column) => sql.val(valueFor(table, column))))})`.execute(db);
  }
}
