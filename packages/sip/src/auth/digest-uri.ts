// Does a digest uri mean the request at hand? (RFC 7616 §3.4.6; RFC 3261 §22.4 items 2–5)

interface Target {
  readonly scheme: 'sip' | 'tel' | 'other';
  /** The part that decides who is called: user of a sip URI, number of a tel URI, else the whole text. */
  readonly user: string;
}

function readTarget(uri: string): Target {
  const colon = uri.indexOf(':');
  const scheme = uri.slice(0, Math.max(colon, 0)).toLowerCase();
  const rest = uri.slice(colon + 1);
  if (scheme === 'tel') return { scheme: 'tel', user: rest.split(';', 1)[0] ?? '' };
  if (scheme !== 'sip' && scheme !== 'sips') return { scheme: 'other', user: uri };
  // A literal "@" cannot stand in a user part (RFC 3261 §25.1), so the first one ends it.
  const at = rest.indexOf('@');
  return { scheme: 'sip', user: at === -1 ? '' : (rest.slice(0, at).split(';', 1)[0] ?? '') };
}

/**
 * True when both name the same user. Hosts, ports and parameters are left aside: proxies rewrite them on the way,
 * while a changed user is a call to another number on somebody's recorded credentials.
 */
export function sameTarget(digestUri: string, requestUri: string): boolean {
  const [a, b] = [readTarget(digestUri), readTarget(requestUri)];
  return a.scheme === b.scheme && a.user === b.user;
}
