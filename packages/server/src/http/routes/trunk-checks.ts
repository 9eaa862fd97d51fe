import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Platform } from '../../domain/context.ts';
import * as schemas from '../../domain/trunks/check-schemas.ts';
import type { TrunkChecks } from '../../domain/trunks/checks.ts';
import { checkTrunkHealth } from '../../domain/trunks/health.ts';
import { presentUnverified, presentVerified } from '../../domain/trunks/present.ts';
import { verifyTrunk } from '../../domain/trunks/verify.ts';
import { endpoint } from '../endpoint.ts';
import { badNewsReply, dataReply } from '../replies.ts';

const tag = 'SIP trunks';
const missing = { trunk_id: 'TRUNK_NOT_FOUND' } as const;

/** Contract §12.6–12.7. */
export function registerTrunkCheckRoutes(
  app: FastifyInstance,
  platform: Platform,
  checks: TrunkChecks,
): void {
  endpoint(app, platform, {
    method: 'POST',
    path: '/sip-trunks/{trunk_id}/verify',
    operationId: 'verifySipTrunk',
    tag,
    summary: 'Verify a SIP trunk',
    description:
      'Speaks to the carrier with the stored credentials: name, connection, OPTIONS, REGISTER, and our address as the carrier sees it. It takes up to ten seconds. A trunk that fails is no longer verified and no longer active. Repeating it does no harm, so it takes no `Idempotency-Key`.',
    scope: 'trunks:write',
    missing,
    reply: z.union([dataReply(schemas.verifiedTrunk), badNewsReply(schemas.unverifiedTrunk)]),
    errors: ['TRUNK_CHANGED'],
    repeatable: true,
    handle: async (context, { params }) => {
      const verification = await verifyTrunk(context, checks, params.trunk_id);
      return verification.report.ok
        ? { data: presentVerified(verification) }
        : { success: false, data: presentUnverified(verification) };
    },
  });

  endpoint(app, platform, {
    method: 'GET',
    path: '/sip-trunks/{trunk_id}/health',
    operationId: 'getSipTrunkHealth',
    tag,
    summary: 'Check the health of a SIP trunk',
    description:
      'Looks live whether the carrier answers, at most once in five seconds for all callers together. It does not register and leaves `is_verified` and `is_active` alone.',
    scope: 'trunks:read',
    missing,
    reply: dataReply(schemas.trunkHealth),
    handle: async (context, { params }) => ({
      data: await checkTrunkHealth(context, checks, params.trunk_id),
    }),
  });
}
