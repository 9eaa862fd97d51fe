import { randomBytes } from 'node:crypto';
import {
  contactHeader,
  type Credentials,
  createCryptoRandom,
  type DigestAlgorithm,
  DigestServer,
  expiresHeader,
  type HeaderLines,
  type ServerTransaction,
  TimerWheel,
  TransportLayer,
  type TransportProtocol,
  UserAgent,
} from '@tronco/sip';

export type RegistrarOptions = {
  protocol: TransportProtocol;
  /** For TLS. */
  credentials?: Credentials;
  /** Default MD5. */
  algorithm?: DigestAlgorithm;
  /** Answers OPTIONS with this instead of 200. */
  optionsStatus?: number;
  /** Answers REGISTER with this at once, before asking for a password. */
  registerStatus?: number;
  reasonPhrase?: string;
  /** Accepts and forgets: the 200 lists no Contact. */
  forgetful?: boolean;
  /** Takes everything and says nothing. */
  silent?: boolean;
  /** OPTIONS waits for this before it is answered. */
  gate?: Promise<void>;
};

export type Registrar = {
  port: number;
  /** `OPTIONS`, `REGISTER` …, in the order they came, repetitions not counted. */
  requests: string[];
  /** The Contacts that are bound now. */
  bindings: Set<string>;
  stop(): Promise<void>;
};

export const REALM = 'carrier.test';
export const USER = { username: 'user_42', password: 'secret-password' };

/** A carrier on loopback that knows one account: enough to verify a trunk against. */
export async function startRegistrar(options: RegistrarOptions): Promise<Registrar> {
  const requests: string[] = [];
  const bindings = new Set<string>();
  const { protocol, credentials } = options;
  const transport = new TransportLayer({
    listeners: [{ protocol, address: '127.0.0.1', port: 0, tls: credentials && { credentials } }],
  });
  const register = registration(options, bindings);
  const agent = new UserAgent({
    transport,
    resolver: { resolve: async () => ({ ok: false, code: 'unsupported', detail: 'it never asks' }) },
    clock: new TimerWheel(),
    random: createCryptoRandom(),
    policy: { methods: ['OPTIONS', 'REGISTER'], outOfDialog: ['OPTIONS', 'REGISTER'] },
    events: {
      onCall: (call) => void call.reject(480),
      onRequest: (transaction) => {
        requests.push(transaction.request.method);
        if (options.silent) return;
        if (transaction.request.method === 'REGISTER') register(transaction);
        else void answerOptions(transaction, options);
      },
    },
  });
  const started = await transport.start(agent);
  if (!started.ok) throw new Error(started.error.detail);
  return {
    port: transport.listening[0]?.port ?? 0,
    requests,
    bindings,
    stop: async () => {
      agent.close();
      await transport.close({ drainMs: 0 });
    },
  };
}

const headersOf = (more: HeaderLines = []): HeaderLines => [['Server', 'Test-Carrier/1.0'], ...more];

async function answerOptions(transaction: ServerTransaction, options: RegistrarOptions): Promise<void> {
  await options.gate;
  const { optionsStatus: status = 200, reasonPhrase } = options;
  transaction.reply({ status, reasonPhrase, headers: headersOf() });
}

function registration(options: RegistrarOptions, bindings: Set<string>): (one: ServerTransaction) => void {
  const digest = new DigestServer({
    realm: REALM,
    algorithms: [options.algorithm ?? 'MD5'],
    nonceKeys: [randomBytes(32)],
    nonceLifetimeMs: 60_000,
    randomBytes,
  });
  return (transaction) => {
    const { request } = transaction;
    if (options.registerStatus !== undefined) {
      transaction.reply({ status: options.registerStatus, headers: headersOf() });
      return;
    }
    const nowMs = Date.now();
    const asked = { method: 'REGISTER', uri: request.uri.toString(), nowMs };
    const result = digest.authenticate(request.headers.all('Authorization'), asked, ({ username }) =>
      username === USER.username ? USER : undefined,
    );
    if (!result.ok) {
      const challenges = digest.challenges({ nowMs }).map((value) => ['WWW-Authenticate', value] as const);
      transaction.reply({ status: 401, headers: headersOf(challenges) });
      return;
    }
    const contact = request.headers.values(contactHeader)[0]?.uri.toString() ?? '';
    const expires = request.headers.value(expiresHeader) ?? 3_600;
    if (expires > 0 && !options.forgetful) bindings.add(contact);
    else bindings.delete(contact);
    const bound = [...bindings].map((uri) => ['Contact', `<${uri}>;expires=${expires}`] as const);
    transaction.reply({ status: 200, headers: headersOf(bound) });
  };
}
