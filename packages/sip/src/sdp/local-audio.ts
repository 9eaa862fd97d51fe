// What this side can do on its audio stream, and the formats it declares in an offer (RFC 3264 §5.1).
import { FIRST_DYNAMIC, isComfortNoise, LAST_DYNAMIC, sameCodec, type AudioFormat } from './audio-format.ts';
import { DTMF_EVENTS } from './format-parameters.ts';
import { createSrtpKey, type SrtpKey } from './crypto-attribute.ts';
import { DEFAULT_SUITES, type SrtpSuite } from './srtp-suites.ts';

export type SrtpPolicy = 'off' | 'optional' | 'required';

export interface LocalCodec {
  readonly name: string;
  readonly clockRate: number;
  readonly channels?: number | undefined;
  /** Used in our offers when still free; in answers the offerer's number is echoed. */
  readonly payloadType: number;
  readonly fmtp?: string | undefined;
}

export interface LocalAudio {
  /** Address and port our RTP is received at, as the peer must see them. */
  readonly address: string;
  readonly port: number;
  /** Written as a=rtcp when it is not port + 1. */
  readonly rtcpPort?: number | undefined;
  /** In order of preference; without telephone-event, which `dtmfEvents` stands for. */
  readonly codecs: readonly LocalCodec[];
  /** RFC 4733 events, `0-15` when left out; false for none. */
  readonly dtmfEvents?: string | false | undefined;
  /** Packet time we like to receive; default 20. */
  readonly ptimeMs?: number | undefined;
  /** Packet times we take over when the peer asks; default 10, 20, 30, 40, 60. */
  readonly acceptedPtimesMs?: readonly number[] | undefined;
  readonly srtp: SrtpPolicy;
  readonly suites?: readonly SrtpSuite[] | undefined;
  /** Default true: offered, and accepted when offered (RFC 5761). */
  readonly rtcpMux?: boolean | undefined;
  /** Whose order decides in our answers; default the offerer's (RFC 3264 §6.1). */
  readonly codecOrder?: 'offerer' | 'local' | undefined;
  /** Answer with one codec, so that the peer cannot switch in mid-call. Default false. */
  readonly singleCodec?: boolean | undefined;
  /** Address types our sockets can send to; default that of `address`. */
  readonly addressTypes?: readonly ('IP4' | 'IP6')[] | undefined;
}

export type SrtpKeys = Readonly<Partial<Record<SrtpSuite, SrtpKey>>>;

export function addressTypeOf(address: string): 'IP4' | 'IP6' {
  return address.includes(':') ? 'IP6' : 'IP4';
}

export function localSuites(local: LocalAudio): readonly SrtpSuite[] {
  return local.suites ?? DEFAULT_SUITES;
}

export function localEvents(local: LocalAudio): string | undefined {
  return local.dtmfEvents === false ? undefined : (local.dtmfEvents ?? DTMF_EVENTS);
}

/**
 * One key per suite for the whole session: an unchanged a=crypto line in a re-offer must mean an unchanged key
 * (RFC 4568 §7.1.4).
 */
export function withKeys(
  keys: SrtpKeys,
  suites: readonly SrtpSuite[],
  randomBytes: (length: number) => Uint8Array,
): SrtpKeys {
  const missing = suites.filter((suite) => !keys[suite]);
  if (missing.length === 0) return keys;
  return {
    ...keys,
    ...Object.fromEntries(missing.map((suite) => [suite, createSrtpKey(suite, randomBytes)])),
  };
}

/** Which number means what, by either side, oldest first. */
export interface Bindings {
  /** In our offers and answers. */
  readonly local: readonly AudioFormat[];
  /** In the peer's: it will echo our numbers, so they must not collide with what it said before. */
  readonly remote: readonly AudioFormat[];
}

export const NO_BINDINGS: Bindings = { local: [], remote: [] };

/** Payload types given out so far; a number keeps its meaning for the whole session (RFC 3264 §8.3.2). */
class PayloadTypes {
  readonly #local: AudioFormat[];
  readonly #remote: readonly AudioFormat[];

  constructor(bindings: Bindings) {
    this.#local = [...bindings.local];
    this.#remote = bindings.remote;
  }

  assign(format: AudioFormat): AudioFormat | undefined {
    const ours = this.#local.findLast((bound) => sameCodec(bound, format));
    if (ours) return { ...format, payloadType: ours.payloadType };
    const theirs = this.#remote.findLast(
      (bound) => sameCodec(bound, format) && !this.#isOurs(bound.payloadType),
    );
    const wanted = this.#isFree(format.payloadType) ? format.payloadType : this.#firstFree();
    const payloadType = theirs?.payloadType ?? wanted;
    if (payloadType === undefined) return undefined;
    const assigned = { ...format, payloadType };
    this.#local.push(assigned);
    return assigned;
  }

  #isOurs(payloadType: number): boolean {
    return this.#local.some((bound) => bound.payloadType === payloadType);
  }

  #isFree(payloadType: number): boolean {
    return !this.#isOurs(payloadType) && !this.#remote.some((bound) => bound.payloadType === payloadType);
  }

  #firstFree(): number | undefined {
    for (let candidate = FIRST_DYNAMIC; candidate <= LAST_DYNAMIC; candidate += 1) {
      if (this.#isFree(candidate)) return candidate;
    }
    return undefined;
  }
}

/** 101 is what carriers expect telephone-event to be, though any dynamic number would do. */
const USUAL_EVENT_TYPE = 101;

/** Codecs in our order, then one telephone-event per clock rate in use (RFC 4733 §2.1). */
export function offeredFormats(local: LocalAudio, bindings: Bindings = NO_BINDINGS): AudioFormat[] {
  const types = new PayloadTypes(bindings);
  const formats: AudioFormat[] = [];
  for (const codec of local.codecs) {
    const assigned = types.assign({ ...codec, channels: codec.channels ?? 1 });
    const repeated = formats.some((format) => format.payloadType === assigned?.payloadType);
    if (assigned && !repeated) formats.push(assigned);
  }
  const events = localEvents(local);
  if (events === undefined) return formats;
  const rates = new Set(
    local.codecs.filter((codec) => !isComfortNoise(codec)).map((codec) => codec.clockRate),
  );
  for (const clockRate of rates) {
    const assigned = types.assign({
      payloadType: USUAL_EVENT_TYPE,
      name: 'telephone-event',
      clockRate,
      channels: 1,
      fmtp: events,
    });
    if (assigned) formats.push(assigned);
  }
  return formats;
}
