import type { Cursor } from '../cursor.ts';
import { Params, readParams } from '../params.ts';
import { singleHeader } from './header-type.ts';
import { MAX_DELTA_SECONDS } from './numbers.ts';

/** RFC 4028 §4 */
export interface SessionExpires {
  readonly intervalSeconds: number;
  readonly refresher: 'uac' | 'uas' | undefined;
}

function readSessionExpires(cursor: Cursor): SessionExpires | undefined {
  const intervalSeconds = cursor.readNumber('the interval', MAX_DELTA_SECONDS);
  if (intervalSeconds === undefined) return undefined;
  const params = readParams(cursor);
  if (params === undefined) return undefined;
  const refresher = params.get('refresher')?.toLowerCase();
  if (refresher !== undefined && refresher !== 'uac' && refresher !== 'uas') {
    return cursor.fail('the refresher is neither uac nor uas');
  }
  return { intervalSeconds, refresher };
}

function formatSessionExpires(value: SessionExpires): string {
  const params = value.refresher === undefined ? Params.none : Params.none.with('refresher', value.refresher);
  return `${value.intervalSeconds}${params}`;
}

export const sessionExpiresHeader = singleHeader<SessionExpires>(
  'Session-Expires',
  readSessionExpires,
  formatSessionExpires,
);

/** Seconds (RFC 4028 §5); parameters are allowed and mean nothing. */
export const minSeHeader = singleHeader<number>('Min-SE', (cursor) => {
  const seconds = cursor.readNumber('the interval', MAX_DELTA_SECONDS);
  return seconds === undefined || readParams(cursor) === undefined ? undefined : seconds;
});
