import { z } from 'zod';
import { didAgent, didFilters } from '../dids/schemas.ts';
import { resourceId, timestamp } from '../fields.ts';

const numberType = z.enum(['voice', 'sms', 'whatsapp', 'mms', 'fax']);

const flag = z.enum(['true', 'false', '1', '0'], {
  error: ({ path }) => `The ${String(path?.at(-1)).replaceAll('_', ' ')} field must be true or false.`,
});

/** Contract §14.3, and the filters of both number lists. */
export const listPhoneNumbersQuery = z.strictObject({
  type: numberType.optional(),
  has_voice: flag.optional(),
  has_whatsapp: flag.optional(),
  ...didFilters,
});
export type PhoneNumberFilters = z.output<typeof listPhoneNumbersQuery>;

/**
 * Contract §14.3. A number that its owner brought along speaks, costs nothing here and is renewed by
 * its carrier, so many fields have one value today; the types are the contract's.
 */
const contractFields = {
  id: resourceId,
  number: z.string(),
  country_code: z.string(),
  formatted_number: z.string(),
  international_number: z.string(),
  type: numberType,
  has_voice: z.boolean(),
  has_sms: z.boolean(),
  has_mms: z.boolean(),
  has_fax: z.boolean(),
  has_whatsapp: z.boolean(),
  current_status: z.enum(['active', 'inactive', 'pending', 'suspended']),
  is_sandbox: z.boolean(),
  current_price: z.number(),
  currency: z.string().meta({ example: 'USD' }),
  renewal_date: z.iso.date().nullable(),
  auto_renewal: z.boolean(),
  created_at: timestamp,
  updated_at: timestamp,
  monthly_renewal_cost: z.number(),
  days_until_monthly_renewal: z.int().nullable(),
  is_due_for_monthly_renewal: z.boolean(),
};

export const phoneNumberListItem = z.object(contractFields).meta({ id: 'PhoneNumberListItem' });
export type PhoneNumberListItem = z.output<typeof phoneNumberListItem>;

/** Ours beside the contract's: where the number is and what serves it. */
export const phoneNumberResource = z
  .object({
    ...contractFields,
    trunk_id: resourceId,
    label: z.string().nullable(),
    note: z.string().nullable(),
    tags: z.array(z.string()),
    agents: z.array(didAgent),
  })
  .meta({ id: 'PhoneNumber' });
export type PhoneNumberResource = z.output<typeof phoneNumberResource>;
