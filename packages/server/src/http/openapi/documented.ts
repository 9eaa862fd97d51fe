import type { z } from 'zod';
import type { RequiredScope } from '../../domain/tokens/scopes.ts';
import { type ErrorCode, ERRORS } from '../../kernel/errors.ts';

/** What the document needs to know of an endpoint: its definition without the handler. */
export type Documented = {
  method: string;
  /** OpenAPI form, below /api/v1. */
  path: string;
  operationId: string;
  tag: string;
  summary: string;
  description?: string;
  /** Absent: no token needed. */
  scope?: RequiredScope;
  missing?: Record<string, ErrorCode>;
  query?: z.ZodType;
  body?: z.ZodType;
  status?: number;
  reply: z.ZodType;
  errors?: readonly ErrorCode[];
  wording?: { unauthenticated?: string; forbidden?: string };
  etag?: boolean;
  repeatable?: boolean;
  consumes?: readonly string[];
  produces?: readonly string[];
};

/** What every endpoint with a token can answer. */
const SHARED: readonly ErrorCode[] = [
  'MISSING_TOKEN',
  'INVALID_TOKEN',
  'TOKEN_EXPIRED',
  'FORBIDDEN',
  'ENVIRONMENT_ARCHIVED',
  'VALIDATION_ERROR',
  'RATE_LIMIT_EXCEEDED',
  'SERVER_ERROR',
  'UNAVAILABLE',
];
const WITH_STREAM: readonly ErrorCode[] = ['BAD_REQUEST', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
const WITH_JSON: readonly ErrorCode[] = ['MALFORMED_JSON', ...WITH_STREAM];

/** Every POST with JSON does unless it is repeatable; one with a stream only when it says so. */
export const takesIdempotencyKey = ({ method, scope, repeatable, consumes, errors }: Documented): boolean =>
  method === 'POST' &&
  scope !== undefined &&
  !repeatable &&
  (!consumes || errors?.includes('IDEMPOTENCY_KEY_REUSED') === true);

/** Whether the caller may say which environment it means. */
export const actsInEnvironment = ({ scope }: Documented): boolean => scope !== undefined && scope !== 'admin';

export type DocumentedError = { code: ErrorCode; status: number; message: string };

/** Every error an endpoint can answer, with the sentence it says there. */
export function errorsOf(endpoint: Documented): DocumentedError[] {
  if (endpoint.scope === undefined) return [];
  const codes: ErrorCode[] = [
    ...SHARED,
    ...(endpoint.method === 'GET' ? [] : endpoint.consumes ? WITH_STREAM : WITH_JSON),
    ...(endpoint.errors ?? []),
    ...Object.values(endpoint.missing ?? {}),
    ...(takesIdempotencyKey(endpoint) ? ['IDEMPOTENCY_KEY_REUSED' as const] : []),
    ...(actsInEnvironment(endpoint) ? ['ENVIRONMENT_NOT_FOUND' as const] : []),
    ...(actsInEnvironment(endpoint) && endpoint.scope !== 'any' ? ['ENVIRONMENT_REQUIRED' as const] : []),
  ];
  const worded = [...new Set(codes)].map((code) => wordedFor(endpoint, code));
  return worded.toSorted((a, b) => a.status - b.status);
}

/** The same rule as at run time (`errors.ts`): the contract words 401 and 403 per page. */
function wordedFor({ wording }: Documented, code: ErrorCode): DocumentedError {
  const { status, message } = ERRORS[code];
  if (status === 401) return { code, status, message: wording?.unauthenticated ?? message };
  if (code === 'FORBIDDEN' && wording?.forbidden !== undefined) {
    return { code: 'UNAUTHORIZED', status, message: wording.forbidden };
  }
  return { code, status, message };
}
