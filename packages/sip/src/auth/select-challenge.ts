// Which of several challenges a client answers, and how (RFC 3261 §22.3, RFC 8760 §2.4).
import { ALGORITHMS_BY_STRENGTH, isSession, readAlgorithm, type DigestAlgorithm } from './algorithms.ts';
import type { DigestChallenge } from './challenge.ts';
import type { Qop } from './digest-response.ts';

export interface SelectedChallenge {
  readonly challenge: DigestChallenge;
  readonly algorithm: DigestAlgorithm;
  /** Undefined for a server of RFC 2069, which offered none. */
  readonly qop: Qop | undefined;
}

export interface SelectionPolicy {
  /** Algorithms this client is willing to use; all known ones when left out. */
  readonly algorithms?: readonly DigestAlgorithm[] | undefined;
  /** False for a challenge there are no credentials for, so that a weaker one of the realm may serve. */
  readonly usable?: ((choice: SelectedChallenge) => boolean) | undefined;
}

function readQop(challenge: DigestChallenge): Qop | 'none' | 'unsupported' {
  if (challenge.qop.length === 0) return 'none';
  if (challenge.qop.includes('auth')) return 'auth';
  return challenge.qop.includes('auth-int') ? 'auth-int' : 'unsupported';
}

/** Undefined when the algorithm or the qop is one this client cannot do (RFC 7616 §3.3: ignore the challenge). */
export function readSelectable(
  challenge: DigestChallenge,
  policy: SelectionPolicy = {},
): SelectedChallenge | undefined {
  const algorithm = readAlgorithm(challenge.algorithm);
  const qop = readQop(challenge);
  if (!algorithm || qop === 'unsupported') return undefined;
  if (policy.algorithms && !policy.algorithms.includes(algorithm)) return undefined;
  // A1 of a -sess algorithm holds the cnonce, which may not be sent without a qop (RFC 7616 §3.4).
  if (isSession(algorithm) && qop === 'none') return undefined;
  return { challenge, algorithm, qop: qop === 'none' ? undefined : qop };
}

/**
 * One choice per realm: the strongest algorithm, the topmost among equals. RFC 8760 §2.4 leaves the order to
 * local policy; strength rather than position keeps a server's careless order from costing us MD5.
 */
export function selectChallenges(
  challenges: readonly DigestChallenge[],
  policy: SelectionPolicy = {},
): SelectedChallenge[] {
  const best = new Map<string, SelectedChallenge>();
  const rank = (choice: SelectedChallenge): number => ALGORITHMS_BY_STRENGTH.indexOf(choice.algorithm);
  for (const challenge of challenges) {
    const candidate = readSelectable(challenge, policy);
    if (!candidate || policy.usable?.(candidate) === false) continue;
    const current = best.get(challenge.realm);
    if (!current || rank(candidate) < rank(current)) best.set(challenge.realm, candidate);
  }
  return [...best.values()];
}
