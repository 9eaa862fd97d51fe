import { z } from 'zod';
import { text } from '../fields.ts';

/** RFC 9110 §5.6.2: a field name is a token. */
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;
/** RFC 9110 §5.5: visible characters, spaces and tabs; a line break would begin another field. */
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** They frame the message or name its target: whoever sends the request writes them. */
const OURS = new Set([
  'connection', 'content-length', 'expect', 'host', 'keep-alive', 'proxy-connection', 'te', 'trailer',
  'transfer-encoding', 'upgrade',
]); // prettier-ignore

export const customHeader = z.strictObject({
  key: text(255)
    .refine((name) => FIELD_NAME.test(name), { error: 'The key must be an HTTP header name.' })
    .refine((name) => !OURS.has(name.toLowerCase()), { error: 'This header cannot be set.' }),
  value: z
    .string()
    .trim()
    .max(4_096)
    .refine((value) => FIELD_VALUE.test(value), {
      error: 'The value must be an HTTP header value: Latin-1 characters without line breaks.',
    })
    .meta({ format: 'password' }),
});

/** Additional data that binds sealed headers to their row: moved elsewhere, they do not open. */
export const headersPlace = (actionId: string): string => `actions:${actionId}:custom_headers`;
