// The client half of Digest (RFC 3261 §22.2–22.3): answers 401 and 407, then authorizes what follows unasked.
import { hashOf, type DigestAlgorithm } from './algorithms.ts';
import { parseAuthParams } from './auth-params.ts';
import { parseChallenge, type DigestChallenge } from './challenge.ts';
import { serializeCredentials } from './credentials.ts';
import { computeResponse, computeUserhash, ha1Of, type DigestSecret } from './digest-response.ts';
import { selectChallenges, type SelectedChallenge } from './select-challenge.ts';

/** `www` for 401 and Authorization, `proxy` for 407 and Proxy-Authorization. */
export type AuthKind = 'www' | 'proxy';

export interface AuthRequest {
  readonly method: string;
  /** The Request-URI, character for character. */
  readonly uri: string;
  readonly body?: Uint8Array | undefined;
}

export interface AuthHeader {
  readonly name: 'Authorization' | 'Proxy-Authorization';
  readonly value: string;
}

export type ClientIdentity = { readonly username: string } & DigestSecret;

export interface DigestClientOptions {
  /** Undefined when nothing is known for that realm. */
  readonly identityFor: (realm: string) => ClientIdentity | undefined;
  /** A fresh unguessable client nonce; at least 64 bits, hexadecimal or base64. */
  readonly createCnonce: () => string;
  readonly algorithms?: readonly DigestAlgorithm[] | undefined;
  /** Hide the user name when the server offers it (RFC 7616 §3.4.4). Default false: carriers rarely can. */
  readonly userhash?: boolean | undefined;
}

/** What one request has already been through. Start every new request with `NEW_ATTEMPT`. */
export interface AuthAttempt {
  readonly answered: ReadonlyMap<string, { readonly nonce: string; readonly staleRetries: number }>;
}

export const NEW_ATTEMPT: AuthAttempt = { answered: new Map() };

export type ClientFailure =
  | 'no-challenge'
  | 'malformed'
  | 'unsupported'
  | 'no-credentials'
  | 'wrong-credentials'
  | 'stale-loop';

export type ClientAnswer =
  | { readonly ok: true; readonly headers: readonly AuthHeader[]; readonly attempt: AuthAttempt }
  | {
      readonly ok: false;
      readonly reason: ClientFailure;
      readonly realm?: string | undefined;
      readonly detail: string;
    };

/** One protection space: a realm behind 401 or 407, its current nonce and how often that was used. */
interface Space {
  readonly kind: AuthKind;
  readonly selected: SelectedChallenge;
  readonly cnonce: string;
  nonce: string;
  count: number;
}

/** A peer could name a new realm in every response. */
const MAX_SPACES = 16;
const MAX_CHALLENGES = 16;

const keyOf = (kind: AuthKind, realm: string): string => `${kind} ${realm}`;

const fail = (reason: ClientFailure, detail: string, realm?: string): ClientAnswer => ({
  ok: false,
  reason,
  detail,
  realm,
});

/** Holds nonces for one peer (a trunk). Not for sharing between peers: a realm name is no identity. */
export class DigestClient {
  readonly #options: DigestClientOptions;
  readonly #spaces = new Map<string, Space>();

  constructor(options: DigestClientOptions) {
    this.#options = options;
  }

  /**
   * Turns a 401 or 407 into the headers for the retry, those of realms answered earlier in the same attempt
   * included. A second challenge for the same realm without stale=true means the credentials are wrong
   * (RFC 3261 §22.2); with stale=true it is answered once more.
   */
  answer(
    kind: AuthKind,
    headerValues: readonly string[],
    request: AuthRequest,
    attempt: AuthAttempt = NEW_ATTEMPT,
  ): ClientAnswer {
    const read = readChallenges(headerValues);
    if (!Array.isArray(read)) return read;
    const algorithms = this.#options.algorithms;
    const usable = (choice: SelectedChallenge): boolean => this.#ha1(choice) !== undefined;
    const known = selectChallenges(read, { algorithms, usable });
    if (known.length === 0) return this.#describeUnusable(read);
    const answered = new Map(attempt.answered);
    for (const choice of known) {
      const { realm, nonce, stale } = choice.challenge;
      const key = keyOf(kind, realm);
      const before = answered.get(key);
      if (before && !stale) return fail('wrong-credentials', 'the server refused the credentials', realm);
      if (before && before.staleRetries > 0) {
        return fail('stale-loop', 'the server calls every fresh nonce stale', realm);
      }
      answered.set(key, { nonce, staleRetries: before ? 1 : 0 });
      this.#remember(key, kind, choice);
    }
    return { ok: true, headers: this.#headers([...answered.keys()], request), attempt: { answered } };
  }

  /**
   * Credentials for a request nobody challenged yet, with every nonce still held (RFC 3261 §22.2: a UAC may reuse
   * them). A 401 that follows belongs to a new attempt: it may only mean that the nonce has aged.
   */
  authorize(request: AuthRequest): AuthHeader[] {
    return this.#headers([...this.#spaces.keys()], request);
  }

  /** Authentication-Info (RFC 7616 §3.5): takes over nextnonce, which spares the next 401. */
  noteAuthenticationInfo(kind: AuthKind, headerValue: string): void {
    const parsed = parseAuthParams(`Digest ${headerValue}`);
    const next = parsed.ok ? parsed.params.get('nextnonce')?.value : undefined;
    if (!parsed.ok || !next) return;
    const cnonce = parsed.params.get('cnonce')?.value;
    const spaces = [...this.#spaces.values()].filter((space) => space.kind === kind);
    // The header carries no realm: without its cnonce it can only be placed when there is one candidate.
    const space = cnonce === undefined ? undefined : spaces.find((candidate) => candidate.cnonce === cnonce);
    const target = space ?? (cnonce === undefined && spaces.length === 1 ? spaces[0] : undefined);
    if (!target) return;
    target.nonce = next;
    target.count = 0;
  }

  /** Drops all nonces, for example after the trunk's password changed. */
  forget(): void {
    this.#spaces.clear();
  }

  #remember(key: string, kind: AuthKind, selected: SelectedChallenge): void {
    const nonce = selected.challenge.nonce;
    // A nonce offered again goes on counting: nc restarts only with a new nonce (RFC 7616 §3.4).
    const old = this.#spaces.get(key);
    const same = old?.nonce === nonce;
    this.#spaces.delete(key);
    this.#spaces.set(key, {
      kind,
      selected,
      nonce,
      // One cnonce per nonce: A1 of a -sess algorithm is bound to the first one (RFC 7616 §3.4.2).
      cnonce: same ? old.cnonce : this.#options.createCnonce(),
      count: same ? old.count : 0,
    });
    const oldest = this.#spaces.keys().next();
    if (this.#spaces.size > MAX_SPACES && !oldest.done) this.#spaces.delete(oldest.value);
  }

  #headers(keys: readonly string[], request: AuthRequest): AuthHeader[] {
    const headers: AuthHeader[] = [];
    for (const key of keys) {
      const space = this.#spaces.get(key);
      const value = space && this.#credentials(space, request);
      if (value === undefined) continue;
      headers.push({ name: space?.kind === 'proxy' ? 'Proxy-Authorization' : 'Authorization', value });
    }
    return headers;
  }

  #ha1(choice: SelectedChallenge): string | undefined {
    const realm = choice.challenge.realm;
    const identity = this.#options.identityFor(realm);
    return identity && ha1Of(identity, hashOf(choice.algorithm), identity.username, realm);
  }

  #describeUnusable(challenges: readonly DigestChallenge[]): ClientAnswer {
    const supported = selectChallenges(challenges, { algorithms: this.#options.algorithms });
    const realms = supported.map((choice) => choice.challenge.realm);
    if (realms.length > 0) {
      return fail('no-credentials', `no credentials for realm ${realms.join(', ')}`, realms[0]);
    }
    const offers = challenges.map((one) => `${one.algorithm ?? 'MD5'} qop=${one.qop.join('/') || 'none'}`);
    return fail('unsupported', `the server offers only ${offers.join(', ')}`, challenges[0]?.realm);
  }

  #credentials(space: Space, request: AuthRequest): string | undefined {
    const { challenge, algorithm, qop } = space.selected;
    const identity = this.#options.identityFor(challenge.realm);
    const ha1 = this.#ha1(space.selected);
    if (!identity || ha1 === undefined) return undefined;
    const hash = hashOf(algorithm);
    space.count += 1;
    const counted = qop === undefined ? {} : { nc: formatNonceCount(space.count), cnonce: space.cnonce, qop };
    const userhash = this.#options.userhash === true && challenge.userhash;
    const response = computeResponse({ ...request, ...counted, algorithm, ha1, nonce: space.nonce });
    return serializeCredentials({
      username: userhash ? computeUserhash(hash, identity.username, challenge.realm) : identity.username,
      realm: challenge.realm,
      nonce: space.nonce,
      uri: request.uri,
      response,
      // Servers of RFC 2069 sent none and may choke on one.
      algorithm: challenge.algorithm === undefined ? undefined : algorithm,
      opaque: challenge.opaque,
      userhash,
      ...counted,
    });
  }
}

/** Eight lower-case hexadecimal digits (RFC 7616 §3.4). */
export function formatNonceCount(count: number): string {
  return count.toString(16).padStart(8, '0').slice(-8);
}

/** One unreadable challenge among several must not lose the call: it is skipped, RFC 3261 §22.3. */
function readChallenges(headerValues: readonly string[]): DigestChallenge[] | ClientAnswer {
  if (headerValues.length === 0) return fail('no-challenge', 'the response carries no challenge');
  const challenges: DigestChallenge[] = [];
  let problem: { detail: string; foreign: boolean } | undefined;
  for (const value of headerValues.slice(0, MAX_CHALLENGES)) {
    const parsed = parseChallenge(value);
    if (parsed.ok) challenges.push(parsed.challenge);
    else problem ??= { detail: parsed.detail, foreign: parsed.reason === 'not-digest' };
  }
  if (challenges.length > 0) return challenges;
  return fail(problem?.foreign ? 'unsupported' : 'malformed', problem?.detail ?? 'no readable challenge');
}
