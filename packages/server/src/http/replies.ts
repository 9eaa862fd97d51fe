import { z } from 'zod';

/** The success envelope (contract §1.3) around a `data` schema. */
export const dataReply = (data: z.ZodType) => z.strictObject({ success: z.literal(true), data });

export const messageReply = z
  .strictObject({ success: z.literal(true), message: z.string() })
  .meta({ id: 'MessageReply' });

export const dataAndMessageReply = (data: z.ZodType) =>
  z.strictObject({ success: z.literal(true), message: z.string(), data });

/** Position of a page (contract §1.6, the fullest of its forms). */
export const pagination = z
  .strictObject({
    current_page: z.int(),
    last_page: z.int(),
    per_page: z.int(),
    total: z.int(),
    from: z.int().nullable(),
    to: z.int().nullable(),
  })
  .meta({ id: 'Pagination' });

/** A list that is whole unless `page` or `per_page` was sent. */
export const listReply = (item: z.ZodType) =>
  z.strictObject({ success: z.literal(true), data: z.array(item), pagination: pagination.optional() });

export const errorReply = z
  .looseObject({
    success: z.literal(false),
    message: z.string(),
    code: z.string(),
    errors: z.record(z.string(), z.array(z.string())).optional(),
    details: z.record(z.string(), z.unknown()).optional(),
    request_id: z.string(),
  })
  .meta({ id: 'Error' });
