import {
  type ConnectResult,
  createCryptoRandom,
  type Destination,
  DigestClient,
  NameAddr,
  Registration,
  type RegistrationState,
  type RequestResult,
  type SendError,
  TimerWheel,
  type TlsPolicy,
  TransportLayer,
  UserAgent,
} from '@tronco/sip';
import type { TrunkTarget } from '../domain/trunks/probe.ts';
import type { TrunkAddressing } from './addressing.ts';

/** Short, so that a binding that could not be removed does not outlive the person who looks at it. */
const EXPIRES_SECONDS = 60;

export type OpenedLine = { ok: true; line: SipLine } | { ok: false; error: SendError };

/** A socket and a user agent of its own for one conversation with one place; nothing of it is shared. */
export class SipLine {
  readonly destination: Destination;
  readonly #transport: TransportLayer;
  readonly #agent: UserAgent;
  readonly #clock = new TimerWheel();
  readonly #random = createCryptoRandom();

  private constructor(transport: TransportLayer, destination: Destination) {
    this.#transport = transport;
    this.destination = destination;
    this.#agent = new UserAgent({
      transport,
      resolver: { resolve: async () => ({ ok: true, destinations: [destination] }) },
      clock: this.#clock,
      random: this.#random,
      datagrams: false,
      events: {
        // Nobody is to call this line.
        admit: () => ({ action: 'drop' }),
        onCall: (call) => void call.reject(480),
      },
    });
  }

  static async open(
    destination: Destination,
    tls: TlsPolicy | undefined,
    limitMs: number,
  ): Promise<OpenedLine> {
    const address = destination.address.includes(':') ? '::' : '0.0.0.0';
    const transport = new TransportLayer({
      listeners: destination.protocol === 'UDP' ? [{ protocol: 'UDP', address, port: 0 }] : [],
      defaultTls: tls,
      limits: { connectTimeoutMs: limitMs, handshakeTimeoutMs: limitMs, maxConnections: 4 },
    });
    const line = new SipLine(transport, destination);
    const started = await transport.start(line.#agent);
    return started.ok ? { ok: true, line } : { ok: false, error: started.error };
  }

  /** TCP and TLS. Later requests go over the same connection. */
  connect(signal: AbortSignal): Promise<ConnectResult> {
    return this.#transport.connect(this.destination, { signal });
  }

  options({ registrar, addressOfRecord: from, nextHop, user }: TrunkAddressing): Promise<RequestResult> {
    return new Promise((onResult) => {
      const contact = (): ReturnType<UserAgent['contactFor']> =>
        this.#agent.contactFor(this.destination, user);
      const to = new NameAddr(registrar);
      this.#agent.request('OPTIONS', { target: registrar, to, from, nextHop, contact }, { onResult });
    });
  }

  /** One binding, until it is registered or refused. */
  register(addressing: TrunkAddressing, target: TrunkTarget): Promise<BoundLine> {
    const { registrar, addressOfRecord, nextHop, user } = addressing;
    return new Promise((resolve) => {
      const registration = new Registration({
        sender: this.#agent.sender,
        clock: this.#clock,
        random: this.#random,
        registrar,
        addressOfRecord,
        nextHop,
        contact: (to) => this.#agent.contactFor(to, user),
        credentials: this.#credentials(target),
        policy: { expiresSeconds: EXPIRES_SECONDS },
        onChange: (state) => {
          if (state.phase === 'registered' || state.phase === 'waiting') resolve({ registration, state });
        },
      });
      registration.start();
    });
  }

  /** Where we send from, as far as this machine knows. */
  get localAddress(): { address: string | undefined; port: number | undefined } {
    const { host, port } = this.#transport.sentByFor(this.destination);
    return { address: host, port: this.destination.protocol === 'UDP' ? port : undefined };
  }

  async close(): Promise<void> {
    this.#agent.close();
    await this.#transport.close({ drainMs: 100 });
  }

  #credentials({ username, password, authRealm }: TrunkTarget): DigestClient {
    return new DigestClient({
      identityFor: (realm) =>
        authRealm === null || realm === authRealm ? { username, password } : undefined,
      createCnonce: () => this.#random.token(128),
    });
  }
}

export type BoundLine = { registration: Registration; state: RegistrationState };

/** Removes the binding (RFC 3261 §10.2.2); whether the carrier confirmed it. */
export function unbind(registration: Registration): Promise<boolean> {
  return new Promise((resolve) => {
    registration.stop((result) => resolve(result?.kind === 'response' && result.status < 300));
  });
}
