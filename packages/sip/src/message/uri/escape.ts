import { HEX, inClass, PERCENT, UNRESERVED, URI_PARAM, USER, codeAt } from '../chars.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** True when every "%" in the text is followed by two hexadecimal digits. */
export function escapesAreWhole(text: string): boolean {
  for (let at = text.indexOf('%'); at !== -1; at = text.indexOf('%', at + 1)) {
    if (!inClass(codeAt(text, at + 1), HEX) || !inClass(codeAt(text, at + 2), HEX)) return false;
  }
  return true;
}

/**
 * Resolves %HH once, never recursively (RFC 4475 §3.1.1.3). Escaped octets are UTF-8; octets that are not are
 * taken as Latin-1, and a "%" without two digits stays as it is.
 */
export function unescapeUri(text: string): string {
  if (!text.includes('%')) return text;
  let out = '';
  let pos = 0;
  while (pos < text.length) {
    const octets: number[] = [];
    while (codeAt(text, pos) === PERCENT && inClass(codeAt(text, pos + 1), HEX)) {
      if (!inClass(codeAt(text, pos + 2), HEX)) break;
      octets.push(Number.parseInt(text.slice(pos + 1, pos + 3), 16));
      pos += 3;
    }
    if (octets.length > 0) out += decodeOctets(octets);
    else out += text.charAt(pos++);
  }
  return out;
}

function decodeOctets(octets: readonly number[]): string {
  try {
    return utf8.decode(Uint8Array.from(octets));
  } catch {
    return Buffer.from(octets).toString('latin1');
  }
}

function escapeOutside(text: string, bits: number): string {
  let out = '';
  for (const character of text) {
    if (inClass(codeAt(character, 0), bits) && character !== '#') out += character;
    else for (const octet of Buffer.from(character, 'utf8')) out += hex(octet);
  }
  return out;
}

function hex(octet: number): string {
  return `%${octet.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Escapes what may not stand in the user part (RFC 3261 §25.1 `user`). */
export function escapeUser(text: string): string {
  return escapeOutside(text, USER);
}

export function escapeUriParam(text: string): string {
  return escapeOutside(text, URI_PARAM);
}

/** Escapes for `hname` and `hvalue` of the URI's "?" part. */
export function escapeUriHeader(text: string): string {
  return escapeOutside(text, UNRESERVED);
}

/**
 * A form in which two spellings of the same component are equal: unreserved characters unescaped, all other
 * escapes in capitals (RFC 3261 §19.1.4: only characters outside the reserved set equal their escape).
 */
export function normalizeEscapes(text: string): string {
  if (!text.includes('%')) return text;
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const code = codeAt(text, i);
    const escaped = code === PERCENT && inClass(codeAt(text, i + 1), HEX);
    if (!escaped || !inClass(codeAt(text, i + 2), HEX)) {
      out += text.charAt(i);
      continue;
    }
    const octet = Number.parseInt(text.slice(i + 1, i + 3), 16);
    out += inClass(octet, UNRESERVED) ? String.fromCharCode(octet) : hex(octet);
    i += 2;
  }
  return out;
}
