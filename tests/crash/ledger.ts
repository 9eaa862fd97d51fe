import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, NoAnswer, type Reply } from '../support/client.ts';

/** What the clients know: the only witness of what was promised. */
export type Ledger = {
  /** Number to the id that a 201 gave. */
  readonly acknowledged: Map<string, string>;
  /** Sent without a key, and no answer said what became of it. */
  readonly open: Set<string>;
  /** Sent with a key: number to key, until a 201 arrives. */
  readonly owed: Map<string, string>;
  /** Numbers whose key was sent more than once, with the first 201's id if there was one. */
  readonly keyed: Map<string, string>;
  unavailable: number;
};

export const newLedger = (): Ledger => ({
  acknowledged: new Map(),
  open: new Set(),
  owed: new Map(),
  keyed: new Map(),
  unavailable: 0,
});

let serial = 0;
/** A number that was never used before, in a range that is always possible. */
export function freshNumber(): string {
  serial += 1;
  return `+1555${String(2_000_000 + serial)}`;
}

/** The only answer besides success that a server may give while its database is away. */
export function assertUnavailable({ status, body, headers }: Reply): void {
  assert.equal(status, 503, JSON.stringify(body));
  assert.equal(body.success, false);
  assert.equal(body.code, 'UNAVAILABLE');
  assert.ok(Number(headers['retry-after']) >= 1, 'a 503 says when to come back');
  assert.equal(body.request_id, headers['x-request-id']);
}

/** Of a client that was refused, so that an absence of the database does not fill the books. */
const PAUSE_MS = 50;

export type Work = { client: Client; trunkId: string; ledger: Ledger; keyed: boolean; signal: AbortSignal };

/** Adds DIDs one after another until told to stop, and books what came back. */
export async function write({ client, trunkId, ledger, keyed, signal }: Work): Promise<void> {
  while (!signal.aborted) {
    const number = freshNumber();
    if (keyed) ledger.owed.set(number, `key-${number}`);
    else ledger.open.add(number);
    if (!(await attempt(client, trunkId, ledger, number))) await sleep(PAUSE_MS);
  }
}

/** @returns whether an answer settled it */
export async function attempt(
  client: Client,
  trunkId: string,
  ledger: Ledger,
  number: string,
): Promise<boolean> {
  const key = ledger.owed.get(number);
  if (key !== undefined) ledger.keyed.set(number, key);
  const reply = await post(client, trunkId, number, key);
  if (reply === undefined) return false;
  if (reply.status !== 201) {
    assertUnavailable(reply);
    ledger.unavailable += 1;
    return false;
  }
  ledger.acknowledged.set(number, reply.body.data.id);
  ledger.open.delete(number);
  ledger.owed.delete(number);
  return true;
}

/** @returns undefined when no answer came */
export async function post(
  client: Client,
  trunkId: string,
  number: string,
  key: string | undefined,
): Promise<Reply | undefined> {
  try {
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    return await client.send('POST', `sip-trunks/${trunkId}/dids`, { country_code: 'US', number }, headers);
  } catch (error) {
    if (error instanceof NoAnswer && error.message !== 'the server does not answer') return undefined;
    throw error;
  }
}
