/**
 * Every error this product answers with: stable code, HTTP status, sentence.
 * Sentences and codes that the wire contract states are exact (contract §1.4, §1.5).
 * Each code has a page in both languages, generated from `docs/error-guide.ts`.
 */
export const ERRORS = {
  // Requests that cannot be read
  MALFORMED_JSON: { status: 400, message: 'The request body is not valid JSON' },
  BAD_REQUEST: { status: 400, message: 'The request could not be understood' },
  MISSING_TOKEN: { status: 401, message: 'Authorization header is required' },
  INVALID_TOKEN: { status: 401, message: 'Invalid or missing authentication token' },
  TOKEN_EXPIRED: { status: 401, message: 'Authentication token has expired' },
  FORBIDDEN: { status: 403, message: 'The token lacks the scope that this operation needs' },
  UNAUTHORIZED: { status: 403, message: 'You are not authorized to perform this action.' },
  ENVIRONMENT_ARCHIVED: { status: 403, message: 'This environment is archived' },
  NOT_FOUND: { status: 404, message: 'There is nothing at this address' },
  METHOD_NOT_ALLOWED: { status: 405, message: 'This address does not answer to that method' },
  PRECONDITION_FAILED: { status: 412, message: 'The resource changed since you read it' },
  PAYLOAD_TOO_LARGE: { status: 413, message: 'The request body is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'The request body must be application/json' },
  VALIDATION_ERROR: { status: 422, message: 'The given data was invalid.' },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    message: 'This Idempotency-Key was already used with a different request',
  },
  RATE_LIMIT_EXCEEDED: { status: 429, message: 'Too many requests. Please try again later.' },
  SERVER_ERROR: { status: 500, message: 'Internal server error.' },
  UNAVAILABLE: { status: 503, message: 'The service cannot answer right now. Please try again shortly.' },

  // SIP trunks and DIDs (contract §12)
  TRUNK_NOT_FOUND: { status: 404, message: 'SIP trunk not found' },
  TRUNK_HAS_DIDS: {
    status: 409,
    message: 'Trunk still has DIDs attached. Delete DIDs before deleting the trunk.',
  },
  TRUNK_NOT_VERIFIED: { status: 422, message: 'Trunk must be verified before it can be activated' },
  TRUNK_CHANGED: {
    status: 409,
    message: 'The trunk changed while it was being verified. Verify it again.',
  },
  DID_NOT_FOUND: { status: 404, message: 'DID not found' },
  DID_ALREADY_EXISTS: { status: 409, message: 'This number is already registered in your environment' },
  DID_IN_USE: { status: 409, message: 'DID is still assigned to active agents' },
  IMPORT_NOT_FOUND: { status: 404, message: 'DID import not found' },
  IMPORT_NOT_RESUMABLE: { status: 409, message: 'Only a failed or cancelled import can be resumed' },
  IMPORT_NOT_CANCELLABLE: { status: 409, message: 'The import has already ended' },

  // Phone numbers (contract §14)
  PHONE_NUMBER_NOT_FOUND: { status: 404, message: 'Phone number not found' },
  PHONE_NUMBER_IN_USE: {
    status: 422,
    message: 'Phone number is currently assigned to active agents and cannot be released',
  },
  RELEASE_ALREADY_PENDING: {
    status: 409,
    message: 'A release request for this phone number is already pending',
  },
  RELEASE_ALREADY_RESOLVED: {
    status: 409,
    message: 'Release request already resolved and cannot be cancelled',
  },
  RELEASE_REQUEST_NOT_FOUND: { status: 404, message: 'Release request not found' },

  // Agents, trainings, actions (contract §3–§5)
  AGENT_NOT_FOUND: { status: 404, message: 'Agent not found' },
  AGENT_IS_PUBLISHED: { status: 409, message: 'Cannot delete a published agent. Unpublish it first.' },
  AGENT_NOT_READY: { status: 422, message: 'The given data was invalid.' },
  NUMBER_HAS_INBOUND_AGENT: { status: 409, message: 'This number already serves another inbound agent' },
  TRAINING_NOT_FOUND: { status: 404, message: 'Training not found' },
  ACTION_NOT_FOUND: { status: 404, message: 'Action not found' },

  // Environments and tokens (ours)
  ENVIRONMENT_NOT_FOUND: { status: 404, message: 'Environment not found' },
  ENVIRONMENT_REQUIRED: {
    status: 403,
    message:
      'An admin token acts in an environment only when the request says which: send the header Tronco-Environment with its id or name',
  },
  ENVIRONMENT_NAME_TAKEN: { status: 409, message: 'Another environment already has this name' },
  TOKEN_NOT_FOUND: { status: 404, message: 'Token not found' },
  LAST_ADMIN_TOKEN: {
    status: 409,
    message: 'This is the last working admin token. Create another one before revoking it.',
  },
} as const satisfies Record<string, { status: number; message: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** Field name (dotted path) to its problems, in the contract's form. */
export type FieldErrors = Record<string, string[]>;

export type ErrorExtras = {
  /** Replaces the catalogue's sentence where the contract words it per endpoint. */
  message?: string;
  errors?: FieldErrors;
  details?: Record<string, unknown>;
  headers?: Record<string, string>;
  /** For the log only; never answered. */
  cause?: unknown;
};

/** An error of the catalogue: what a verb throws and what the HTTP layer turns into the envelope. */
export class CatalogueError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly errors: FieldErrors | undefined;
  readonly details: Record<string, unknown> | undefined;
  readonly headers: Record<string, string> | undefined;

  constructor(code: ErrorCode, extras: ErrorExtras = {}) {
    super(extras.message ?? ERRORS[code].message, { cause: extras.cause });
    this.code = code;
    this.status = ERRORS[code].status;
    this.errors = extras.errors;
    this.details = extras.details;
    this.headers = extras.headers;
  }
}

/** All problems of one request at once (contract §1.4, shape 3). */
export const validationError = (errors: FieldErrors, details?: Record<string, unknown>): CatalogueError =>
  new CatalogueError('VALIDATION_ERROR', details ? { errors, details } : { errors });
