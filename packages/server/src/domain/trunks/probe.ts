import type { z } from 'zod';
import type { verificationStage } from './check-schemas.ts';
import type { Transport } from './schemas.ts';

/** Everything that is needed to speak to a trunk's carrier. Holds the password: never log it. */
export type TrunkTarget = {
  domain: string;
  port: number;
  transport: Transport;
  outboundProxy: string | null;
  authRealm: string | null;
  username: string;
  password: string;
};

export type ProbeStage = z.output<typeof verificationStage>;

export type ProbeReport = {
  ok: boolean;
  /** One line for people when it is not ok, e.g. `Authentication failed (401)`. */
  error: string | undefined;
  stages: ProbeStage[];
  durationMs: number;
};

/** Speaks to the carrier. Never rejects because of what the carrier does; ends in bounded time, or when aborted. */
export type TrunkProbe = {
  /** Name, connection, OPTIONS, REGISTER, our address as the carrier sees it. */
  verify(target: TrunkTarget, signal: AbortSignal): Promise<ProbeReport>;
  /** Name, connection, OPTIONS. */
  check(target: TrunkTarget, signal: AbortSignal): Promise<ProbeReport>;
};
