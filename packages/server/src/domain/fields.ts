import { z } from 'zod';

/** C0 controls and DEL: they end a SIP header or a log line, and no name needs them. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Half of a surrogate pair: text columns would keep another character, and jsonb refuses the row. */
const isUnicode = (value: string): boolean => value.isWellFormed();
const NOT_UNICODE = 'The text is not valid Unicode.';

/** Required one-line text; an empty or blank one counts as missing, as in the contract's rules. */
export const text = (max: number): z.ZodString =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((value) => !CONTROL.test(value), { error: 'Control characters are not allowed.' })
    .refine(isUnicode, { error: NOT_UNICODE });

/** Text of several lines, e.g. instructions. NUL alone is refused: PostgreSQL cannot keep it. */
export const longText = (max: number, min = 1): z.ZodString =>
  z
    .string()
    .trim()
    .min(min)
    .max(max)
    .refine((value) => !value.includes('\0'), { error: 'NUL characters are not allowed.' })
    .refine(isUnicode, { error: NOT_UNICODE });

/** An optional field whose blank text counts as null, as the contract's framework treats it. */
export const optionalText = (schema: z.ZodString) =>
  z
    .preprocess(
      (value) => (typeof value === 'string' && value.trim() === '' ? null : value),
      schema.nullable(),
    )
    .optional();

/** A number in a closed range, with the contract's one sentence for both ends. */
export function between(min: number, max: number, written = `${min} and ${max}`): z.ZodNumber {
  const error = rangeSentence(written);
  return z.number().min(min, { error }).max(max, { error });
}

/** `between` for whole numbers. */
export function wholeBetween(min: number, max: number): z.ZodInt {
  const error = rangeSentence(`${min} and ${max}`);
  return z.int().min(min, { error }).max(max, { error });
}

const rangeSentence =
  (written: string) =>
  (issue: { path?: PropertyKey[] | undefined }): string =>
    `The ${attributeName(issue.path ?? [])} must be between ${written}.`;

/** `idle_time_seconds` → `idle time seconds`, as the contract's sentences write it. */
export const attributeName = (path: readonly PropertyKey[]): string =>
  path.map(String).join('.').replaceAll('_', ' ');

export const timestamp = z.iso.datetime();
export const resourceId = z.uuid();
