import { createAuthenticator } from './domain/tokens/authenticate.ts';
import { TrunkChecks } from './domain/trunks/checks.ts';
import { buildServer } from './http/server.ts';
import { systemClock } from './kernel/clock.ts';
import { createLogger } from './kernel/logger.ts';
import { createMetrics } from './kernel/metrics.ts';
import { createKeyRing } from './kernel/secrets.ts';
import { openDatabase } from './storage/database.ts';
import { createTrunkProbe } from './telephony/trunk-probe.ts';

/** The OpenAPI document as it is committed. No database is reached: the pool opens only when asked. */
export async function renderOpenApi(): Promise<string> {
  const db = openDatabase('postgres://nobody@never.invalid/none', () => {});
  const authenticator = createAuthenticator(db, systemClock);
  const keyRing = createKeyRing([Buffer.alloc(32)]);
  const app = await buildServer({
    platform: { db, clock: systemClock, keyRing, tokenCache: authenticator },
    authenticator,
    log: createLogger('silent'),
    metrics: createMetrics(),
    trunkChecks: new TrunkChecks({ probe: createTrunkProbe() }),
    rateLimitPerMinute: 0,
  });
  const text = `${JSON.stringify(app.openApiDocument(), null, 2)}\n`;
  await app.close();
  await db.destroy();
  return text;
}
