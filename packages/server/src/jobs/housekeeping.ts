import type { Platform } from '../domain/context.ts';
import { sweepDidImports } from '../domain/did-imports/sweep.ts';
import type { Authenticator } from '../domain/tokens/authenticate.ts';
import type { Logger } from '../kernel/logger.ts';
import { forgetKeysBefore, IDEMPOTENCY_TTL_MS } from '../storage/idempotency-keys.ts';

const USES_EVERY_MS = 15_000;
const KEYS_EVERY_MS = 10 * 60_000;
const IMPORTS_EVERY_MS = 60 * 60_000;

type Chores = { platform: Platform; authenticator: Authenticator; log: Logger };

/** Small recurring work of one node: writes down token uses, forgets old idempotency keys and imports. */
export function housekeeping({ platform, authenticator, log }: Chores): { stop(): Promise<void> } {
  const guarded = (name: string, work: () => Promise<void>) => async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      log.warn({ err: error, chore: name }, 'chore failed, will be tried again');
    }
  };
  const flushUses = guarded('token uses', () => authenticator.flushUses());
  const forgetKeys = guarded('idempotency keys', () =>
    forgetKeysBefore(platform.db, new Date(platform.clock.now().getTime() - IDEMPOTENCY_TTL_MS)),
  );
  const sweepImports = guarded('did imports', () => sweepDidImports(platform));
  const timers = [
    setInterval(flushUses, USES_EVERY_MS),
    setInterval(forgetKeys, KEYS_EVERY_MS),
    setInterval(sweepImports, IMPORTS_EVERY_MS),
  ];
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await flushUses();
    },
  };
}
