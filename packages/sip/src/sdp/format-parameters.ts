// What two a=fmtp values mean together, codec by codec.

/** DTMF 0–9, *, #, A–D: what an absent fmtp stands for (RFC 4733 §2.4.1). */
export const DTMF_EVENTS = '0-15';

/** `octet-align=1; mode-set=0,2` with lower-case names. */
function readParameters(fmtp: string | undefined): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const part of (fmtp ?? '').split(';')) {
    const [name = '', ...value] = part.split('=');
    if (name.trim() !== '') parameters.set(name.trim().toLowerCase(), value.join('=').trim().toLowerCase());
  }
  return parameters;
}

/** Event codes of `0-15,32,36`; unreadable pieces are skipped, nothing readable means the default. */
export function readEvents(fmtp: string | undefined): Set<number> {
  const events = new Set<number>();
  for (const part of (fmtp ?? DTMF_EVENTS)
    .replace(/^events=/i, '')
    .split(',')
    .slice(0, 64)) {
    const match = /^\s*(\d{1,3})(?:\s*-\s*(\d{1,3}))?\s*$/.exec(part);
    if (!match) continue;
    const from = Number(match[1]);
    const to = Math.min(Number(match[2] ?? match[1]), 255);
    for (let event = from; event <= to; event += 1) events.add(event);
  }
  return events.size > 0 ? events : readEvents(DTMF_EVENTS);
}

/** The shortest `0-15,32` text for a set of events. */
export function formatEvents(events: Iterable<number>): string {
  const runs: [number, number][] = [];
  for (const event of [...events].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && last[1] === event - 1) last[1] = event;
    else runs.push([event, event]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

/** Events both sides name; undefined when there is none. */
export function commonEvents(offered: string | undefined, local: string | undefined): string | undefined {
  const ours = readEvents(local);
  const common = [...readEvents(offered)].filter((event) => ours.has(event));
  return common.length > 0 ? formatEvents(common) : undefined;
}

/**
 * False when the parameters make two formats of one name incompatible. AMR with and without octet alignment are
 * different payloads under one name (RFC 4867 §8.3.1): such an offer does not contain our codec.
 */
export function compatibleParameters(name: string, a: string | undefined, b: string | undefined): boolean {
  if (!/^AMR(-WB)?$/i.test(name)) return true;
  const aligned = (fmtp: string | undefined): string => readParameters(fmtp).get('octet-align') ?? '0';
  return aligned(a) === aligned(b);
}

/** fmtp for our answer: most codecs declare what the receiver wants, some must agree. */
export function answerParameters(
  name: string,
  offered: string | undefined,
  local: string | undefined,
): string | undefined {
  const [theirs, ours] = [readParameters(offered), readParameters(local)];
  switch (name.toUpperCase()) {
    case 'G729':
      // Absent means yes; one "no" switches comfort noise off for both (RFC 7261 §3).
      return theirs.get('annexb') === 'no' || ours.get('annexb') === 'no' ? 'annexb=no' : local;
    case 'G723':
      return theirs.get('annexa') === 'no' || ours.get('annexa') === 'no' ? 'annexa=no' : local;
    case 'ILBC':
      // Differing frame sizes settle on 30 ms, which is also the default (RFC 3952 §5).
      return theirs.get('mode') === '20' && ours.get('mode') === '20' ? 'mode=20' : 'mode=30';
    default:
      return local;
  }
}
