import { CatalogueError } from '../../kernel/errors.ts';
import type { Platform } from '../context.ts';
import { type EnvironmentRow, findEnvironment } from './store.ts';

/** The one usable value of a header that may be absent, repeated or blank. */
export function normalizeEnvironmentRef(header: string | string[] | undefined): string | undefined {
  const value = (Array.isArray(header) ? header[0] : header)?.trim();
  return value === '' ? undefined : value;
}

/** @throws ENVIRONMENT_NOT_FOUND, ENVIRONMENT_ARCHIVED */
export async function resolveEnvironment(platform: Platform, reference: string): Promise<EnvironmentRow> {
  const row = await findEnvironment(platform.db, reference);
  if (!row) throw new CatalogueError('ENVIRONMENT_NOT_FOUND');
  if (row.archived_at) throw new CatalogueError('ENVIRONMENT_ARCHIVED');
  return row;
}
