// SDP text to its lines (RFC 8866 §5, §9). Forgiving about order and omissions that carriers are known for,
// strict about sizes and about the lines a call stands on: o=, c= and m=.
import type {
  Attribute,
  Connection,
  MediaDescription,
  Origin,
  OtherLine,
  SessionDescription,
} from './description.ts';

export const SDP_LIMITS = {
  bytes: 65_536,
  lines: 1_000,
  lineChars: 8_192,
  media: 32,
  formats: 128,
} as const;

export type SdpErrorCode =
  | 'too-large'
  | 'not-sdp'
  | 'bad-line'
  | 'bad-version'
  | 'bad-origin'
  | 'bad-connection'
  | 'bad-media';

export interface SdpError {
  readonly code: SdpErrorCode;
  /** 1-based; 0 when the text as a whole is meant. */
  readonly line: number;
  /** For a person: what was expected. */
  readonly message: string;
}

export type SdpResult =
  | { readonly ok: true; readonly description: SessionDescription }
  | { readonly ok: false; readonly error: SdpError };

interface Section {
  connection?: Connection;
  readonly other: OtherLine[];
  readonly attributes: Attribute[];
}

interface Draft extends Section {
  origin?: Origin | undefined;
  name: string;
  readonly times: string[];
  readonly media: (Section & Omit<MediaDescription, keyof Section>)[];
}

/** Code and message of a refused line; the caller adds the line number. */
type Problem = readonly [SdpErrorCode, string];

const TOKEN = /^[\w!#$%&'*+.^`{|}~-]+$/;
const isAddress = (text: string): boolean => text.length <= 255 && /^[\w.:%[\]-]+$/.test(text);

function refuse(code: SdpErrorCode, line: number, message: string): SdpResult {
  return { ok: false, error: { code, line, message } };
}

function readOrigin(value: string): Origin | undefined {
  const fields = value.trim().split(/[ \t]+/);
  // Gateways put display names with spaces in the user name: count the five fixed fields from the end.
  if (fields.length < 6) return undefined;
  const [sessionId = '', version = '', , addressType = '', address = ''] = fields.slice(-5);
  return {
    username: fields.slice(0, -5).join(' '),
    sessionId,
    version,
    addressType: addressType.toUpperCase(),
    address,
  };
}

/** `IN IP4 192.0.2.1`, `IN IP6 2001:db8::1`, multicast with its suffix (RFC 8866 §5.7). */
export function readConnection(value: string): Connection | undefined {
  const [network, addressType, target, ...rest] = value.trim().split(/[ \t]+/);
  if (network?.toUpperCase() !== 'IN' || !addressType || !target || rest.length > 0) return undefined;
  const slash = target.indexOf('/');
  const address = slash === -1 ? target : target.slice(0, slash);
  if (!isAddress(address)) return undefined;
  const suffix = slash === -1 ? undefined : target.slice(slash + 1);
  return { addressType: addressType.toUpperCase(), address, suffix };
}

function readMedia(value: string): Draft['media'][number] | undefined {
  const [kind, ports, protocol, ...formats] = value.trim().split(/[ \t]+/);
  const match = /^(\d{1,5})(?:\/(\d{1,3}))?$/.exec(ports ?? '');
  if (!kind || !match || !protocol || !TOKEN.test(kind) || !/^[\w!#$%&'*+.^`{|}~/-]+$/.test(protocol))
    return undefined;
  const [port, portCount] = [Number(match[1]), Number(match[2] ?? '1')];
  if (port > 65_535 || portCount < 1 || formats.length > SDP_LIMITS.formats) return undefined;
  return {
    kind: kind.toLowerCase(),
    port,
    portCount,
    protocol: protocol.toUpperCase(),
    formats,
    other: [],
    attributes: [],
  };
}

function readAttribute(value: string): Attribute {
  const colon = value.indexOf(':');
  if (colon === -1) return { name: value.trim() };
  return { name: value.slice(0, colon).trim(), value: value.slice(colon + 1).trim() };
}

function readMediaLine(draft: Draft, value: string): Problem | undefined {
  const media = readMedia(value);
  if (!media) return ['bad-media', 'm= needs a kind, a port up to 65535, a transport and formats'];
  if (draft.media.length === SDP_LIMITS.media) return ['too-large', `over ${SDP_LIMITS.media} m= lines`];
  draft.media.push(media);
  return undefined;
}

function readConnectionLine(section: Section, value: string): Problem | undefined {
  const connection = readConnection(value);
  if (!connection) return ['bad-connection', 'c= needs a network type, an address type and an address'];
  // Several c= lines are multicast layers (RFC 8866 §5.7); the first is the base layer.
  if (section.connection) section.other.push({ type: 'c', value });
  else section.connection = connection;
  return undefined;
}

function readLine(draft: Draft, type: string, value: string): Problem | undefined {
  const section = draft.media.at(-1) ?? draft;
  switch (type) {
    case 'v':
      return value.trim() === '0' ? undefined : ['bad-version', 'v= must be 0'];
    case 'o':
      if (draft.origin) return ['bad-origin', 'a second o= line'];
      draft.origin = readOrigin(value);
      return draft.origin ? undefined : ['bad-origin', 'o= needs six fields'];
    case 's':
      draft.name = value.trim() || '-';
      return undefined;
    case 't':
      draft.times.push(value.trim());
      return undefined;
    case 'c':
      return readConnectionLine(section, value);
    case 'm':
      return readMediaLine(draft, value);
    case 'a':
      section.attributes.push(readAttribute(value));
      return undefined;
    default:
      section.other.push({ type, value });
      return undefined;
  }
}

/** Reads SDP from a body. CRLF, LF and CR end lines; blank lines are skipped. Never throws. */
export function parseSdp(body: string | Uint8Array): SdpResult {
  if (body.length > SDP_LIMITS.bytes) return refuse('too-large', 0, `over ${SDP_LIMITS.bytes} bytes`);
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.length > SDP_LIMITS.lines) return refuse('too-large', 0, `over ${SDP_LIMITS.lines} lines`);
  const draft: Draft = { name: '-', times: [], other: [], attributes: [], media: [] };
  let started = false;
  for (const [index, raw] of lines.entries()) {
    const line = raw.trimEnd();
    if (line === '') continue;
    const problem = checkLine(line, started) ?? readLine(draft, line.charAt(0), line.slice(2));
    if (problem) return refuse(problem[0], index + 1, problem[1]);
    started = true;
  }
  if (!started) return refuse('not-sdp', 0, 'the body is empty');
  if (!draft.origin) return refuse('bad-origin', 0, 'o= is missing');
  const times = draft.times.length > 0 ? draft.times : ['0 0'];
  return { ok: true, description: { ...draft, origin: draft.origin, times } };
}

function checkLine(line: string, started: boolean): Problem | undefined {
  if (line.length > SDP_LIMITS.lineChars)
    return ['too-large', `line over ${SDP_LIMITS.lineChars} characters`];
  if (!started && !line.startsWith('v=')) return ['not-sdp', 'the first line must be v='];
  if (!/^[a-z]=/.test(line)) return ['bad-line', 'a line is a lower-case letter and "="'];
  return line.includes('\0') ? ['bad-line', 'a NUL character'] : undefined;
}
