import type { DigestClient } from '../auth/digest-client.ts';
import type { HeaderLines, PendingRequest, RequestResult, RequestSender } from '../dialog/request-sender.ts';
import type { NameAddr } from '../message/headers/name-addr.ts';
import type { SipUri } from '../message/uri/sip-uri.ts';
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import { firstSequence, newCallId, newTag, type Random } from '../runtime/random.ts';
import type { Destination, Flow } from '../transport/transport.ts';
import {
  type Binding,
  DEFAULT_REGISTRATION_POLICY,
  readBinding,
  readOutcome,
  refreshDelayMs,
  type RegistrationPolicy,
  retryDelayMs,
} from './registration-decisions.ts';

export type RegistrationPhase =
  | 'idle'
  | 'registering'
  | 'registered'
  | 'waiting'
  | 'unregistering'
  | 'stopped';

export interface RegistrationState {
  readonly phase: RegistrationPhase;
  /** The last answer, whatever it was. */
  readonly lastResult: RequestResult | undefined;
  readonly binding: Binding | undefined;
  /** On the clock that was given. A refused refresh leaves the old binding until then. */
  readonly expiresAtMs: number | undefined;
  readonly nextAttemptAtMs: number | undefined;
  readonly failuresInARow: number;
  /** The way the registrar answers, over which calls will come. */
  readonly flow: Flow | undefined;
  /** Our address as the registrar sees it (RFC 3581 §4); differs from our own behind NAT. */
  readonly seenAs: { readonly address: string; readonly port: number | undefined } | undefined;
}

export interface RegistrationOptions {
  readonly sender: RequestSender;
  readonly clock: Clock;
  readonly random: Random;
  /** The Request-URI: the domain, without a user (RFC 3261 §10.2). */
  readonly registrar: SipUri;
  /** To and From. */
  readonly addressOfRecord: NameAddr;
  readonly contact: (target: Destination | Flow) => NameAddr;
  readonly credentials?: DigestClient | undefined;
  readonly routes?: readonly NameAddr[] | undefined;
  readonly nextHop?: SipUri | undefined;
  readonly headers?: HeaderLines | undefined;
  readonly policy?: Partial<RegistrationPolicy> | undefined;
  readonly onChange?: ((state: RegistrationState) => void) | undefined;
}

/** A registrar that always asks for more. */
const MAX_INTERVAL_RETRIES = 2;

const INITIAL: RegistrationState = {
  phase: 'idle',
  lastResult: undefined,
  binding: undefined,
  expiresAtMs: undefined,
  nextAttemptAtMs: undefined,
  failuresInARow: 0,
  flow: undefined,
  seenAs: undefined,
};

/** Keeps one address of record bound to our Contact: RFC 3261 §10.2. */
export class Registration {
  private readonly options: RegistrationOptions;
  private readonly policy: RegistrationPolicy;
  private readonly callId: string;
  private readonly from: NameAddr;
  private current: RegistrationState = INITIAL;
  private expiresSeconds: number;
  private sequence: number;
  private contactUri: NameAddr['uri'] | undefined;
  private cancelTimer: CancelTimer | undefined;
  private pending: PendingRequest | undefined;
  private intervalRetries = 0;
  private onStopped: ((result: RequestResult | undefined) => void) | undefined;

  constructor(options: RegistrationOptions) {
    const { random, addressOfRecord } = options;
    this.options = options;
    this.policy = { ...DEFAULT_REGISTRATION_POLICY, ...options.policy };
    this.expiresSeconds = this.policy.expiresSeconds;
    // §10.2: one Call-ID for all, and rising numbers, so that the registrar can tell old from new.
    this.callId = newCallId(random);
    this.sequence = firstSequence(random) - 1;
    this.from = addressOfRecord.withTag(newTag(random));
  }

  get state(): RegistrationState {
    return this.current;
  }

  start(): void {
    if (this.current.phase === 'idle' || this.current.phase === 'stopped') this.register();
  }

  /** Does not wait for the next refresh: the network or the password has changed. */
  refreshNow(): void {
    const { phase } = this.current;
    if (phase !== 'registered' && phase !== 'waiting') return;
    this.cancelTimer?.();
    this.register();
  }

  /** Calls would come over this connection: without it the binding leads nowhere (RFC 5626 §4.4). */
  noteFlowClosed(flow: Flow): void {
    if (this.current.phase !== 'registered' || this.current.flow?.id !== flow.id) return;
    this.cancelTimer?.();
    this.wait(
      retryDelayMs(this.policy, { kind: 'retry', notBeforeMs: 0 }, 1, this.options.random.unit()),
      {},
    );
  }

  /** Removes the binding (§10.2.2) and stops. `done` is told the answer, undefined when there was nothing to remove. */
  stop(done: (result: RequestResult | undefined) => void = () => undefined): void {
    this.cancelTimer?.();
    const { phase, expiresAtMs } = this.current;
    const bound = expiresAtMs !== undefined && expiresAtMs > this.options.clock.nowMs();
    if (phase === 'stopped' || phase === 'unregistering' || (!bound && this.pending === undefined)) {
      if (phase !== 'unregistering') this.change({ phase: 'stopped', nextAttemptAtMs: undefined });
      return done(undefined);
    }
    this.onStopped = done;
    this.change({ phase: 'unregistering', nextAttemptAtMs: undefined });
    // A REGISTER under way would bind after the removal: its answer is waited for first.
    if (this.pending === undefined) this.send(0);
  }

  private register(): void {
    this.change({ phase: 'registering', nextAttemptAtMs: undefined });
    this.send(this.expiresSeconds);
  }

  private send(expiresSeconds: number): void {
    const { sender, registrar, addressOfRecord, credentials, routes, nextHop, headers, contact } =
      this.options;
    let settled = false;
    const pending = sender.send(
      {
        method: 'REGISTER',
        uri: registrar,
        from: this.from,
        to: addressOfRecord,
        callId: this.callId,
        nextSequence: () => ++this.sequence,
        nextHop: nextHop ?? firstHop(routes) ?? registrar,
        routes,
        credentials,
        headers: [['Expires', `${expiresSeconds}`], ...(headers ?? [])],
        contact: (target) => {
          const own = contact(target);
          this.contactUri = own.uri;
          return own.withParams(own.params.with('expires', `${expiresSeconds}`));
        },
      },
      {
        onResult: (result) => {
          settled = true;
          this.pending = undefined;
          this.take(result, expiresSeconds);
        },
      },
    );
    if (!settled) this.pending = pending;
  }

  private take(result: RequestResult, requestedSeconds: number): void {
    if (this.current.phase === 'unregistering') return this.takeWhileStopping(result, requestedSeconds);
    const outcome = readOutcome(result, requestedSeconds);
    if (outcome.kind === 'registered') return this.bound(result, requestedSeconds);
    if (outcome.kind === 'interval-too-brief' && this.intervalRetries < MAX_INTERVAL_RETRIES) {
      this.intervalRetries++;
      this.expiresSeconds = outcome.expiresSeconds;
      return this.send(this.expiresSeconds);
    }
    this.intervalRetries = 0;
    const failuresInARow = this.current.failuresInARow + 1;
    const how =
      outcome.kind === 'interval-too-brief' ? ({ kind: 'rejected', notBeforeMs: 0 } as const) : outcome;
    const delayMs = retryDelayMs(this.policy, how, failuresInARow, this.options.random.unit());
    this.wait(delayMs, { lastResult: result, failuresInARow });
  }

  private takeWhileStopping(result: RequestResult, requestedSeconds: number): void {
    if (requestedSeconds > 0) return this.send(0);
    this.change({ phase: 'stopped', lastResult: result, binding: undefined, expiresAtMs: undefined });
    const { onStopped } = this;
    this.onStopped = undefined;
    onStopped?.(result);
  }

  private bound(result: RequestResult, requestedSeconds: number): void {
    if (result.kind !== 'response') return;
    const { clock, random } = this.options;
    const { response, flow } = result;
    const own = this.contactUri;
    const fallback: Binding = { contact: 'absent', expiresSeconds: requestedSeconds };
    const read = own === undefined ? fallback : readBinding(response, own, requestedSeconds);
    // A registrar that grants nothing, or a second, must not be asked without pause.
    const binding = { ...read, expiresSeconds: Math.max(read.expiresSeconds, 10) };
    this.intervalRetries = 0;
    const { via } = response;
    const address = via.received ?? via.host;
    const delayMs = refreshDelayMs(binding.expiresSeconds, random.unit());
    this.schedule(delayMs);
    this.change({
      phase: 'registered',
      lastResult: result,
      binding,
      expiresAtMs: clock.nowMs() + binding.expiresSeconds * 1_000,
      nextAttemptAtMs: clock.nowMs() + delayMs,
      failuresInARow: 0,
      flow,
      seenAs: { address, port: via.rport ?? via.port },
    });
  }

  private wait(delayMs: number, changes: Partial<RegistrationState>): void {
    this.schedule(delayMs);
    const nextAttemptAtMs = this.options.clock.nowMs() + delayMs;
    this.change({ ...changes, phase: 'waiting', nextAttemptAtMs });
  }

  private schedule(delayMs: number): void {
    this.cancelTimer?.();
    this.cancelTimer = this.options.clock.setTimer(delayMs, () => this.register());
  }

  private change(changes: Partial<RegistrationState>): void {
    this.current = { ...this.current, ...changes };
    this.options.onChange?.(this.current);
  }
}

function firstHop(routes: readonly NameAddr[] | undefined): SipUri | undefined {
  const uri = routes?.[0]?.uri;
  return uri?.kind === 'sip' ? uri : undefined;
}
