import type { Clock } from '../kernel/clock.ts';

export type RateLimitVerdict = {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Unix seconds at which the bucket is full again. */
  resetSeconds: number;
  /** Whole seconds until the next request is allowed; 0 when it already is. */
  retryAfterSeconds: number;
};

const MINUTE_MS = 60_000;
const BUCKETS_MAX = 50_000;

/** A token bucket per API token, in this process: a full minute's requests may come at once. */
export function createRateLimiter(perMinute: number, clock: Clock): (key: string) => RateLimitVerdict {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  const perMs = perMinute / MINUTE_MS;

  return (key) => {
    const nowMs = clock.now().getTime();
    const bucket = buckets.get(key) ?? { tokens: perMinute, atMs: nowMs };
    bucket.tokens = Math.min(perMinute, bucket.tokens + Math.max(0, nowMs - bucket.atMs) * perMs);
    bucket.atMs = nowMs;
    if (!buckets.has(key) && buckets.size >= BUCKETS_MAX) buckets.clear();
    buckets.set(key, bucket);

    const allowed = bucket.tokens >= 1;
    if (allowed) bucket.tokens -= 1;
    return {
      allowed,
      limit: perMinute,
      remaining: Math.floor(bucket.tokens),
      resetSeconds: Math.ceil((nowMs + (perMinute - bucket.tokens) / perMs) / 1_000),
      retryAfterSeconds: allowed ? 0 : Math.ceil((1 - bucket.tokens) / perMs / 1_000),
    };
  };
}
