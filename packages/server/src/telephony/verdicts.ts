/**
 * Every word a stage can say, what it comes to in one line, and what to do about it. The words are
 * public: clients may act on them, so they are never renamed. Null: nothing is wrong.
 */
export const VERDICTS = {
  // dns
  resolved: null,
  numeric_host: null,
  no_such_host: {
    error: 'The host does not exist',
    fix: 'Correct the spelling of the domain or the outbound proxy.',
  },
  dns_failed: {
    error: 'The name server did not answer',
    fix: 'Check the name server that this machine uses, then try again.',
  },
  dns_unusable: {
    error: 'The host cannot be used',
    fix: 'Use a domain and an outbound proxy that offer the transport of the trunk.',
  },

  // connect
  connected: null,
  connectionless: null,
  connection_refused: {
    error: 'Connection refused',
    fix: 'Check port and transport: nothing listens there.',
  },
  connection_timeout: {
    error: 'Connection timeout',
    fix: 'Check the port, and let a firewall on the way pass it; the carrier may also have to admit your address.',
  },
  unreachable: {
    error: 'The network cannot reach the carrier',
    fix: 'Check the network of this machine and the address that the host leads to.',
  },
  connection_failed: {
    error: 'The connection failed',
    fix: 'Try again; if it stays so, ask the carrier why it closes connections from your address.',
  },
  tls_expired: {
    error: 'The certificate of the carrier has expired',
    fix: 'Ask the carrier for a valid certificate, and check the clock of this machine.',
  },
  tls_not_yet_valid: {
    error: 'The certificate of the carrier is not valid yet',
    fix: 'Check the clock of this machine; if it is right, ask the carrier for a valid certificate.',
  },
  tls_self_signed: {
    error: 'The certificate of the carrier is self-signed',
    fix: 'Ask the carrier for a certificate of a public authority, or trust its own by naming it in NODE_EXTRA_CA_CERTS.',
  },
  tls_untrusted: {
    error: 'The certificate of the carrier comes from an unknown authority',
    fix: 'Ask the carrier to send its whole chain, or trust its authority by naming it in NODE_EXTRA_CA_CERTS.',
  },
  tls_wrong_name: {
    error: 'The certificate of the carrier is for another name',
    fix: 'Set the domain, or the outbound proxy, to a name that stands in the certificate.',
  },
  tls_version: {
    error: 'The carrier speaks no TLS version that is still safe',
    fix: 'Ask the carrier for TLS 1.2 or newer.',
  },
  tls_own_certificate: {
    error: 'The carrier asks for a certificate of yours',
    fix: 'Ask the carrier to accept user name and password without a client certificate.',
  },
  tls_not_spoken: {
    error: 'What answers on that port does not speak TLS',
    fix: 'Use the TLS port of the carrier, usually 5061, or the transport that belongs to this port.',
  },
  tls_failed: {
    error: 'The TLS handshake failed',
    fix: 'Check that the port is the TLS port of the carrier, and ask the carrier what it expects.',
  },

  // options and register
  reachable: null,
  reachable_refused: null,
  no_answer: {
    error: 'Connection timeout',
    fix: 'Check address, port and transport, and ask the carrier whether it admits your address.',
  },
  not_serving: {
    error: 'The carrier does not serve requests',
    fix: 'Try again later; if it stays so, ask the carrier about its service at that address.',
  },
  registered: null,
  registration_not_offered: null,
  auth_failed: {
    error: 'Authentication failed',
    fix: 'Correct user name and password.',
  },
  realm_mismatch: {
    error: 'Authentication failed',
    fix: 'Set auth_realm to the realm that the carrier names, or leave it empty.',
  },
  auth_unsupported: {
    error: 'The carrier asks for an unknown kind of authentication',
    fix: 'Ask the carrier for Digest with MD5, SHA-256 or SHA-512-256.',
  },
  forbidden: {
    error: 'The carrier refused the registration',
    fix: 'Ask the carrier whether the account is active and may register from your address.',
  },
  unknown_account: {
    error: 'The carrier does not know the account',
    fix: 'Correct user name and domain.',
  },
  refused: {
    error: 'The carrier refused the registration',
    fix: 'Ask the carrier what the answer in detail means.',
  },
  binding_missing: {
    error: 'The carrier accepted the registration but does not keep it',
    fix: 'Ask the carrier why its answer to REGISTER does not list your Contact.',
  },

  // address
  same_address: null,
  translated_address: null,
  address_not_told: null,
} as const satisfies Record<string, { error: string; fix: string } | null>;

export type VerdictCode = keyof typeof VERDICTS;

/** What came of a stage, before it is timed. */
export type Finding = {
  code: VerdictCode;
  detail: string;
  skipped?: true;
  /** The SIP status that decided, for the line that people read. */
  status?: number | undefined;
};

export const isGood = ({ code }: Finding): boolean => VERDICTS[code] === null;

/** `Authentication failed (401)` */
export function errorLine({ code, status }: Finding): string {
  const error = VERDICTS[code]?.error ?? 'The trunk could not be verified';
  return status === undefined ? error : `${error} (${status})`;
}
