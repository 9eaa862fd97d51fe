import { toTroncoError } from './errors.ts';
import { createClient } from './generated/client/index.ts';
import { TroncoApi } from './generated/sdk.gen.ts';
import { retryingFetch } from './retry.ts';

export { TroncoConnectionError, TroncoError } from './errors.ts';
export type * from './generated/types.gen.ts';
export type { TroncoApi } from './generated/sdk.gen.ts';

export type TroncoOptions = {
  /** Where the server listens, e.g. `http://127.0.0.1:8080`; with or without `/api/v1`. */
  baseUrl: string;
  /** `talq_…` */
  token: string;
  /** Id or name of the environment to act in; for admin tokens. */
  environment?: string | undefined;
  /** How often a request is sent again where that is safe. Default 2; 0 turns it off. */
  retriesMax?: number;
  /** Default: the platform's. */
  fetch?: typeof fetch;
};

/** fetch() wants this said before it sends a stream; the browsers' types do not know it yet. */
const MAY_STREAM: object = { duplex: 'half' };

/**
 * A client of one Tronco. Every method takes `{ path, query, body, headers, signal }` as far as its
 * operation has them and resolves to the answer's body.
 * @throws from every method: TroncoError, TroncoConnectionError, or the reason of the aborted signal
 */
export function createTronco(options: TroncoOptions): TroncoApi {
  const { token, environment, retriesMax = 2 } = options;
  const client = createClient({
    baseUrl: apiUrl(options.baseUrl),
    headers: {
      authorization: `Bearer ${token}`,
      ...(environment !== undefined && { 'tronco-environment': environment }),
    },
    fetch: retryingFetch(options.fetch ?? globalThis.fetch, retriesMax),
    throwOnError: true,
    ...MAY_STREAM,
  });
  if (retriesMax > 0) client.interceptors.request.use(withIdempotencyKey);
  client.interceptors.error.use(toTroncoError);
  return new TroncoApi({ client });
}

function apiUrl(baseUrl: string): string {
  const trimmed = baseUrl.replace(/\/+$/, '');
  return trimmed.endsWith('/api/v1') ? trimmed : `${trimmed}/api/v1`;
}

/** So that a POST whose answer was lost can be sent again without a second effect. */
function withIdempotencyKey(request: Request): Request {
  const type = request.headers.get('content-type');
  const json = type === null || type.startsWith('application/json');
  if (request.method === 'POST' && json && !request.headers.has('idempotency-key')) {
    request.headers.set('idempotency-key', crypto.randomUUID());
  }
  return request;
}
