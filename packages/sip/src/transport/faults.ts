import type { SendError, SendFailure } from './transport.ts';

const BY_SYSTEM_CODE: Readonly<Record<string, SendFailure>> = {
  ECONNREFUSED: 'refused',
  EPROTONOSUPPORT: 'refused',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EADDRINUSE: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  EINVAL: 'unreachable',
  EAFNOSUPPORT: 'unreachable',
  ETIMEDOUT: 'timeout',
  EMSGSIZE: 'too-large',
  ENOBUFS: 'congested',
  EAGAIN: 'congested',
};

const DETAILS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the peer reset the connection',
  EPIPE: 'the peer has closed the connection',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'there is no route to that network',
  EADDRNOTAVAIL: 'the local address does not exist on this machine',
  EADDRINUSE: 'the local address and port are in use',
  EACCES: 'the operating system does not permit it',
  ETIMEDOUT: 'the peer did not answer in time',
  EMSGSIZE: 'the message is larger than a datagram can be',
};

/** The `code` that Node puts on its errors; undefined on others. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What a socket error means to who wanted to send. Before the connection stood, a reset is a refusal. */
export function socketError(error: unknown, phase: 'connect' | 'open' = 'open'): SendError {
  const system = systemCode(error);
  const reset = system === 'ECONNRESET' && phase === 'connect';
  const code = reset ? 'refused' : (BY_SYSTEM_CODE[system ?? ''] ?? 'closed');
  const detail = DETAILS[system ?? ''] ?? `the socket failed${system === undefined ? '' : ` (${system})`}`;
  return { code, detail, system };
}

export const failure = (code: SendFailure, detail: string): SendError => ({ code, detail });
