import type { Cursor } from '../cursor.ts';
import { type Params, readParams } from '../params.ts';
import { singleHeader } from './header-type.ts';

/** A token with parameters: an event package, a subscription state, a disposition. */
export interface TokenValue {
  readonly token: string;
  readonly params: Params;
}

function readTokenValue(cursor: Cursor): TokenValue | undefined {
  const token = cursor.readToken('the value');
  if (token === undefined) return undefined;
  const params = readParams(cursor);
  return params === undefined ? undefined : { token, params };
}

const formatTokenValue = (value: TokenValue): string => `${value.token}${value.params}`;

/** RFC 6665 §8.2.1 */
export const eventHeader = singleHeader<TokenValue>('Event', readTokenValue, formatTokenValue);
/** RFC 6665 §8.2.3 */
export const subscriptionStateHeader = singleHeader<TokenValue>(
  'Subscription-State',
  readTokenValue,
  formatTokenValue,
);
/** RFC 3261 §20.11 */
export const contentDispositionHeader = singleHeader<TokenValue>(
  'Content-Disposition',
  readTokenValue,
  formatTokenValue,
);
