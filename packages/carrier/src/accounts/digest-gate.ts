import {
  type AuthKind,
  type Clock,
  DigestServer,
  type Flow,
  type HeaderLines,
  type Random,
  type ServerFailure,
  type SipRequest,
  wantsFreshNonce,
} from '@tronco/sip';
import type { CarrierFaults } from '../faults/faults.ts';
import type { DigestRules } from '../profiles/profile.ts';
import type { Customer, Directory } from './directory.ts';

export interface DigestGateInit {
  readonly rules: DigestRules;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: () => CarrierFaults;
}

export type GateResult =
  | { readonly ok: true; readonly customer: Customer }
  | {
      readonly ok: false;
      readonly status: 400 | 401 | 403 | 407;
      readonly headers: HeaderLines;
      /** What was wrong; never told to the peer. */
      readonly reason: ServerFailure | 'fault';
      /** Another try with credentials, or fresh ones, is asked for. */
      readonly challenge: boolean;
    };

const NONCE_KEY_BYTES = 32;

/** Lets in who proves a password (RFC 3261 §22). */
export class DigestGate {
  private readonly init: DigestGateInit;
  private readonly nonceKeys: readonly Uint8Array[];
  private readonly server: DigestServer;

  constructor(init: DigestGateInit) {
    this.init = init;
    this.nonceKeys = [this.bytes(NONCE_KEY_BYTES)];
    this.server = this.serverFor(init.rules.realm);
  }

  /** `www` for REGISTER; an INVITE may be challenged either way. */
  check(request: SipRequest, flow: Flow, kind: AuthKind): GateResult {
    const { directory, clock, faults } = this.init;
    const { endlessChallenge } = faults();
    if (endlessChallenge !== undefined) {
      return this.challenge(flow, kind, 'fault', endlessChallenge === 'stale');
    }
    const values = request.headers.all(kind === 'www' ? 'Authorization' : 'Proxy-Authorization');
    const result = this.server.authenticate(
      values,
      {
        method: request.method,
        uri: request.uri.toString(),
        body: request.body,
        nowMs: clock.nowMs(),
        binding: flow.remoteAddress,
      },
      ({ username }) => {
        const password = directory.byUsername(username)?.password;
        return password === undefined ? undefined : { username, password };
      },
    );
    if (!result.ok) return this.refuse(flow, kind, result.reason);
    const customer = directory.byUsername(result.username);
    return customer === undefined ? this.refuse(flow, kind, 'unknown-user') : { ok: true, customer };
  }

  /** An unknown user and a wrong password look alike, so that nobody learns which names exist. */
  private refuse(flow: Flow, kind: AuthKind, reason: ServerFailure): GateResult {
    const wrong = reason === 'mismatch' || reason === 'unknown-user';
    if (wrong && this.init.rules.wrongCredentials === 403) {
      return { ok: false, status: 403, headers: [], reason, challenge: false };
    }
    // §22.4: a request that is wrong in itself will not get better with another nonce.
    if (reason === 'malformed' || reason === 'uri-mismatch') {
      return { ok: false, status: 400, headers: [], reason, challenge: false };
    }
    return this.challenge(flow, kind, reason, wantsFreshNonce(reason));
  }

  private challenge(flow: Flow, kind: AuthKind, reason: ServerFailure | 'fault', stale: boolean): GateResult {
    const { clock, faults } = this.init;
    const { realm } = faults();
    const server = realm === undefined ? this.server : this.serverFor(realm);
    const name = kind === 'www' ? 'WWW-Authenticate' : 'Proxy-Authenticate';
    const values = server.challenges({ nowMs: clock.nowMs(), binding: flow.remoteAddress, stale });
    return {
      ok: false,
      status: kind === 'www' ? 401 : 407,
      headers: values.map((value) => [name, value] as const),
      reason,
      challenge: true,
    };
  }

  private serverFor(realm: string): DigestServer {
    const { algorithms, qop, nonceLifetimeSeconds } = this.init.rules;
    return new DigestServer({
      realm,
      algorithms,
      qop,
      nonceKeys: this.nonceKeys,
      nonceLifetimeMs: nonceLifetimeSeconds * 1_000,
      randomBytes: (length) => this.bytes(length),
    });
  }

  private bytes(length: number): Uint8Array {
    return Buffer.from(this.init.random.token(length * 8), 'hex');
  }
}
