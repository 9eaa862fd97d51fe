import {
  type AnswerResult,
  type Body,
  canSend,
  createOffer,
  type HeaderLines,
  type IncomingChange,
  type LocalAudio,
  type LocalCodec,
  type NegotiatedAudio,
  parseSdp,
  type Random,
  receiveAnswer,
  receiveOffer,
  type SdpSession,
  serializeSdp,
  startSdpSession,
  warningHeader,
  withdrawOffer,
} from '@tronco/sip';
import { EchoPort, type EchoCounts, type EchoOptions } from './echo-port.ts';

export interface CallMediaOptions extends EchoOptions {
  readonly codecs: readonly LocalCodec[];
  readonly random: Random;
  /** Give packets back; otherwise they are only counted. */
  readonly echo: boolean;
  /** Written into SDP in place of `host`: a fault, or the address outside of NAT. */
  readonly advertised?: string | undefined;
}

export type MediaAnswer =
  | { readonly ok: true; readonly body: Body }
  | { readonly ok: false; readonly status: number; readonly headers: HeaderLines; readonly detail: string };

const SDP = 'application/sdp';

/** The audio of one call: its offer/answer state (RFC 3264) and the ports that give back what they hear. */
export class CallMedia {
  private readonly local: LocalAudio;
  private readonly echo: EchoPort;
  private readonly random: Random;
  private session: SdpSession;

  private constructor(local: LocalAudio, echo: EchoPort, random: Random) {
    this.local = local;
    this.echo = echo;
    this.random = random;
    // RFC 8866 §5.2: a number that nobody else has; 52 bits stay exact.
    this.session = startSdpSession({ sessionId: `${Number.parseInt(random.token(48), 16)}` });
  }

  /** Undefined when there are no free ports. */
  static async open(options: CallMediaOptions): Promise<CallMedia | undefined> {
    const echo = await EchoPort.open(options);
    if (echo === undefined) return undefined;
    const { advertised, host, codecs, random } = options;
    const local: LocalAudio = {
      address: advertised ?? host,
      port: echo.rtpPort,
      codecs,
      // An echo can only give back what it understands nothing of: with SRTP each side has its own key.
      srtp: 'off',
      rtcpMux: false,
    };
    const media = new CallMedia(local, echo, random);
    if (options.echo) echo.mayEcho = () => media.sends;
    return media;
  }

  get audio(): NegotiatedAudio | undefined {
    return this.session.audio;
  }

  get counts(): EchoCounts {
    return this.echo.counts;
  }

  /** What we said last, offer or answer. */
  get lastLocalSdp(): string | undefined {
    return this.session.lastLocal === undefined ? undefined : serializeSdp(this.session.lastLocal);
  }

  offer(): Body | undefined {
    const made = createOffer(this.session, this.options());
    if (!made.ok) return undefined;
    this.session = made.session;
    return bodyWith(serializeSdp(made.offer));
  }

  answer(offer: Body): MediaAnswer {
    if (offer.contentType.split(';')[0]?.trim().toLowerCase() !== SDP) {
      return { ok: false, status: 415, headers: [['Accept', SDP]], detail: 'the body is no SDP' };
    }
    const parsed = parseSdp(offer.bytes);
    if (!parsed.ok) return { ok: false, status: 400, headers: [], detail: parsed.error.message };
    const result: AnswerResult = receiveOffer(this.session, parsed.description, this.options());
    if (!result.ok) {
      const { status, warningCode: code, reason } = result.refusal;
      const warning = warningHeader.format([{ code, agent: 'carrier', text: reason }]);
      return { ok: false, status, headers: [['Warning', warning]], detail: reason };
    }
    this.session = result.session;
    return { ok: true, body: bodyWith(serializeSdp(result.answer)) };
  }

  /** The peer's answer to our offer; a text says what was wrong with it. */
  takeAnswer(answer: Body): string | undefined {
    const parsed = parseSdp(answer.bytes);
    if (!parsed.ok) {
      this.session = withdrawOffer(this.session);
      return parsed.error.message;
    }
    const result = receiveAnswer(this.session, parsed.description);
    this.session = result.session;
    return result.ok ? undefined : result.refusal.reason;
  }

  /** Re-INVITE and UPDATE: hold, another address, other codecs, or an offer of ours when there is none. */
  change(change: IncomingChange): void {
    if (change.offer === undefined) {
      return void change.accept(change.request.method === 'INVITE' ? this.offer() : undefined);
    }
    const answered = this.answer(change.offer);
    if (answered.ok) change.accept(answered.body);
    else change.reject(answered.status, answered.headers);
  }

  close(): void {
    this.echo.close();
  }

  private get sends(): boolean {
    const { audio } = this.session;
    return audio !== undefined && canSend(audio.direction);
  }

  private options(): {
    readonly local: LocalAudio;
    readonly randomBytes: (length: number) => Uint8Array;
  } {
    return {
      local: this.local,
      randomBytes: (length) => Buffer.from(this.random.token(length * 8), 'hex'),
    };
  }
}

const bodyWith = (text: string): Body => ({ contentType: SDP, bytes: Buffer.from(text) });
