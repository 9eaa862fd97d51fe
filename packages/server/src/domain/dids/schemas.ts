import { z } from 'zod';
import { longText, resourceId, text, timestamp } from '../fields.ts';

/** Contract §12.9. The rules behind the two strings: `number.ts`. */
export const createDidInput = z.strictObject({
  country_code: z
    .string()
    .min(1)
    .max(64)
    .describe('ISO 3166-1 alpha-2 country, in either case')
    .meta({ example: 'US' }),
  number: z.string().min(1).max(64).describe('Phone number in E.164').meta({ example: '+15551234567' }),
});
export type CreateDidInput = z.output<typeof createDidInput>;

const tag = text(64);
const tags = z
  .array(tag)
  .max(50)
  .transform((list) => [...new Set(list)])
  .describe('Free labels for filtering, e.g. a customer or a site');

/** Ours: only what is sent changes; `trunk_id` moves the number to another trunk in one step. */
export const updateDidInput = z.strictObject({
  label: text(255).nullish(),
  note: longText(2_000).nullish(),
  tags: tags.optional(),
  trunk_id: resourceId.optional(),
});
export type UpdateDidInput = z.output<typeof updateDidInput>;

const listed = z.object({
  id: resourceId,
  number: z.string(),
  country_code: z.string(),
  formatted_number: z.string(),
});

/** Contract §12.8. */
export const didListItem = listed.meta({ id: 'DidListItem' });

/** Contract §12.9, the answer: these five fields and nothing else. */
export const createdDid = listed.extend({ trunk_id: resourceId }).meta({ id: 'CreatedDid' });
export type CreatedDid = z.output<typeof createdDid>;

export const didAgent = z
  .object({ id: resourceId, name: z.string(), direction: z.enum(['inbound', 'outbound']) })
  .meta({ id: 'DidAgent' });

/** Ours: everything known about a DID. */
export const didResource = listed
  .extend({
    trunk_id: resourceId,
    international_number: z.string(),
    label: z.string().nullable(),
    note: z.string().nullable(),
    tags: z.array(z.string()),
    agents: z.array(didAgent).describe('Agents that this number is assigned to'),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Did' });
export type DidResource = z.output<typeof didResource>;

export const DID_SORTS = ['created_at', '-created_at', 'number', '-number', 'label', '-label'] as const;

/** What both number lists understand (ours; the contract has `search` on one of them). */
export const didFilters = {
  search: text(255).optional().describe('Part of the number or of the label, or a whole id'),
  country_code: z.string().length(2).toUpperCase().optional(),
  tag: tag.optional(),
  assigned: z
    .enum(['true', 'false'])
    .optional()
    .describe('Only numbers that some agent has, or only those that none has'),
  agent_id: resourceId.optional(),
  sort: z.enum(DID_SORTS).default('created_at'),
  include: z.literal('details').optional().describe('Adds label, tags, note, agents and times to each item'),
};
export const listDidsQuery = z.strictObject(didFilters);
export type DidFilters = z.output<typeof listDidsQuery> & { trunk_id?: string };
