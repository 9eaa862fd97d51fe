import { networkCode } from './errors.ts';

const BACKOFF_MS = 250;
const WAIT_MAX_MS = 30_000;
const UNSURE = new Set([502, 503, 504]);

/**
 * Sends a request again where that cannot do harm: when it certainly had no effect (refused
 * connection, 429), or when a second time has the same effect as one (GET, unconditional PUT, POST
 * with an Idempotency-Key). A body that is a stream is sent once.
 */
export function retryingFetch(send: typeof fetch, retriesMax: number): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const attempts = isReplayable(request) ? retriesMax : 0;
    for (let attempt = 0; ; attempt += 1) {
      if (attempt >= attempts) return send(request);
      const waitMs = await tryOnce(send, request, attempt);
      if (waitMs instanceof Response) return waitMs;
      await pause(waitMs, request.signal);
    }
  };
}

/** @returns the answer, or the time after which to try again */
async function tryOnce(send: typeof fetch, request: Request, attempt: number): Promise<Response | number> {
  const backoffMs = BACKOFF_MS * 2 ** attempt * (0.5 + Math.random());
  try {
    const response = await send(request.clone());
    const again = response.status === 429 || (UNSURE.has(response.status) && isRepeatable(request));
    const waitMs = Math.max(backoffMs, Number(response.headers.get('retry-after') ?? 0) * 1_000);
    if (!again || !(waitMs <= WAIT_MAX_MS)) return response;
    await response.body?.cancel();
    return waitMs;
  } catch (error) {
    const harmless = networkCode(error) === 'ECONNREFUSED' || isRepeatable(request);
    if (request.signal.aborted || !harmless) throw error;
    return backoffMs;
  }
}

const isReplayable = ({ body, headers }: Request): boolean =>
  body === null || (headers.get('content-type') ?? '').startsWith('application/json');

/** Whether a second time has the same effect as one (RFC 9110 §9.2.2); If-Match makes the second one fail. */
function isRepeatable({ method, headers }: Request): boolean {
  if (method === 'POST') return headers.has('idempotency-key');
  return method === 'GET' || method === 'HEAD' || (method === 'PUT' && !headers.has('if-match'));
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
