import type { Replaces } from '../message/headers/referral.ts';
import type { SipRequest } from '../message/message.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import type { Flow } from '../transport/transport.ts';
import { type Dialog, dialogKey, dialogKeyOf } from './dialog.ts';

/** What lives in a dialog and takes its requests. */
export interface DialogUser {
  readonly dialog: Dialog;
  /** A new request inside the dialog; it must be answered. */
  onRequest(transaction: ServerTransaction): void;
  /** The ACK for a 2xx of ours. */
  onAck(ack: SipRequest, flow: Flow): void;
}

/** Every dialog by its identifiers (RFC 3261 §12.2.2). */
export class DialogTable<User extends DialogUser = DialogUser> {
  private readonly users = new Map<string, User>();

  get size(): number {
    return this.users.size;
  }

  add(user: User): void {
    this.users.set(user.dialog.key, user);
  }

  remove(user: User): void {
    const { key } = user.dialog;
    if (this.users.get(key) === user) this.users.delete(key);
  }

  find(request: SipRequest): User | undefined {
    const key = dialogKeyOf(request);
    return key === undefined ? undefined : this.users.get(key);
  }

  /** RFC 3891 §3: to-tag is our tag. A from-tag of "0" also means a peer without one. */
  findReplaced(replaces: Replaces): User | undefined {
    const { callId, toTag, fromTag } = replaces;
    const exact = this.users.get(dialogKey(callId, toTag, fromTag));
    return exact ?? (fromTag === '0' ? this.users.get(dialogKey(callId, toTag, '')) : undefined);
  }

  all(): readonly User[] {
    return [...this.users.values()];
  }
}
