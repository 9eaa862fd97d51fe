import type { TestApp } from '../../packages/server/src/testing/test-app.ts';
import { IdPick } from './arbitraries.ts';
import type { Operation } from './document.ts';
import type { Plan } from './plan.ts';
import {
  hasForeign,
  missingId,
  resolvePick,
  unusedNumber,
  withIds,
  withNumbers,
  type World,
} from './world.ts';

export type Shot = {
  method: Operation['method'];
  url: string;
  headers: Record<string, string>;
  payload: string | Buffer | undefined;
  /** The values of the path's parameters. */
  params: Record<string, string>;
};

export type Hit = {
  status: number;
  headers: Record<string, string | string[] | number | undefined>;
  text: string;
};

/** Whether the plan names something of the other environment, anywhere. */
export const isForeign = (plan: Plan): boolean =>
  plan.path.some(hasForeign) ||
  plan.query.some(([, value]) => hasForeign(value)) ||
  hasForeign(plan.payload.value) ||
  plan.headers['tronco-environment'] === '$FOREIGN';

/** Numbers are chosen once per plan, so that a request and its twin differ in ids alone. */
export function prepare(plan: Plan): Plan {
  const { payload } = plan;
  if (payload.raw === undefined)
    return { ...plan, payload: { ...payload, value: withNumbers(payload.value) } };
  if (typeof payload.raw !== 'string') return plan;
  return { ...plan, payload: { ...payload, raw: payload.raw.replaceAll('$NEW', () => unusedNumber()) } };
}

export function aim(world: World, plan: Plan, foreignAs: 'itself' | 'missing'): Shot {
  const params = pathParams(world, plan, foreignAs);
  const path = plan.operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
  const query = plan.query.map(([name, value]) => {
    const text = value instanceof IdPick ? resolvePick(world, value, foreignAs) : value;
    return `${encode(name)}=${encode(text)}`;
  });
  const { payload } = plan;
  const body = payload.raw ?? written(withIds(world, payload.value, foreignAs));
  const contentType = payload.contentType ?? (body === undefined ? undefined : 'application/json');
  const authorization = world.authorization(plan.identity, plan.operation);
  return {
    method: plan.operation.method,
    url: `/api/v1${path}${query.length > 0 ? `?${query.join('&')}` : ''}`,
    params,
    payload: body,
    headers: {
      ...(authorization !== undefined && { authorization }),
      ...(contentType !== undefined && { 'content-type': contentType }),
      ...environmentHeader(world, plan.headers, foreignAs),
    },
  };
}

const written = (value: unknown): string | undefined =>
  value === undefined ? undefined : JSON.stringify(value);

/** Lone surrogates cannot be percent-encoded: they go out as they are, or as their replacement. */
const encode = (text: string): string => encodeURIComponent(text.toWellFormed());

function pathParams(world: World, plan: Plan, foreignAs: 'itself' | 'missing'): Record<string, string> {
  const { params } = plan.operation;
  const index = plan.path.find((one) => one instanceof IdPick)?.index ?? 0;
  const live = world.live.assignment(params, index);
  const foreign = foreignAs === 'itself' ? world.foreign.assignment(params, index) : undefined;
  return Object.fromEntries(
    plan.path.map((pick, position) => {
      const name = params[position] ?? '';
      if (typeof pick === 'string') return [name, pick];
      const known = { live: live?.[name], foreign: foreign?.[name], random: undefined }[pick.origin];
      return [name, known ?? (pick.origin === 'live' ? resolvePick(world, pick, foreignAs) : missingId())];
    }),
  );
}

function environmentHeader(
  world: World,
  headers: Record<string, string>,
  foreignAs: 'itself' | 'missing',
): Record<string, string> {
  const given = headers['tronco-environment'];
  if (given === undefined || !given.startsWith('$')) return headers;
  const id =
    given === '$OWN'
      ? world.own.id
      : given === '$FOREIGN' && foreignAs === 'itself'
        ? world.other.id
        : missingId();
  return { ...headers, 'tronco-environment': id };
}

export async function fire(test: TestApp, shot: Shot): Promise<Hit> {
  const { method, url, headers, payload } = shot;
  const response = await test.app.inject({ method, url, headers, ...(payload !== undefined && { payload }) });
  return { status: response.statusCode, headers: response.headers, text: response.payload };
}
