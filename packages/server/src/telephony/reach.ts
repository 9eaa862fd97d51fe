import type { Destination, TlsFacts, TlsPolicy } from '@tronco/sip';
import type { TrunkAddressing } from './addressing.ts';
import { placeText } from './find-places.ts';
import { fromOptions, fromSendError } from './findings.ts';
import { SipLine } from './sip-line.ts';
import { orAborted, type Timed, timed } from './stage-log.ts';
import { type Finding, isGood } from './verdicts.ts';

export type Reached = {
  connect: Timed;
  /** Absent when there is no connection to ask over. */
  options: Timed | undefined;
  /** To be closed by who gets it. */
  line: SipLine | undefined;
};

export type ReachOptions = {
  addressing: TrunkAddressing;
  tls: TlsPolicy | undefined;
  signal: AbortSignal;
  /** For all places together. */
  limitMs: number;
};

/** The first place that answers; when none does, the one that came furthest. */
export async function reachAny(places: readonly Destination[], options: ReachOptions): Promise<Reached> {
  const untilMs = performance.now() + options.limitMs;
  let best: Reached | undefined;
  for (const [index, place] of places.entries()) {
    const shareMs = Math.max(1, (untilMs - performance.now()) / (places.length - index));
    const reached = await reach(place, { ...options, limitMs: shareMs });
    if (best === undefined || rank(reached) > rank(best)) {
      await best?.line?.close();
      best = reached;
    } else {
      await reached.line?.close();
    }
    if (rank(best) === 2 || options.signal.aborted) break;
  }
  if (best === undefined) throw new Error('there is no place to reach');
  return best;
}

const rank = ({ options }: Reached): 0 | 1 | 2 =>
  options === undefined ? 0 : isGood(options.finding) ? 2 : 1;

async function reach(place: Destination, options: ReachOptions): Promise<Reached> {
  const { addressing, tls, limitMs } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(Math.ceil(limitMs))]);
  let line: SipLine | undefined;
  const connect = await timed(async () => {
    const opened = await SipLine.open(place, tls, Math.ceil(limitMs) + 1_000);
    if (!opened.ok) return fromSendError(opened.error);
    ({ line } = opened);
    return connectLine(line, signal);
  });
  if (line === undefined || !isGood(connect.finding)) {
    await line?.close();
    return { connect, options: undefined, line: undefined };
  }
  const asked = line;
  const answered = await timed(async () => fromOptions(await orAborted(asked.options(addressing), signal)));
  return { connect, options: answered, line };
}

async function connectLine(line: SipLine, signal: AbortSignal): Promise<Finding> {
  const where = placeText(line.destination);
  if (line.destination.protocol === 'UDP') {
    const detail = `UDP has no connection to ${where}: only an answer shows that somebody is there.`;
    return { code: 'connectionless', skipped: true, detail };
  }
  const connected = await line.connect(signal);
  if (!connected.ok) {
    // A limit of ours ends the attempt as if it had been given up.
    if (signal.aborted) return { code: 'connection_timeout', detail: `${where} was not ready in time.` };
    const finding = fromSendError(connected.error);
    return { ...finding, detail: `${where}: ${finding.detail}` };
  }
  const secured = connected.tls === undefined ? '' : ` with ${tlsText(connected.tls)}`;
  return { code: 'connected', detail: `Connected to ${where}${secured}.` };
}

function tlsText({ version, cipher, chain }: TlsFacts): string {
  const own = chain[0];
  return own === undefined
    ? version
    : `${version} (${cipher}); the certificate is valid until ${own.validTo}`;
}
