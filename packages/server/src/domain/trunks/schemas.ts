import { isIP } from 'node:net';
import { z } from 'zod';
import { text } from '../fields.ts';

export const TRANSPORTS = ['udp', 'tcp', 'tls'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** RFC 3261 §19.1.2: 5060, and 5061 for TLS. */
export const defaultPort = (transport: Transport): number => (transport === 'tls' ? 5061 : 5060);

const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/i;

/** A host name or an IP address; IPv6 with or without brackets. */
export function isHost(host: string): boolean {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  if (isIP(bare) !== 0) return true;
  if (bare !== host || host.length > 253) return false;
  const labels = host.replace(/\.$/, '').split('.');
  // A name whose last label is a number is a mistyped IPv4 address (RFC 1123 §2.1).
  return labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '');
}

/** `host`, `host:port`, or either as a `sip:`/`sips:` URI with parameters. */
export function isProxy(proxy: string): boolean {
  const match = /^(?:sips?:)?(\[[^\]]+\]|[^:;[\]]+)(?::(\d{1,5}))?(?:;[\w.=;-]*)?$/i.exec(proxy);
  if (!match) return false;
  const port = match[2] === undefined ? 5060 : Number(match[2]);
  return isHost(match[1] ?? '') && port >= 1 && port <= 65_535;
}

const host = text(253).refine(isHost, {
  error: 'The domain must be a host name or an IP address, without port.',
});
const proxy = text(512).refine(isProxy, {
  error: 'The outbound proxy must be host, host:port or a sip: URI.',
});

const transport = z.enum(TRANSPORTS);
const port = z.int().min(1).max(65_535);

/** Contract §12.2. */
export const createTrunkInput = z.strictObject({
  name: text(255),
  provider_name: text(255).describe('Carrier identifier'),
  domain: host.describe('SIP domain or proxy host of the carrier'),
  username: text(255),
  password: text(1_024).describe('Stored encrypted, never returned').meta({ format: 'password' }),
  port: port.optional().describe('Default 5060 for udp and tcp, 5061 for tls'),
  transport: transport.default('tls'),
  outbound_proxy: proxy.nullish(),
  auth_realm: text(255).nullish(),
  is_active: z.boolean().default(false).describe('A trunk must be verified before it can be active'),
});
export type CreateTrunkInput = z.output<typeof createTrunkInput>;

/** Contract §12.4: only what is sent changes. */
export const updateTrunkInput = z.strictObject({
  name: text(255).optional(),
  provider_name: text(255).optional(),
  domain: host.optional(),
  username: text(255).optional(),
  password: text(1_024).meta({ format: 'password' }).optional(),
  port: port.optional(),
  transport: transport.optional(),
  outbound_proxy: proxy.nullish(),
  auth_realm: text(255).nullish(),
  is_active: z.boolean().optional(),
});
export type UpdateTrunkInput = z.output<typeof updateTrunkInput>;

const id = z.uuid();
const time = z.iso.datetime();
const healthStatus = z.enum(['healthy', 'unhealthy']).nullable();

const trunk = z.object({
  id,
  name: z.string(),
  provider_name: z.string(),
  domain: z.string(),
  username: z.string(),
  transport,
  port,
  outbound_proxy: z.string().nullable(),
  auth_realm: z.string().nullable(),
  is_active: z.boolean(),
  is_verified: z.boolean(),
  health_status: healthStatus,
  last_health_check_at: time.nullable(),
  created_at: time,
  updated_at: time,
});

/** Contract §12.3. */
export const trunkResource = trunk.meta({ id: 'SipTrunk' });
export type TrunkResource = z.output<typeof trunkResource>;

/** Contract §12.1. */
export const trunkListItem = trunk
  .pick({
    id: true,
    name: true,
    provider_name: true,
    domain: true,
    transport: true,
    is_active: true,
    is_verified: true,
    health_status: true,
    created_at: true,
  })
  .meta({ id: 'SipTrunkListItem' });

/** Contract §12.2, the answer. */
export const createdTrunk = trunk
  .pick({
    id: true,
    name: true,
    provider_name: true,
    domain: true,
    transport: true,
    port: true,
    is_active: true,
    is_verified: true,
    created_at: true,
  })
  .meta({ id: 'CreatedSipTrunk' });

/** Contract §12.4, the answer. */
export const updatedTrunk = trunk
  .pick({ id: true, name: true, is_active: true, is_verified: true, updated_at: true })
  .meta({ id: 'UpdatedSipTrunk' });
