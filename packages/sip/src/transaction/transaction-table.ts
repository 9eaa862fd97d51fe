import type { SipRequest, SipResponse } from '../message/message.ts';
import type { ClientTransaction } from './client-transaction.ts';
import { cancelledKeyOf, clientKeyOf, type ServerKeys } from './matching.ts';
import type { ServerTransaction } from './server-transaction.ts';

/** Every transaction that has not ended, by what its messages carry (RFC 3261 §17.1.3, §17.2.3). */
export class TransactionTable {
  private readonly clients = new Map<string, ClientTransaction>();
  private readonly servers = new Map<string, ServerTransaction>();
  /** §8.2.2.2 */
  private readonly merged = new Map<string, ServerTransaction>();

  get clientCount(): number {
    return this.clients.size;
  }

  get serverCount(): number {
    return this.servers.size;
  }

  addClient(key: string, transaction: ClientTransaction): void {
    this.clients.set(key, transaction);
  }

  removeClient(key: string): void {
    this.clients.delete(key);
  }

  clientOf(response: SipResponse): ClientTransaction | undefined {
    const key = clientKeyOf(response);
    return key === undefined ? undefined : this.clients.get(key);
  }

  addServer(keys: ServerKeys, transaction: ServerTransaction): void {
    this.servers.set(keys.own, transaction);
    if (keys.merge !== undefined) this.merged.set(keys.merge, transaction);
  }

  removeServer({ own, merge }: ServerKeys): void {
    const transaction = this.servers.get(own);
    this.servers.delete(own);
    if (merge !== undefined && this.merged.get(merge) === transaction) this.merged.delete(merge);
  }

  serverAt(keys: ServerKeys): ServerTransaction | undefined {
    return this.servers.get(keys.own);
  }

  /** The INVITE a CANCEL means (§9.2). */
  cancelledBy(cancel: SipRequest): ServerTransaction | undefined {
    return this.servers.get(cancelledKeyOf(cancel));
  }

  /**
   * §8.2.2.2: whether a request that matches no transaction is another copy of one under way. One that was refused
   * does not count: clients that answer a challenge or retry without a new CSeq number are common.
   */
  isMerged({ merge }: ServerKeys): boolean {
    const other = merge === undefined ? undefined : this.merged.get(merge);
    return other !== undefined && other.lastStatus < 300;
  }

  /** A copy: what is done to them may change the table. */
  all(): readonly (ClientTransaction | ServerTransaction)[] {
    return [...this.clients.values(), ...this.servers.values()];
  }

  clientsOn(flowId: string): readonly ClientTransaction[] {
    return [...this.clients.values()].filter((client) => client.flow?.id === flowId);
  }
}
