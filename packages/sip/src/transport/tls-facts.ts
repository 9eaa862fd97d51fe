import { createHash, type X509Certificate } from 'node:crypto';
import { bareHost } from './addresses.ts';

/** What a person needs to see of a certificate. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** The identities it stands for: `dns:…`, `sip:…`, `ip:…`, or `cn:…` when it has no others. */
  readonly names: readonly string[];
  /** ISO 8601, UTC */
  readonly validFrom: string;
  /** ISO 8601, UTC */
  readonly validTo: string;
  readonly serialNumber: string;
  /** SHA-256 of the public key as in RFC 7469 §2.4, base64: the form that pins are given in. */
  readonly spkiSha256: string;
}

export interface TlsFacts {
  /** `TLSv1.3` */
  readonly version: string;
  readonly cipher: string;
  /** The peer's certificate first, then its issuers as far as they are known. Empty when it sent none. */
  readonly chain: readonly CertificateFacts[];
  /** The chain leads to an authority we trust, and every certificate in it is valid today. */
  readonly trusted: boolean;
}

export type TlsFailureReason =
  | 'expired'
  | 'not-yet-valid'
  /** The certificate vouches for itself and is not among the authorities given. */
  | 'self-signed'
  /** Its issuer is not among the authorities given, or did not send the chain up to it. */
  | 'untrusted'
  | 'revoked'
  /** Valid, but for other names (RFC 5922 §7). */
  | 'wrong-name'
  | 'wrong-pin'
  /** The peer sent no certificate. */
  | 'no-certificate'
  /** The two sides have no TLS version in common. */
  | 'version'
  /** The peer wants a certificate of ours, or does not accept the one it got. */
  | 'own-certificate'
  /** What answers on that port does not speak TLS. */
  | 'not-tls'
  /** The peer broke the handshake off with an alert, see `alert`. */
  | 'alert'
  /** Anything else that went wrong before the connection was secure. */
  | 'handshake';

export interface TlsFailure {
  readonly reason: TlsFailureReason;
  /** The name the certificate had to carry. */
  readonly expectedName?: string | undefined;
  /** `expired` and `not-yet-valid`: the date that decides, ISO 8601, UTC. */
  readonly date?: string | undefined;
  /** `wrong-name`: only a wildcard in the certificate covers the name, and RFC 5922 §7.2 forbids those. */
  readonly onlyByWildcard?: boolean | undefined;
  /** As the TLS RFCs name it: `handshake_failure`. */
  readonly alert?: string | undefined;
  /** As far as the handshake came. */
  readonly chain: readonly CertificateFacts[];
}

export function certificateFacts(certificate: X509Certificate): CertificateFacts {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: certificateNames(certificate),
    validFrom: certificate.validFromDate.toISOString(),
    validTo: certificate.validToDate.toISOString(),
    serialNumber: certificate.serialNumber,
    spkiSha256: spkiSha256(certificate),
  };
}

export function spkiSha256(certificate: X509Certificate): string {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('base64');
}

/** Distinguished names come with a line per part. */
function oneLine(text: string | undefined): string {
  return (text ?? '').replaceAll('\n', ', ');
}

/**
 * The identities of a certificate (RFC 5922 §7.1): every SIP URI without user part and every DNS name; the common name
 * only when there is no subjectAltName at all. IP addresses are kept for destinations that have no name.
 */
export function certificateNames(certificate: X509Certificate): readonly string[] {
  const altName = certificate.subjectAltName;
  if (altName === undefined) {
    const commonName = /(?:^|\n)CN=([^\n]+)/.exec(certificate.subject ?? '')?.[1];
    return commonName === undefined ? [] : [`cn:${bareHost(commonName)}`];
  }
  const names: string[] = [];
  for (const entry of splitAltName(altName)) {
    const colon = entry.indexOf(':');
    const name = altNameEntry(entry.slice(0, colon), entry.slice(colon + 1));
    if (name !== undefined) names.push(name);
  }
  return names;
}

function altNameEntry(type: string, value: string): string | undefined {
  if (type === 'DNS') return `dns:${bareHost(value)}`;
  if (type === 'IP Address') return `ip:${bareHost(value)}`;
  if (type !== 'URI') return undefined;
  const uri = /^sip:([^@;?]+)$/i.exec(value)?.[1];
  return uri === undefined ? undefined : `sip:${bareHost(uri)}`;
}

/**
 * Entries are separated by ", "; Node writes one that holds a comma or a quote as a JSON string behind its type, so
 * that no name can forge another.
 */
function splitAltName(text: string): readonly string[] {
  const entries: string[] = [];
  const pattern = /([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/gy;
  for (const [, type, value] of text.matchAll(pattern)) {
    if (type === undefined || value === undefined) continue;
    entries.push(`${type}:${value.startsWith('"') ? unquoteJson(value) : value}`);
  }
  return entries;
}

function unquoteJson(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : '';
  } catch {
    return '';
  }
}
