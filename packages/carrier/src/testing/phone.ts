import {
  type Body,
  type CallOptions,
  createCryptoRandom,
  createOffer,
  type Credentials,
  DigestClient,
  type DigestClientOptions,
  type IncomingCall,
  type LocalAudio,
  NameAddr,
  type OutgoingCall,
  parseSdp,
  parseUri,
  receiveOffer,
  type RequestResult,
  serializeSdp,
  type Session,
  SipResolver,
  type SipUri,
  startSdpSession,
  TimerWheel,
  type TlsPolicy,
  TransportLayer,
  type TransportProtocol,
  type Uri,
  UserAgent,
} from '@tronco/sip';

export const LOOPBACK = '127.0.0.1';

export function uriOf(text: string): Uri {
  const parsed = parseUri(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

export function sipUriOf(text: string): SipUri {
  const uri = uriOf(text);
  if (uri.kind !== 'sip') throw new Error('not a SIP URI');
  return uri;
}

export const addr = (text: string): NameAddr => new NameAddr(uriOf(text));

export interface PhoneOptions {
  readonly protocol?: TransportProtocol;
  readonly tls?: TlsPolicy;
  readonly server?: Credentials;
  readonly rtpPort?: number;
}

/** What became of a call. */
export interface Outcome {
  readonly progress: readonly number[];
  /** SDP that came before the answer. */
  readonly early: Body | undefined;
  readonly status: number;
  readonly result: RequestResult | undefined;
  readonly session: Session | undefined;
  readonly body: Body | undefined;
}

const random = createCryptoRandom();

/** The customer: the user agent of this project on a real socket, with a real clock. */
export class Phone {
  readonly agent: UserAgent;
  readonly transport: TransportLayer;
  readonly calls: IncomingCall[] = [];
  /** What to do with a call that comes; default: answer it. */
  onCall: (call: IncomingCall) => void = (call) => this.answer(call);
  private readonly rtpPort: number;

  private constructor(options: PhoneOptions) {
    const protocol = options.protocol ?? 'UDP';
    const { server } = options;
    this.rtpPort = options.rtpPort ?? 40_000;
    this.transport = new TransportLayer({
      listeners: [
        {
          protocol,
          address: LOOPBACK,
          port: 0,
          tls: server === undefined ? undefined : { credentials: server },
        },
      ],
      defaultTls: options.tls,
    });
    this.agent = new UserAgent({
      transport: this.transport,
      resolver: new SipResolver({
        unit: Math.random,
        dns: { query: () => Promise.resolve({ ok: false, code: 'no-such-name' }) },
      }),
      clock: new TimerWheel(),
      random,
      policy: { contactUser: 'platform' },
      events: {
        onCall: (call) => {
          this.calls.push(call);
          this.onCall(call);
        },
      },
    });
  }

  static async open(options: PhoneOptions = {}): Promise<Phone> {
    const phone = new Phone(options);
    const started = await phone.transport.start(phone.agent);
    if (!started.ok) throw new Error(started.error.detail);
    return phone;
  }

  get port(): number {
    return this.transport.listening[0]?.port ?? 0;
  }

  get uri(): string {
    return `sip:${LOOPBACK}:${this.port}`;
  }

  async close(): Promise<void> {
    this.agent.close();
    await this.transport.close({ drainMs: 0 });
  }

  /** Any request outside of a dialog. */
  request(method: string, options: CallOptions): Promise<RequestResult> {
    return new Promise((resolve) => this.agent.request(method, options, { onResult: resolve }));
  }

  /** REGISTER with the Contact that is given, or our own. */
  register(
    carrier: string,
    user: string,
    options: {
      readonly credentials?: DigestClient;
      readonly expires?: number;
      readonly contact?: string;
      readonly callId?: string;
      readonly to?: string;
    } = {},
  ): Promise<RequestResult> {
    const account = addr(`sip:${options.to ?? user}@carrier.example`);
    return this.request('REGISTER', {
      to: account,
      from: addr(`sip:${user}@carrier.example`),
      target: sipUriOf(carrier),
      credentials: options.credentials,
      callId: options.callId,
      contact: options.contact === undefined ? (target) => this.agent.contactFor(target) : undefined,
      headers: [
        ...(options.contact === undefined ? [] : [['Contact', options.contact] as const]),
        ...(options.expires === undefined ? [] : [['Expires', `${options.expires}`] as const]),
      ],
    });
  }

  /** Calls `number` at the carrier and waits for the outcome; `started` may cancel. */
  dial(
    carrier: string,
    number: string,
    options: Partial<CallOptions> & { readonly userPhone?: boolean; readonly noOffer?: boolean } = {},
    started: (call: OutgoingCall) => void = () => undefined,
  ): Promise<Outcome> {
    const at = sipUriOf(carrier);
    const target = sipUriOf(`sip:${number}@${LOOPBACK}${options.userPhone === true ? ';user=phone' : ''}`);
    const progress: number[] = [];
    let early: Body | undefined;
    return new Promise((resolve) => {
      const call = this.agent.call(
        {
          to: new NameAddr(target),
          from: addr('sip:+442079460001@platform.example'),
          target,
          nextHop: at,
          offer: options.noOffer === true ? undefined : this.offer(),
          ...options,
        },
        {
          onProgress: ({ status, body }) => {
            progress.push(status);
            early = body ?? early;
          },
          onAnswered: (session, body, acknowledge) => {
            acknowledge(options.noOffer === true && body !== undefined ? this.answerTo(body) : undefined);
            resolve({ progress, early, status: 200, result: undefined, session, body });
          },
          onFailed: (result) =>
            resolve({ progress, early, status: result.status, result, session: undefined, body: undefined }),
        },
      );
      started(call);
    });
  }

  answer(call: IncomingCall): void {
    call.answer({ body: call.offer === undefined ? this.offer() : this.answerTo(call.offer) });
  }

  offer(): Body {
    const made = createOffer(startSdpSession({ sessionId: '7' }), this.media());
    if (!made.ok) throw new Error(made.refusal.reason);
    return sdpBody(serializeSdp(made.offer));
  }

  answerTo(offer: Body): Body {
    const parsed = parseSdp(offer.bytes);
    if (!parsed.ok) throw new Error(parsed.error.message);
    const made = receiveOffer(startSdpSession({ sessionId: '7' }), parsed.description, this.media());
    if (!made.ok) throw new Error(made.refusal.reason);
    return sdpBody(serializeSdp(made.answer));
  }

  private media(): { readonly local: LocalAudio; readonly randomBytes: (length: number) => Uint8Array } {
    const codecs = [{ name: 'PCMA', clockRate: 8_000, payloadType: 8 }];
    const local: LocalAudio = { address: LOOPBACK, port: this.rtpPort, codecs, srtp: 'off' };
    return { local, randomBytes: (length) => Buffer.alloc(length) };
  }
}

export const sdpBody = (text: string): Body => ({ contentType: 'application/sdp', bytes: Buffer.from(text) });

export function digest(
  username: string,
  password: string,
  algorithms?: DigestClientOptions['algorithms'],
): DigestClient {
  return new DigestClient({
    identityFor: () => ({ username, password }),
    createCnonce: () => random.token(128),
    algorithms,
  });
}

/** The port of the audio line. */
export function audioPortOf(body: Body | undefined): number {
  return Number(/m=audio (\d+)/.exec(body?.bytes.toString() ?? '')?.[1]);
}
