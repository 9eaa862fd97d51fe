import { z } from 'zod';
import { isUuid } from '../../kernel/ids.ts';
import { resourceId, text, timestamp } from '../fields.ts';

/** An environment is named by id or by name in one header, so no name may look like an id. */
const name = text(255)
  .refine((value) => !isUuid(value), { error: 'The name must not look like an id.' })
  .meta({ example: 'production' });

export const environmentInput = z.strictObject({ name });
export type EnvironmentInput = z.output<typeof environmentInput>;

export const listEnvironmentsQuery = z.strictObject({
  archived: z.enum(['true', 'false']).optional().describe('Only archived ones, or only those in use'),
});
export type EnvironmentFilters = z.output<typeof listEnvironmentsQuery>;

export const environmentResource = z
  .object({
    id: resourceId,
    name: z.string(),
    archived_at: timestamp.nullable(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Environment' });
export type EnvironmentResource = z.output<typeof environmentResource>;
