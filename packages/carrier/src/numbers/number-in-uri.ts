import type { Uri } from '@tronco/sip';

/**
 * What a URI dials: the number of a tel URI, or the user part of a SIP URI without the telephone parameters that may
 * stand in it (RFC 3261 §19.1.6). Visual separators are dropped (RFC 3966 §5.1.1).
 */
export function dialledIn(uri: Uri): string | undefined {
  if (uri.kind === 'tel') return uri.digits;
  if (uri.kind !== 'sip' || uri.user === undefined) return undefined;
  const [number = ''] = uri.user.split(';');
  return /^[+\d]/.test(number) ? number.replaceAll(/[-.()]/g, '') : number;
}
