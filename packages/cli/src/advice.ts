import type { TroncoError } from '@tronco/sdk';

/** By code: the next thing to type. The page of each code in the docs says more. */
const ADVICE: Record<string, string> = {
  INVALID_TOKEN: 'Check the token; `tronco token recover` on the server’s machine makes another admin token.',
  TOKEN_EXPIRED: 'Make another token: `tronco token create`.',
  ENVIRONMENT_REQUIRED: 'Say which environment: --env <name>. `tronco env list` shows them.',
  ENVIRONMENT_NOT_FOUND:
    '`tronco env list` shows the environments; a token of one environment acts only there.',
  ENVIRONMENT_ARCHIVED: '`tronco env restore` makes it usable again.',
  ENVIRONMENT_NAME_TAKEN: 'Choose another name; `tronco env list` shows those in use.',
  TOKEN_NOT_FOUND: '`tronco token list` (or `tronco token list --admin`) shows the tokens.',
  LAST_ADMIN_TOKEN: 'Make another one first: `tronco token create --admin <name>`.',
  TRUNK_NOT_FOUND: '`tronco trunk list` shows the trunks of this environment.',
  TRUNK_HAS_DIDS: '`tronco did list --trunk <trunk>` shows them; remove or move each first.',
  TRUNK_NOT_VERIFIED: 'Run `tronco trunk verify <trunk>` first, then activate it.',
  TRUNK_CHANGED: 'Run `tronco trunk verify <trunk>` again.',
  DID_NOT_FOUND: '`tronco did list` shows the numbers of this environment.',
  DID_ALREADY_EXISTS: '`tronco did show <number>` shows on which trunk it is; `tronco did move` moves it.',
  DID_IN_USE: '`tronco did show` names the agents that have it; detach it from them first.',
  PHONE_NUMBER_IN_USE: 'Detach the number from its agents first; `tronco did show` names them.',
  IMPORT_NOT_FOUND: 'Check the trunk and the id of the import.',
  RELEASE_REQUEST_NOT_FOUND: '`tronco release list` shows the requests.',
  VALIDATION_ERROR: 'Correct what is named above.',
  PRECONDITION_FAILED: 'Read it again and repeat the change.',
  RATE_LIMIT_EXCEEDED: 'Wait a minute, or raise TRONCO_RATE_LIMIT on the server.',
  UNAVAILABLE: 'Try again shortly; `tronco doctor` on the server’s machine says what is missing.',
  SERVER_ERROR: 'Look for the request id in the server’s log.',
  UNEXPECTED_ANSWER: 'Is --url or TRONCO_URL the address of a Tronco?',
};

export function adviceFor({ code, details }: TroncoError): string | undefined {
  if (code !== 'FORBIDDEN' && code !== 'UNAUTHORIZED') return ADVICE[code];
  const scope = details['required_scope'];
  if (scope === 'admin') {
    return 'This needs an admin token: leave out --token and TRONCO_TOKEN on the server’s machine, or set one.';
  }
  return typeof scope === 'string' ? `Use a token with the scope ${scope}.` : undefined;
}
