import { randomUUID } from 'node:crypto';
import { issueToken } from '../../packages/server/src/domain/tokens/issue.ts';
import { revokeToken } from '../../packages/server/src/domain/tokens/store.ts';
import { INSTALLATION_ID, newId } from '../../packages/server/src/kernel/ids.ts';
import { mintToken } from '../../packages/server/src/kernel/token-format.ts';
import type { Scope } from '../../packages/server/src/domain/tokens/scopes.ts';
import type { TestApp } from '../../packages/server/src/testing/test-app.ts';
import { FRESH_NUMBER, IdPick } from './arbitraries.ts';
import type { Operation } from './document.ts';
import type { Identity } from './plan.ts';

type Assignment = Record<string, string>;
const KEPT_PER_KIND = 60;

/** Ids that exist, learnt from answers alone: what was created, and what lists showed. */
export class Pool {
  readonly #byParams = new Map<string, Assignment[]>();

  add(assignment: Assignment): void {
    const key = Object.keys(assignment).toSorted().join();
    const list = this.#byParams.get(key) ?? [];
    if (list.some((one) => Object.entries(assignment).every(([name, id]) => one[name] === id))) return;
    list.push(assignment);
    if (list.length > KEPT_PER_KIND) list.shift();
    this.#byParams.set(key, list);
  }

  remove(assignment: Assignment): void {
    for (const [key, list] of this.#byParams) {
      const left = list.filter((one) => !Object.entries(assignment).every(([name, id]) => one[name] === id));
      this.#byParams.set(key, left);
    }
  }

  /** Ids that belong together, e.g. a DID and the trunk it is on. */
  assignment(params: readonly string[], index: number): Assignment | undefined {
    const list = this.#byParams.get([...params].toSorted().join()) ?? [];
    return list.at(-1 - (index % list.length));
  }

  one(name: string, index: number): string | undefined {
    const all = [...this.#byParams.values()].flat().flatMap((assignment) => assignment[name] ?? []);
    return all.at(-1 - (index % all.length));
  }

  get all(): Set<string> {
    return new Set([...this.#byParams.values()].flat().flatMap((assignment) => Object.values(assignment)));
  }
}

/** Names under which the same thing goes: a DID is a phone number of the pool. */
const ALIASES: Record<string, string[]> = {
  did_id: ['phone_number_id'],
  phone_number_id: ['did_id'],
  request_id: ['release_request_id'],
  before: ['subject_id'],
};

export type World = {
  live: Pool;
  foreign: Pool;
  own: { id: string };
  other: { id: string; token: string };
  authorization(identity: Identity, operation: Operation): string | undefined;
};

export async function makeWorld(test: TestApp): Promise<World> {
  const own = await test.environment();
  const other = await test.environment();
  const at = test.platform.clock.now();
  const issue = (environmentId: string, scopes: Scope[], expiresAt?: Date) =>
    issueToken(test.context(environmentId), { name: 'fuzz', scopes, expiresAt });
  const admin = await issue(INSTALLATION_ID, ['admin']);
  const reader = await issue(own.id, ['trunks:read', 'dids:read', 'agents:read', 'audit:read']);
  const powerless = await issue(own.id, []);
  const expired = await issue(own.id, ['*'], new Date(at.getTime() - 1));
  const revoked = await issue(own.id, ['*']);
  await revokeToken(test.platform.db, own.id, revoked.row.id, at);
  const unknown = mintToken();

  return {
    live: new Pool(),
    foreign: new Pool(),
    own,
    other,
    authorization(identity, { scope }) {
      if (typeof identity === 'object') return identity.header;
      if (identity === 'none') return undefined;
      const wantsAdmin = scope === 'admin';
      const text = {
        good: wantsAdmin ? admin.token : own.token,
        'other-kind': wantsAdmin ? own.token : admin.token,
        reader: reader.token,
        powerless: powerless.token,
        expired: expired.token,
        revoked: revoked.token,
        unknown,
      }[identity];
      return `Bearer ${text}`;
    },
  };
}

let serial = 0;
export function unusedNumber(): string {
  serial += 1;
  return `+1555${4_000_000 + serial}`;
}

/** A v7 id that nothing has: shaped like every other, so that only its absence can be noticed. */
export const missingId = (): string => newId();

/** @param foreignAs what stands in for another environment's id: itself, or a missing one */
export function resolvePick(world: World, pick: IdPick, foreignAs: 'itself' | 'missing'): string {
  const lookUp = (pool: Pool): string | undefined =>
    [pick.name, ...(ALIASES[pick.name] ?? [])]
      .map((name) => pool.one(name, pick.index))
      .find((id) => id !== undefined);
  if (pick.origin === 'live') return lookUp(world.live) ?? missingId();
  if (pick.origin === 'random') return randomUUID();
  return (foreignAs === 'itself' ? lookUp(world.foreign) : undefined) ?? missingId();
}

/** Puts unused numbers in place of what stood for them. */
export function withNumbers(value: unknown): unknown {
  return replace(value, (leaf) => (leaf === FRESH_NUMBER ? unusedNumber() : leaf));
}

/** Puts ids in place of what stood for them. */
export function withIds(world: World, value: unknown, foreignAs: 'itself' | 'missing'): unknown {
  return replace(value, (leaf) => (leaf instanceof IdPick ? resolvePick(world, leaf, foreignAs) : leaf));
}

function replace(value: unknown, put: (leaf: unknown) => unknown): unknown {
  const replaced = put(value);
  if (replaced !== value || typeof value !== 'object' || value === null) return replaced;
  if (Array.isArray(value)) return value.map((item) => replace(item, put));
  if (value instanceof IdPick) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, replace(member, put)]));
}

/** Whether another environment's ids are in it. */
export const hasForeign = (value: unknown): boolean => {
  if (value instanceof IdPick) return value.origin === 'foreign';
  return typeof value === 'object' && value !== null && Object.values(value).some(hasForeign);
};
