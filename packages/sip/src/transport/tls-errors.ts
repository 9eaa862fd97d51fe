import { systemCode } from './faults.ts';
import type { CertificateFacts, TlsFailure, TlsFailureReason } from './tls-facts.ts';
import type { SendError } from './transport.ts';

const DETAILS: Readonly<Record<TlsFailureReason, string>> = {
  expired: 'the certificate has expired',
  'not-yet-valid': 'the certificate is not valid yet',
  'self-signed': 'the certificate is signed by itself and not among the trusted ones',
  untrusted: 'the issuer of the certificate is not trusted',
  revoked: 'the certificate has been revoked',
  'wrong-name': 'the certificate is for another name',
  'wrong-pin': 'the key of the certificate is not the pinned one',
  'no-certificate': 'the peer sent no certificate',
  version: 'there is no TLS version that both sides accept',
  'own-certificate': 'the peer does not accept our certificate, or wants one and got none',
  'not-tls': 'what answers there does not speak TLS',
  alert: 'the peer broke off the TLS handshake',
  handshake: 'the TLS handshake failed',
};

/** OpenSSL's results of the chain verification, as Node names them. */
const CHAIN_REASONS: Readonly<Record<string, TlsFailureReason>> = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
  CERT_REVOKED: 'revoked',
};

/** Alerts (RFC 8446 §6.2) that say more than that the handshake failed. */
const ALERT_REASONS: Readonly<Record<string, TlsFailureReason>> = {
  protocol_version: 'version',
  certificate_required: 'own-certificate',
  bad_certificate: 'own-certificate',
  unsupported_certificate: 'own-certificate',
  certificate_revoked: 'own-certificate',
  certificate_expired: 'own-certificate',
  certificate_unknown: 'own-certificate',
  unknown_ca: 'own-certificate',
  access_denied: 'own-certificate',
};

const HANDSHAKE_REASONS: Readonly<Record<string, TlsFailureReason>> = {
  ERR_SSL_WRONG_VERSION_NUMBER: 'not-tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'not-tls',
  ERR_SSL_HTTP_REQUEST: 'not-tls',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'version',
  ERR_SSL_NO_PROTOCOLS_AVAILABLE: 'version',
};

export function tlsFailure(tls: TlsFailure, system?: string): SendError {
  const parts = [DETAILS[tls.reason]];
  if (tls.reason === 'expired') parts.push(`on ${tls.date ?? 'an unknown date'}`);
  if (tls.reason === 'not-yet-valid') parts.push(`before ${tls.date ?? 'an unknown date'}`);
  if (tls.alert !== undefined) parts.push(`(alert ${tls.alert})`);
  return { code: 'tls', detail: parts.join(' '), system, tls };
}

/** The failure that a chain verification result stands for. `chain` gives the date of the certificate it is about. */
export function chainFailure(system: string, chain: readonly CertificateFacts[]): SendError {
  const reason = CHAIN_REASONS[system] ?? 'untrusted';
  return tlsFailure({ reason, chain, date: decidingDate(reason, chain) }, system);
}

function decidingDate(reason: TlsFailureReason, chain: readonly CertificateFacts[]): string | undefined {
  const now = new Date().toISOString();
  if (reason === 'expired') return chain.find(({ validTo }) => validTo < now)?.validTo;
  if (reason === 'not-yet-valid') return chain.find(({ validFrom }) => validFrom > now)?.validFrom;
  return undefined;
}

/** What an error that OpenSSL raised means; undefined for errors of the socket below. */
export function tlsErrorOf(error: unknown): SendError | undefined {
  const system = systemCode(error);
  if (system === undefined || !/^ERR_(SSL|TLS)_/.test(system)) return undefined;
  const alert = /_ALERT_([A-Z_]+)$/.exec(system)?.[1]?.toLowerCase();
  if (alert !== undefined) {
    return tlsFailure({ reason: ALERT_REASONS[alert] ?? 'alert', alert, chain: [] }, system);
  }
  return tlsFailure({ reason: HANDSHAKE_REASONS[system] ?? 'handshake', chain: [] }, system);
}
