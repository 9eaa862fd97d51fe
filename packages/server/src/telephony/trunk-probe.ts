import { type DnsClient, NodeDnsClient, SipResolver, type TlsPolicy } from '@tronco/sip';
import type { ProbeReport, TrunkProbe, TrunkTarget } from '../domain/trunks/probe.ts';
import { addressingOf } from './addressing.ts';
import { findPlaces } from './find-places.ts';
import { reachAny } from './reach.ts';
import { registerStages } from './register-stages.ts';
import { StageLog } from './stage-log.ts';

export type TrunkProbeOptions = {
  /** Default: the name servers of the operating system, never out of a cache. */
  dns?: DnsClient;
  /** Whom to trust. Default: the public authorities, and those of NODE_EXTRA_CA_CERTS. */
  tls?: TlsPolicy;
  /** For a whole verification. Default 10 s. */
  verifyLimitMs?: number;
  /** For a whole health check. Default 5 s. */
  checkLimitMs?: number;
};

export type ProbeParts = { resolver: SipResolver; tls: TlsPolicy | undefined };

/** Speaks to carriers: every conversation has sockets of its own and leaves none behind. */
export function createTrunkProbe(options: TrunkProbeOptions = {}): TrunkProbe {
  const { verifyLimitMs = 10_000, checkLimitMs = 5_000, tls } = options;
  const resolver = new SipResolver({ dns: options.dns ?? new NodeDnsClient(), unit: Math.random });
  const parts = { resolver, tls };
  return {
    verify: (target, signal) => converse(parts, target, { limitMs: verifyLimitMs, signal, register: true }),
    check: (target, signal) => converse(parts, target, { limitMs: checkLimitMs, signal, register: false }),
  };
}

type Conversation = { limitMs: number; signal: AbortSignal; register: boolean };

async function converse(
  { resolver, tls }: ProbeParts,
  target: TrunkTarget,
  { limitMs, signal: outer, register }: Conversation,
): Promise<ProbeReport> {
  const signal = AbortSignal.any([outer, AbortSignal.timeout(limitMs)]);
  const log = new StageLog();
  const addressing = addressingOf(target);
  const places = await findPlaces(resolver, addressing, signal);
  log.add('dns', places);
  if (places.destinations.length === 0) return log.report();
  // What is silent must leave time for REGISTER: some carriers drop OPTIONS and nothing else.
  const reachMs = register ? limitMs / 2 : limitMs;
  const reached = await reachAny(places.destinations, { addressing, tls, signal, limitMs: reachMs });
  try {
    log.add('connect', reached.connect);
    if (reached.options) log.add('options', reached.options);
    if (!register || !reached.options || !reached.line) return log.report();
    const { bound, address } = await registerStages(reached.line, addressing, target, signal);
    log.add('register', bound);
    if (address) log.add('address', address);
    // OPTIONS that was dropped or refused says little of a carrier that has answered REGISTER.
    return log.report(bound.finding);
  } finally {
    await reached.line?.close();
  }
}
