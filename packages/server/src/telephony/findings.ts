import {
  type ClientFailure,
  isAlive,
  parseChallenge,
  parseCredentials,
  type RequestFailure,
  type RequestResult,
  type SendError,
  type SendFailure,
  type SipRequest,
  type SipResponse,
  type TlsFailureReason,
} from '@tronco/sip';
import { answerText, peerText } from './peer-text.ts';
import type { Finding, VerdictCode } from './verdicts.ts';

const SEND_CODES: Record<SendFailure, VerdictCode> = {
  closed: 'connection_failed',
  refused: 'connection_refused',
  unreachable: 'unreachable',
  timeout: 'connection_timeout',
  tls: 'tls_failed',
  'too-large': 'connection_failed',
  congested: 'connection_failed',
};

const TLS_CODES: Partial<Record<TlsFailureReason, VerdictCode>> = {
  expired: 'tls_expired',
  'not-yet-valid': 'tls_not_yet_valid',
  'self-signed': 'tls_self_signed',
  untrusted: 'tls_untrusted',
  'wrong-name': 'tls_wrong_name',
  version: 'tls_version',
  'own-certificate': 'tls_own_certificate',
  'not-tls': 'tls_not_spoken',
};

/** Why nothing could be sent; for TLS with the certificate that was shown. */
export function fromSendError({ code, detail, tls }: SendError): Finding {
  if (tls === undefined) return { code: SEND_CODES[code], detail };
  const own = tls.chain[0];
  const shown = own === undefined ? '' : `; its names: ${own.names.join(', ')}; valid until ${own.validTo}`;
  const wanted = tls.expectedName === undefined ? '' : `; the name wanted: ${tls.expectedName}`;
  return { code: TLS_CODES[tls.reason] ?? 'tls_failed', detail: `${detail}${wanted}${longText(shown)}` };
}

const DETAIL_MAX = 300;
const longText = (text: string): string => text.slice(0, DETAIL_MAX).replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ');

export const unanswered = (method: string): Finding => ({
  code: 'no_answer',
  detail: `There was no answer to ${method} in time.`,
});

function fromFailure(method: string, failure: RequestFailure): Finding {
  return failure.reason === 'transport-error' ? fromSendError(failure.error) : unanswered(method);
}

/** Whoever answers at all is there, also with 403, 404 or 405 (RFC 3261 §11). */
export function fromOptions(result: RequestResult | undefined): Finding {
  if (result === undefined) return unanswered('OPTIONS');
  if (result.kind === 'failure') return fromFailure('OPTIONS', result.failure);
  const { status, response } = result;
  const answer = `The answer to OPTIONS was ${answerText(response)}`;
  if (!isAlive(result)) return { code: 'not_serving', status, detail: `${answer}.` };
  if (status < 300) return { code: 'reachable', detail: `${answer}.` };
  return {
    code: 'reachable_refused',
    detail: `${answer}, which shows all the same that the carrier is there.`,
  };
}

const AUTH_CODES: Record<ClientFailure, VerdictCode> = {
  'no-challenge': 'refused',
  malformed: 'refused',
  unsupported: 'auth_unsupported',
  'no-credentials': 'realm_mismatch',
  'wrong-credentials': 'auth_failed',
  'stale-loop': 'auth_failed',
};

const NOT_OFFERED = new Set([405, 501]);
const UNKNOWN_ACCOUNT = new Set([404, 410, 485, 604]);

/** Why a REGISTER did not bind. */
export function fromRefusal(result: RequestResult | undefined): Finding {
  if (result === undefined) return unanswered('REGISTER');
  if (result.kind === 'failure') return fromFailure('REGISTER', result.failure);
  const { status, response, request, authFailure } = result;
  const tried = credentialsIn(request);
  const answer = `The answer to REGISTER was ${answerText(response)}`;
  if (NOT_OFFERED.has(status)) {
    const detail = `${answer}: the carrier takes no registrations, so that user name and password were not tried.`;
    return { code: 'registration_not_offered', skipped: true, detail };
  }
  const detail = `${answer}; ${tried ?? challengeIn(response) ?? 'no authentication was asked for'}.`;
  return { code: refusalCode(result, authFailure, tried !== undefined), status, detail };
}

function refusalCode(
  result: Extract<RequestResult, { kind: 'response' }>,
  authFailure: ClientFailure | undefined,
  tried: boolean,
): VerdictCode {
  const { status } = result;
  if (authFailure !== undefined) return AUTH_CODES[authFailure];
  if (status === 401 || status === 407) return 'auth_failed';
  if (status === 403) return tried ? 'auth_failed' : 'forbidden';
  if (UNKNOWN_ACCOUNT.has(status)) return 'unknown_account';
  return isAlive(result) ? 'refused' : 'not_serving';
}

/** Realm and algorithm of the credentials we sent, never more of them. */
export function credentialsIn(request: SipRequest): string | undefined {
  for (const name of ['Authorization', 'Proxy-Authorization']) {
    for (const value of request.headers.all(name)) {
      const parsed = parseCredentials(value);
      if (parsed.ok)
        return `Digest ${parsed.credentials.algorithm ?? 'MD5'} in the realm "${peerText(parsed.credentials.realm)}"`;
    }
  }
  return undefined;
}

function challengeIn(response: SipResponse): string | undefined {
  for (const name of ['WWW-Authenticate', 'Proxy-Authenticate']) {
    for (const value of response.headers.all(name)) {
      const parsed = parseChallenge(value);
      if (!parsed.ok) continue;
      const { algorithm, realm } = parsed.challenge;
      return `it asks for Digest ${peerText(algorithm ?? 'MD5')} in the realm "${peerText(realm)}"`;
    }
  }
  return undefined;
}
