import { sql } from '../../packages/server/src/testing/sql.ts';
import type { Database } from '../../packages/server/src/storage/database.ts';

/** Tables of the product: everything but the migrator's own. */
export async function tablesOf(db: Database): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT c.relname AS name FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND c.relname NOT LIKE 'kysely%' ORDER BY c.relname COLLATE "C"`.execute(db);
  return rows.map(({ name }) => name);
}

/** Columns, types, defaults, constraints, indexes and privileges, as sorted lines that compare well. */
export async function dumpSchema(db: Database): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    SELECT format('column %s.%s %s %s default=%s collation=%s', c.relname, a.attname,
        format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' ELSE 'null' END,
        pg_get_expr(d.adbin, d.adrelid), a.attcollation::regcollation) AS line
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0
        AND NOT a.attisdropped
    UNION ALL
    SELECT format('constraint %s.%s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT format('index %s %s', indexrelid::regclass, pg_get_indexdef(indexrelid))
      FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
      WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT format('%s %s acl=%s', CASE relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' ELSE 'table' END,
        relname, relacl)
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
    UNION ALL
    SELECT format('function %s', oid::regprocedure) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT format('trigger %s', pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal`.execute(db);
  return rows.map(({ line }) => line).toSorted();
}

/** Every row of a table as JSON text, in an order of its own, so that two dumps compare byte for byte. */
export async function dumpRows(
  db: Database,
  table: string,
  environmentId?: string,
): Promise<Record<string, unknown>[]> {
  const where =
    environmentId === undefined
      ? sql``
      : sql`WHERE to_jsonb(t) @> ${JSON.stringify({ [keyOf(table)]: environmentId })}::jsonb`;
  const { rows } = await sql<{ row: Record<string, unknown> }>`
    SELECT to_jsonb(t) AS row FROM ${sql.table(table)} t ${where} ORDER BY to_jsonb(t)::text COLLATE "C"`.execute(
    db,
  );
  return rows.map(({ row }) => row);
}

const keyOf = (table: string): string => (table === 'environments' ? 'id' : 'environment_id');
