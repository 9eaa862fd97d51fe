import type { z } from 'zod';
import { formatBoth, formatNational } from './number.ts';
import type { didListItem, DidResource } from './schemas.ts';
import type { DidRow, DidWithAgents } from './store.ts';

/** Contract §12.8. */
export const presentListed = (row: DidRow): z.output<typeof didListItem> => ({
  id: row.id,
  number: row.number,
  country_code: row.country_code,
  formatted_number: formatNational(row.number),
});

export function presentDid(row: DidWithAgents): DidResource {
  const { national, international } = formatBoth(row.number);
  return {
    id: row.id,
    number: row.number,
    country_code: row.country_code,
    formatted_number: national,
    trunk_id: row.trunk_id,
    international_number: international,
    label: row.label,
    note: row.note,
    tags: row.tags,
    agents: row.agents,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}

/** What the audit log keeps of a DID: what someone can change about it. */
export const didFacts = (row: DidRow): object => ({
  number: row.number,
  country_code: row.country_code,
  trunk_id: row.trunk_id,
  label: row.label,
  note: row.note,
  tags: row.tags,
});
