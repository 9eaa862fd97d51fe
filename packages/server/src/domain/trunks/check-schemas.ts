import { z } from 'zod';

const STAGES = ['dns', 'connect', 'options', 'register', 'address'] as const;
const time = z.iso.datetime();

/** One step on the way to the carrier. */
export const verificationStage = z
  .strictObject({
    name: z.enum(STAGES).meta({ example: 'register' }),
    ok: z.boolean().meta({ example: false }),
    skipped: z.literal(true).optional().describe('There was nothing to do here; `detail` says why.'),
    duration_ms: z.int(),
    code: z
      .string()
      .describe('Stable word for what happened; new ones may be added.')
      .meta({ example: 'auth_failed' }),
    detail: z.string().describe('What was seen.').meta({
      example: 'The answer to REGISTER was 401 Unauthorized; Digest MD5 in the realm "carrier-x.com".',
    }),
    fix: z
      .string()
      .nullable()
      .describe('What to do about it; null when nothing is wrong.')
      .meta({ example: 'Correct user name and password.' }),
  })
  .meta({ id: 'SipTrunkVerificationStage' });

/** Contract §12.6, the answer when the carrier accepted us; the stages are ours. */
export const verifiedTrunk = z
  .strictObject({
    is_verified: z.literal(true),
    health_status: z.literal('healthy'),
    last_health_check_at: time,
    stages: z.array(verificationStage),
  })
  .meta({ id: 'VerifiedSipTrunk' });

/** Contract §12.6, the answer when it did not. */
export const unverifiedTrunk = z
  .strictObject({
    is_verified: z.literal(false),
    health_status: z.literal('unhealthy'),
    error: z
      .string()
      .describe('The first thing that kept the trunk from working, for people.')
      .meta({ example: 'Authentication failed (401)' }),
    stages: z.array(verificationStage),
  })
  .meta({ id: 'UnverifiedSipTrunk' });

/** Contract §12.7. */
export const trunkHealth = z
  .strictObject({
    is_healthy: z.boolean(),
    response_time_ms: z.int().describe('From the first question to the carrier’s answer, or to giving up.'),
    error: z.string().optional().describe('Only when it is not healthy.'),
    checked_at: time,
  })
  .meta({ id: 'SipTrunkHealth' });
export type TrunkHealth = z.output<typeof trunkHealth>;
