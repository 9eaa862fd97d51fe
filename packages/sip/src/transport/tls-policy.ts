import { X509Certificate } from 'node:crypto';
import {
  createSecureContext,
  type DetailedPeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { bareHost, sameAddress } from './addresses.ts';
import { chainFailure, tlsFailure } from './tls-errors.ts';
import { certificateFacts, type CertificateFacts, type TlsFacts } from './tls-facts.ts';
import type { SendError } from './transport.ts';

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** A certificate of ours with its chain, and its private key, PEM. */
export interface Credentials {
  readonly certificate: string;
  readonly privateKey: string;
  readonly passphrase?: string | undefined;
}

/** How a peer we connect to must prove who it is, and how we prove it ourselves. */
export interface TlsPolicy {
  /** PEM certificates in place of the public authorities that Node brings along. */
  readonly authorities?: string | undefined;
  /** SHA-256 of public keys (RFC 7469 §2.4), base64 or hexadecimal: the peer's own key must be one of them. */
  readonly pins?: readonly string[] | undefined;
  /**
   * `authority` (default): a valid chain, the right name and, when there are pins, a pinned key.
   * `pin`: a pinned key and nothing else; for self-signed certificates.
   * `none`: anyone. The connection is then only safe from listeners, not from a man in the middle.
   */
  readonly trust?: 'authority' | 'pin' | 'none' | undefined;
  /** For peers that ask for a certificate of ours. */
  readonly credentials?: Credentials | undefined;
  /** Default TLSv1.2. */
  readonly minVersion?: TlsVersion | undefined;
  /** Let `*.example.com` stand for one label, which RFC 5922 §7.2 forbids and some carriers need. */
  readonly allowWildcards?: boolean | undefined;
  /** OpenSSL cipher list, for old peers. */
  readonly ciphers?: string | undefined;
}

/** A policy made ready: parsing certificates for every connection would be slow. */
export interface PreparedPolicy {
  readonly policy: TlsPolicy;
  readonly context: SecureContext;
  /** base64 */
  readonly pins: ReadonlySet<string>;
}

export type PreparePolicyResult =
  | { readonly ok: true; readonly prepared: PreparedPolicy }
  | { readonly ok: false; readonly problem: string };

/** Refuses certificates and keys that cannot be read, keys that do not fit their certificate, and malformed pins. */
export function prepareTlsPolicy(policy: TlsPolicy): PreparePolicyResult {
  const pins = (policy.pins ?? []).map(pinAsBase64);
  if (pins.includes(undefined)) return { ok: false, problem: 'a pin is not a SHA-256 hash' };
  if (policy.trust === 'pin' && pins.length === 0) return { ok: false, problem: 'there is no pin to trust' };
  if (policy.authorities !== undefined && !isCertificateBundle(policy.authorities)) {
    return { ok: false, problem: 'the authorities are not PEM certificates' };
  }
  try {
    const context = createSecureContext({
      minVersion: policy.minVersion ?? 'TLSv1.2',
      ...(policy.authorities === undefined ? {} : { ca: policy.authorities }),
      ...(policy.ciphers === undefined ? {} : { ciphers: policy.ciphers }),
      ...credentialOptions(policy.credentials),
    });
    const known = pins.filter((pin) => pin !== undefined);
    return { ok: true, prepared: { policy, context, pins: new Set(known) } };
  } catch {
    // OpenSSL's words may quote what it was given, which may be a key.
    return { ok: false, problem: 'a certificate, key or cipher list cannot be used' };
  }
}

/** OpenSSL takes a text without a certificate in silence, and then trusts nobody. */
function isCertificateBundle(text: string): boolean {
  const blocks = text.match(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END/g) ?? [];
  try {
    return (
      blocks.length > 0 &&
      blocks.every((block) => new X509Certificate(`${block} CERTIFICATE-----`).raw.length > 0)
    );
  } catch {
    return false;
  }
}

export function credentialOptions(credentials: Credentials | undefined): {
  cert?: string;
  key?: string;
  passphrase?: string;
} {
  if (credentials === undefined) return {};
  const { certificate: cert, privateKey: key, passphrase } = credentials;
  return passphrase === undefined ? { cert, key } : { cert, key, passphrase };
}

function pinAsBase64(pin: string): string | undefined {
  const plain = pin.replace(/^sha256[/:]/i, '');
  const hex = plain.replaceAll(':', '');
  if (/^[0-9a-f]{64}$/i.test(hex)) return Buffer.from(hex, 'hex').toString('base64');
  return /^[A-Za-z0-9+/]{43}=$/.test(plain) ? plain : undefined;
}

/** How far an issuer chain is followed; longer ones are an attack or a loop. */
const MAX_CHAIN = 10;

/** What was negotiated with a peer whose handshake is complete. */
export function readTlsFacts(socket: TLSSocket): TlsFacts {
  return {
    version: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher()?.name ?? 'unknown',
    chain: peerChain(socket),
    trusted: socket.authorized,
  };
}

/**
 * Not `getPeerX509Certificate`: in Node 24 it takes the certificate out of the chain that OpenSSL keeps, so that every
 * later look at the peer finds nothing.
 */
function peerChain(socket: TLSSocket): readonly CertificateFacts[] {
  const facts: CertificateFacts[] = [];
  // An empty object when the peer sent none.
  let next: Partial<DetailedPeerCertificate> | undefined = socket.getPeerCertificate(true);
  while (next?.raw !== undefined && facts.length < MAX_CHAIN) {
    facts.push(certificateFacts(new X509Certificate(next.raw)));
    // An authority is its own issuer.
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate;
  }
  return facts;
}

/** Whether the peer is who it must be; undefined when it is. Nothing may be sent before this has been asked. */
export function judgePeer(
  socket: TLSSocket,
  facts: TlsFacts,
  prepared: PreparedPolicy,
  expectedName: string,
): SendError | undefined {
  const { policy, pins } = prepared;
  const { chain } = facts;
  const trust = policy.trust ?? 'authority';
  if (trust === 'none') return undefined;
  const own = chain[0];
  if (own === undefined) return tlsFailure({ reason: 'no-certificate', chain });
  if (trust === 'authority' && !facts.trusted) {
    return chainFailure(verificationCode(socket), chain);
  }
  if (trust === 'authority' && !namesCover(own.names, expectedName, policy.allowWildcards ?? false)) {
    const onlyByWildcard = namesCover(own.names, expectedName, true);
    return tlsFailure({ reason: 'wrong-name', expectedName, onlyByWildcard, chain });
  }
  if (pins.size > 0 && !pins.has(own.spkiSha256)) return tlsFailure({ reason: 'wrong-pin', chain });
  return undefined;
}

/** Node types it as an Error; it is the code as a string. */
function verificationCode(socket: TLSSocket): string {
  const code: unknown = socket.authorizationError;
  return typeof code === 'string' ? code : 'UNKNOWN';
}

/**
 * RFC 5922 §7.2: whole names, any case. A DNS name, a SIP URI and, without any of these, a common name all stand for the
 * domain; a destination without a name may be proven by an IP address.
 */
export function namesCover(names: readonly string[], expected: string, allowWildcards: boolean): boolean {
  const wanted = bareHost(expected);
  return names.some((entry) => {
    const colon = entry.indexOf(':');
    const type = entry.slice(0, colon);
    const name = entry.slice(colon + 1);
    if (type === 'ip') return sameAddress(name, wanted);
    return name === wanted || (allowWildcards && type !== 'sip' && wildcardCovers(name, wanted));
  });
}

/** Only a whole first label, over at least two that are written out. */
function wildcardCovers(pattern: string, wanted: string): boolean {
  if (!pattern.startsWith('*.') || pattern.split('.').length < 3) return false;
  const dot = wanted.indexOf('.');
  return dot > 0 && wanted.slice(dot + 1) === pattern.slice(2);
}
