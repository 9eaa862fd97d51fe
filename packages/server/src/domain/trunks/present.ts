import type { z } from 'zod';
import type { unverifiedTrunk, verifiedTrunk } from './check-schemas.ts';
import type { Verification } from './checks.ts';
import type { createdTrunk, trunkListItem, TrunkResource, updatedTrunk } from './schemas.ts';
import type { TrunkRow } from './store.ts';

/** Contract §12.3: everything but the password. */
export const presentTrunk = (row: TrunkRow): TrunkResource => ({
  id: row.id,
  name: row.name,
  provider_name: row.provider_name,
  domain: row.domain,
  username: row.username,
  transport: row.transport,
  port: row.port,
  outbound_proxy: row.outbound_proxy,
  auth_realm: row.auth_realm,
  is_active: row.is_active,
  is_verified: row.is_verified,
  health_status: row.health_status,
  last_health_check_at: row.last_health_check_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

export const presentListItem = (row: TrunkRow): z.output<typeof trunkListItem> => ({
  id: row.id,
  name: row.name,
  provider_name: row.provider_name,
  domain: row.domain,
  transport: row.transport,
  is_active: row.is_active,
  is_verified: row.is_verified,
  health_status: row.health_status,
  created_at: row.created_at.toISOString(),
});

export const presentCreated = (row: TrunkRow): z.output<typeof createdTrunk> => ({
  id: row.id,
  name: row.name,
  provider_name: row.provider_name,
  domain: row.domain,
  transport: row.transport,
  port: row.port,
  is_active: row.is_active,
  is_verified: row.is_verified,
  created_at: row.created_at.toISOString(),
});

export const presentUpdated = (row: TrunkRow): z.output<typeof updatedTrunk> => ({
  id: row.id,
  name: row.name,
  is_active: row.is_active,
  is_verified: row.is_verified,
  updated_at: row.updated_at.toISOString(),
});

export const presentVerified = ({ row, report }: Verification): z.output<typeof verifiedTrunk> => ({
  is_verified: true,
  health_status: 'healthy',
  last_health_check_at: (row.last_health_check_at ?? row.updated_at).toISOString(),
  stages: report.stages,
});

export const presentUnverified = ({ report }: Verification): z.output<typeof unverifiedTrunk> => ({
  is_verified: false,
  health_status: 'unhealthy',
  error: report.error ?? 'The trunk could not be verified',
  stages: report.stages,
});
