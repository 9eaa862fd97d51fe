import type { KeyRing } from '../../kernel/secrets.ts';
import { passwordPlace } from './password.ts';
import type { TrunkTarget } from './probe.ts';
import type { TrunkRow } from './store.ts';

/** What the carrier sees: when one of these changes, what was verified is another trunk. */
export const VERIFIED_FIELDS = [
  'domain',
  'port',
  'transport',
  'outbound_proxy',
  'username',
  'auth_realm',
] as const;

/** Equal for two readings of a trunk exactly when its carrier could not tell them apart. */
export const targetKey = (row: TrunkRow): string =>
  JSON.stringify([
    row.environment_id,
    row.id,
    ...VERIFIED_FIELDS.map((field) => row[field]),
    row.password_sealed,
  ]);

/** The only place that opens a trunk's password in order to use it. */
export const targetOf = (keyRing: KeyRing, row: TrunkRow): TrunkTarget => ({
  domain: row.domain,
  port: row.port,
  transport: row.transport,
  outboundProxy: row.outbound_proxy,
  authRealm: row.auth_realm,
  username: row.username,
  password: keyRing.decrypt(row.password_sealed, passwordPlace(row.id)),
});
