import type { Error as ErrorBody, ErrorCode } from './generated/types.gen.ts';

/** The API refused or failed: everything its error body says. */
export class TroncoError extends Error {
  override readonly name = 'TroncoError';
  /** Stable; a newer server may know codes that this release does not. */
  readonly code: ErrorCode | (string & {});
  /** HTTP status. */
  readonly status: number;
  /** All problems of the request, by field. */
  readonly errors: Readonly<Record<string, readonly string[]>>;
  /** Facts that belong to the code. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Names the request in the server's log and audit log; undefined when no Tronco answered. */
  readonly request_id: string | undefined;

  constructor(status: number, body: Partial<ErrorBody>, requestId: string | undefined) {
    super(body.message ?? `The server answered with HTTP status ${status}`);
    this.code = body.code ?? 'UNEXPECTED_ANSWER';
    this.status = status;
    this.errors = body.errors ?? {};
    this.details = body.details ?? {};
    this.request_id = body.request_id ?? requestId;
  }
}

/** No whole answer arrived: nobody listens there, or the connection broke. The request may have had its effect. */
export class TroncoConnectionError extends Error {
  override readonly name = 'TroncoConnectionError';
  /** Of the network error, e.g. `ECONNREFUSED`. */
  readonly code: string | undefined;

  constructor(url: string, cause: unknown) {
    const code = networkCode(cause);
    super(`No answer from ${url}${code === undefined ? '' : ` (${code})`}`, { cause });
    this.code = code;
  }
}

/** fetch() hides the network's own error in `cause`, sometimes in a list of one per address. */
export function networkCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return networkCode(error.errors[0]);
  return networkCode(error.cause);
}

/** What the generated client caught, as one of ours. An abort stays what the caller's signal said. */
export function toTroncoError(
  caught: unknown,
  response: Response | undefined,
  request: Request | undefined,
): unknown {
  if (request?.signal.aborted) return caught;
  if (response && !response.ok) {
    const body = typeof caught === 'object' && caught !== null ? (caught as Partial<ErrorBody>) : {};
    return new TroncoError(response.status, body, response.headers.get('x-request-id') ?? undefined);
  }
  return request ? new TroncoConnectionError(new URL(request.url).origin, caught) : caught;
}
