import type { IdPick } from './arbitraries.ts';
import { BROKEN_FILES, type Payload, placesIn, RAW, replaceIn } from './mutations.ts';
import type { Plan } from './plan.ts';

/**
 * What databases, headers and parsers stumble over, each put into every place of a request that works:
 * chance alone would meet the one field that lets a NUL through only now and then.
 */
const NASTY: unknown[] = [
  'a long enough text with \0 in it',
  'a long enough text with \ud800 in it',
  'a long enough text with \u0001 and \u007f\u0085 in it',
  'a long enough text\r\nX-Injected: 1',
  'é'.repeat(300_000),
  '',
  null,
  -1,
  2 ** 53,
  1e300,
  true,
  [],
  {},
  ['a\0b', '\udfff'],
  { 'a\0b': '\0', '\ud800': 1 },
  Array.from({ length: 3_000 }, () => 'x'),
];

const NASTY_TEXTS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '%',
  '\\',
  "'",
  '_',
  '-1',
  '0',
  '99999999999999999999',
  'é'.repeat(2_000),
  'NaN',
];

/** @param plan one that was answered with a 2xx */
export function spoiled(plan: Plan): Plan[] {
  return [...spoiledBodies(plan).map((payload): Plan => ({ ...plan, payload })), ...spoiledQueries(plan)].map(
    // Every refusal is watched: it must have changed nothing.
    (one) => ({ ...one, watch: true }),
  );
}

function spoiledBodies({ payload, operation }: Plan): Payload[] {
  if (operation.method === 'GET') return [];
  if (payload.raw !== undefined) {
    return BROKEN_FILES.map((raw) => ({ raw, contentType: payload.contentType, pristine: false }));
  }
  const { value } = payload;
  const places = placesIn(value).filter((place) => !place.includes('environment_id'));
  const values = places.flatMap((place) =>
    NASTY.map((put): Payload => ({ value: replaceIn(value, place, put), pristine: false })),
  );
  return [...values, ...RAW];
}

function spoiledQueries(plan: Plan): Plan[] {
  const names = [...plan.operation.query.map(({ name }) => name), '\0', '__proto__'];
  return names.flatMap((name) =>
    NASTY_TEXTS.map((text): Plan => {
      const query: [string, string | IdPick][] = [[name, text]];
      return { ...plan, query, queryPristine: false };
    }),
  );
}
