// The server half of Digest (RFC 3261 §22.1, §22.4; RFC 7616 §3.4.6): challenges and their verification.
import { timingSafeEqual } from 'node:crypto';
import { hashOf, hexLength, readAlgorithm, type DigestAlgorithm } from './algorithms.ts';
import { serializeChallenge } from './challenge.ts';
import { parseCredentials, type DigestCredentials } from './credentials.ts';
import { sameTarget } from './digest-uri.ts';
import { computeResponse, ha1Of, type DigestSecret, type Qop } from './digest-response.ts';
import { checkNonce, mintNonce } from './nonce.ts';
import { ReplayWindow } from './replay-window.ts';

export interface DigestServerOptions {
  readonly realm: string;
  /** In the order the challenges are written, preferred first (RFC 8760 §2.3). */
  readonly algorithms: readonly DigestAlgorithm[];
  /** Offered qop values; `auth` alone when left out. */
  readonly qop?: readonly Qop[] | undefined;
  /** First key mints, all verify; 32 bytes or more each. */
  readonly nonceKeys: readonly Uint8Array[];
  readonly nonceLifetimeMs: number;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly replay?: ReplayWindow | undefined;
  /**
   * `user`: the uri parameter must name the same user as the Request-URI, whose host proxies may rewrite.
   * `exact`: character for character. Default `user`.
   */
  readonly uriCheck?: 'user' | 'exact' | 'off' | undefined;
  /** Peers of RFC 2069 send no qop (RFC 3261 §22.4 item 8). Each of their nonces then serves one request. Default true. */
  readonly allowNoQop?: boolean | undefined;
  /** Offer userhash=true; the lookup must then resolve hashed names. Default false. */
  readonly userhash?: boolean | undefined;
}

export interface ServerRequest {
  readonly method: string;
  readonly uri: string;
  readonly body?: Uint8Array | undefined;
  readonly nowMs: number;
  /** As given to `challenges`. */
  readonly binding?: string | undefined;
}

export type ServerFailure =
  | 'missing'
  | 'malformed'
  | 'unsupported-algorithm'
  | 'unsupported-qop'
  | 'uri-mismatch'
  | 'stale'
  | 'replayed'
  | 'unknown-user'
  | 'mismatch';

export type ServerResult =
  | {
      readonly ok: true;
      readonly username: string;
      readonly realm: string;
      readonly algorithm: DigestAlgorithm;
    }
  | { readonly ok: false; readonly reason: ServerFailure; readonly detail: string };

/** Credentials that passed every check that needs no secret; nothing was looked up for them yet. */
export interface PendingVerification {
  readonly ok: true;
  readonly credentials: DigestCredentials;
  readonly algorithm: DigestAlgorithm;
  readonly qop: Qop | undefined;
  readonly issuedAtMs: number;
}

export type UserRecord = { readonly username: string } & DigestSecret;

type Refusal = Extract<ServerResult, { ok: false }>;

const fail = (reason: ServerFailure, detail: string): Refusal => ({ ok: false, reason, detail });

/** Authorization headers of other realms travel along (RFC 3261 §22.3); ours is among the first few or not at all. */
const MAX_HEADERS = 8;

export class DigestServer {
  readonly #options: DigestServerOptions;
  readonly #replay: ReplayWindow;

  constructor(options: DigestServerOptions) {
    this.#options = options;
    this.#replay = options.replay ?? new ReplayWindow();
  }

  /** Values for WWW-Authenticate or Proxy-Authenticate, one header each, sharing one fresh nonce. */
  challenges(request: {
    nowMs: number;
    binding?: string | undefined;
    stale?: boolean | undefined;
  }): string[] {
    const { realm, algorithms, qop = ['auth'], nonceKeys: keys, randomBytes } = this.#options;
    const nonce = mintNonce({ keys, nowMs: request.nowMs, binding: request.binding, randomBytes });
    const userhash = this.#options.userhash === true;
    return algorithms.map((algorithm) =>
      serializeChallenge({ realm, nonce, stale: request.stale === true, algorithm, qop, userhash }),
    );
  }

  /**
   * Everything that can be said without the user's secret, cheapest first, so that unauthenticated floods cost
   * one HMAC and no look-up. A nonce that is not ours is `stale`, never judged: no oracle for recorded digests.
   */
  inspect(headerValues: readonly string[], request: ServerRequest): PendingVerification | Refusal {
    const credentials = this.#findOurs(headerValues);
    if ('ok' in credentials) return credentials;
    const algorithm = readAlgorithm(credentials.algorithm);
    if (!algorithm || !this.#options.algorithms.includes(algorithm)) {
      return fail('unsupported-algorithm', `algorithm ${credentials.algorithm ?? 'MD5'} was not offered`);
    }
    if (credentials.response.length !== hexLength(hashOf(algorithm))) {
      return fail('malformed', 'response has the wrong length for its algorithm');
    }
    const qop = this.#readQop(credentials, algorithm);
    if (typeof qop === 'object') return qop;
    if (!this.#uriAccepted(credentials.uri, request.uri)) {
      return fail('uri-mismatch', 'the uri parameter names another target than the Request-URI');
    }
    const nonce = checkNonce(credentials.nonce, {
      keys: this.#options.nonceKeys,
      nowMs: request.nowMs,
      lifetimeMs: this.#options.nonceLifetimeMs,
      binding: request.binding,
    });
    if (!nonce.ok) return fail('stale', `nonce is ${nonce.reason}`);
    return { ok: true, credentials, algorithm, qop, issuedAtMs: nonce.issuedAtMs };
  }

  /** Judges the digest. Pass undefined for an unknown user: the same work is done and the caller answers alike. */
  verify(pending: PendingVerification, user: UserRecord | undefined, request: ServerRequest): ServerResult {
    const { credentials, algorithm, qop } = pending;
    const { realm } = this.#options;
    const known = user ?? { username: credentials.username, password: '' };
    const ha1 = ha1Of(known, hashOf(algorithm), known.username, realm);
    if (ha1 === undefined) return fail('unsupported-algorithm', `no stored secret for ${algorithm}`);
    const { nonce, uri, nc, cnonce } = credentials;
    const { method, body } = request;
    const expected = computeResponse({ algorithm, ha1, method, body, uri, nonce, qop, nc, cnonce });
    const equal = timingSafeEqual(Buffer.from(expected), Buffer.from(credentials.response));
    if (!user) return fail('unknown-user', 'no such user');
    if (!equal) return fail('mismatch', 'the digest does not match');
    const verdict = this.#replay.use(
      nonce,
      nc === undefined ? 0 : Number.parseInt(nc, 16),
      pending.issuedAtMs,
    );
    if (verdict === 'forgotten') return fail('stale', 'nonce is too old to tell a replay');
    if (verdict === 'replayed') {
      // Without nc a second use may be honest; a fresh nonce settles it (RFC 7616 §3.3, stale).
      return qop === undefined ? fail('stale', 'nonce was used') : fail('replayed', 'nonce count was used');
    }
    return { ok: true, username: known.username, realm, algorithm };
  }

  /** `inspect`, a synchronous look-up, `verify`. */
  authenticate(
    headerValues: readonly string[],
    request: ServerRequest,
    lookUp: (credentials: DigestCredentials, algorithm: DigestAlgorithm) => UserRecord | undefined,
  ): ServerResult {
    const pending = this.inspect(headerValues, request);
    if (!pending.ok) return pending;
    return this.verify(pending, lookUp(pending.credentials, pending.algorithm), request);
  }

  #findOurs(headerValues: readonly string[]): DigestCredentials | Refusal {
    let problem: string | undefined;
    for (const value of headerValues.slice(0, MAX_HEADERS)) {
      const parsed = parseCredentials(value);
      if (parsed.ok && parsed.credentials.realm === this.#options.realm) return parsed.credentials;
      if (!parsed.ok && parsed.reason !== 'not-digest') problem ??= `${parsed.reason}: ${parsed.detail}`;
    }
    return problem === undefined
      ? fail('missing', `no credentials for realm ${this.#options.realm}`)
      : fail('malformed', problem);
  }

  #readQop(credentials: DigestCredentials, algorithm: DigestAlgorithm): Qop | undefined | Refusal {
    const offered = this.#options.qop ?? ['auth'];
    if (credentials.qop === undefined) {
      const session = algorithm.endsWith('-sess');
      if (this.#options.allowNoQop !== false && !session) return undefined;
      return fail('unsupported-qop', 'credentials without qop');
    }
    const qop = offered.find((value) => value === credentials.qop);
    if (!qop) return fail('unsupported-qop', `qop ${credentials.qop} was not offered`);
    return Number.parseInt(credentials.nc ?? '', 16) > 0 ? qop : fail('malformed', 'nc starts at 1');
  }

  #uriAccepted(digestUri: string, requestUri: string): boolean {
    const check = this.#options.uriCheck ?? 'user';
    if (check === 'off') return true;
    return check === 'exact' ? digestUri === requestUri : sameTarget(digestUri, requestUri);
  }
}

/** After these the client should try again by itself: challenge with stale=true (RFC 7616 §3.3). */
export function wantsFreshNonce(reason: ServerFailure): boolean {
  return reason === 'stale' || reason === 'replayed';
}
