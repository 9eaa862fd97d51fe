import { z } from 'zod';
import { type ErrorCode, ERRORS } from '../kernel/errors.ts';

/** The success envelope (contract §1.3) around a `data` schema. */
export const dataReply = (data: z.ZodType) => z.strictObject({ success: z.literal(true), data });

/** The envelope of an operation that ran and whose outcome is bad news (contract §12.6): HTTP 200 all the same. */
export const badNewsReply = (data: z.ZodType) => z.strictObject({ success: z.literal(false), data });

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

const errorCode = z
  .enum(Object.keys(ERRORS).toSorted() as [ErrorCode, ...ErrorCode[]])
  .meta({ id: 'ErrorCode' })
  .describe('Stable; new ones may be added, so treat an unknown one by its HTTP status.');

export const errorReply = z
  .looseObject({
    success: z.literal(false),
    message: z.string().describe('For people; may change its wording.'),
    code: errorCode,
    errors: z
      .record(z.string(), z.array(z.string()))
      .optional()
      .describe('All problems of the request, by field.'),
    details: z.record(z.string(), z.unknown()).optional().describe('Facts that belong to this code.'),
    request_id: z.string().describe('The same as the header X-Request-Id.'),
    error: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
    status_code: z.int().optional(),
  })
  .meta({ id: 'Error' });
