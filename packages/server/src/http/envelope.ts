import type { CatalogueError, ErrorCode } from '../kernel/errors.ts';

/**
 * The one error body: a superset of every shape in the contract (§1.4). `error` and `status_code`
 * are added to 401s, as the contract's authentication page documents them (§1.2).
 */
export function errorBody(error: CatalogueError, requestId: string): Record<string, unknown> {
  return {
    success: false,
    message: error.message,
    code: error.code,
    ...(error.errors && { errors: error.errors }),
    ...(error.details && { details: error.details }),
    ...(error.status === 401 && { error: authenticationWord(error.code), status_code: 401 }),
    request_id: requestId,
  };
}

/** Contract §1.2 says UNAUTHORIZED where its code tables say INVALID_TOKEN. */
const authenticationWord = (code: ErrorCode): string => (code === 'INVALID_TOKEN' ? 'UNAUTHORIZED' : code);
