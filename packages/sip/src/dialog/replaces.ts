import type { Replaces } from '../message/headers/referral.ts';
import type { DialogTable, DialogUser } from './dialog-table.ts';

export type ReplacesDecision<User> =
  /** Accept the new INVITE, then end this dialog: BYE when confirmed, CANCEL when early. */
  | { readonly action: 'replace'; readonly replaced: User }
  | { readonly action: 'refuse'; readonly status: 481 | 486 | 603 };

/** What an INVITE with Replaces may do (RFC 3891 §3). Whether its sender is allowed to is decided before. */
export function decideReplaces<User extends DialogUser>(
  table: DialogTable<User>,
  replaces: Replaces,
): ReplacesDecision<User> {
  const replaced = table.findReplaced(replaces);
  if (replaced === undefined) return { action: 'refuse', status: 481 };
  const { state, role } = replaced.dialog;
  if (state === 'terminated') return { action: 'refuse', status: 603 };
  if (state === 'confirmed') {
    return replaces.earlyOnly ? { action: 'refuse', status: 486 } : { action: 'replace', replaced };
  }
  // An early dialog may only be replaced where it was started: the other side has nothing to cancel with.
  return role === 'uac' ? { action: 'replace', replaced } : { action: 'refuse', status: 481 };
}
