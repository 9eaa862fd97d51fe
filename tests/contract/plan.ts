import fc, { type Arbitrary } from 'fast-check';
import {
  createArbitraries,
  IdPick,
  idArbitrary,
  type Origin,
  type SchemaArbitraries,
} from './arbitraries.ts';
import type { Document, Operation, Parameter } from './document.ts';
import { files, type Payload, payloads, uncalledFor } from './mutations.ts';

export type Identity =
  | 'good'
  | 'reader'
  | 'powerless'
  | 'expired'
  | 'revoked'
  | 'unknown'
  | 'none'
  | 'other-kind'
  | { header: string };

/** One request before the world gives it ids and tokens. */
export type Plan = {
  operation: Operation;
  identity: Identity;
  /** Per path parameter: a live id, somebody else's, a random one, or text that is no id. */
  path: (IdPick | string)[];
  query: [string, string | IdPick][];
  unknownQuery: string | undefined;
  /** Nothing was done to make the query wrong. */
  queryPristine: boolean;
  payload: Payload;
  headers: Record<string, string>;
  /** Compare all rows' counts around it. */
  watch: boolean;
};

const GARBAGE = [
  'nope', '0', '-1', '%00', '%20', '%2e%2e%2fx', '%F0%9F%8E%A7', '%ff', 'a%2Fb', '"', "'", '*', 'null', 'undefined',
  '01890000-0000-7000-8000-00000000000', '01890000-0000-7000-8000-0000000000000', '{01890000-0000-7000-8000-000000000000}',
  'x'.repeat(90), 'x'.repeat(5_000), ';drop', '~', '%0d%0aX-Injected:1', '0x1', '1e3', '%e2%80%ae', '__proto__', 'constructor',
]; // prettier-ignore

const HEADERS: Arbitrary<[string, string]>[] = [
  fc.tuple(
    fc.constant('if-match'),
    fc.constantFrom('*', '"1"', '"2"', 'W/"1"', '1', '""', '"1", "2"', '"999999999999"', 'x'.repeat(500)),
  ),
  fc.tuple(fc.constant('if-none-match'), fc.constantFrom('*', '"1"', 'W/"1"', '"x", "1"', '')),
  fc.tuple(
    fc.constant('idempotency-key'),
    fc.oneof(
      fc.nat(30).map((n) => `key-${n}`),
      fc.constantFrom('', ' ', 'x'.repeat(255), 'x'.repeat(256), 'with space', 'ção', '\u0001', '__proto__'),
    ),
  ),
  fc.tuple(
    fc.constant('tronco-environment'),
    fc.constantFrom('$OWN', '$FOREIGN', 'default', 'nobody', '', ' ', '$RANDOM', '%00', "'"),
  ),
  fc.tuple(
    fc.constant('x-request-id'),
    fc.constantFrom('trace-1', 'a b', '"', 'x'.repeat(129), '<script>', ''),
  ),
  fc.tuple(
    fc.constant('accept'),
    fc.constantFrom(
      '*/*',
      'text/html',
      'text/csv',
      'application/x-ndjson',
      'application/json;q=0',
      ';;;',
      '',
    ),
  ),
  fc.tuple(
    fc.constantFrom('x-http-method-override', 'x-original-url', 'x-forwarded-for'),
    fc.constant('DELETE'),
  ),
  fc.tuple(fc.constant('content-encoding'), fc.constantFrom('gzip', 'identity', 'nonsense')),
  fc.tuple(fc.constant('range'), fc.constant('bytes=0-1')),
  fc.tuple(fc.constant('expect'), fc.constant('100-continue')),
];

const headers: Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  {
    weight: 4,
    arbitrary: fc.array(fc.oneof(...HEADERS), { maxLength: 3 }).map((list) => Object.fromEntries(list)),
  },
);

const identity: Arbitrary<Identity> = fc.oneof(
  { weight: 88, arbitrary: fc.constant<Identity>('good') },
  {
    weight: 9,
    arbitrary: fc.constantFrom<Identity>(
      'reader',
      'powerless',
      'expired',
      'revoked',
      'unknown',
      'none',
      'other-kind',
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(
        '',
        'Bearer',
        'Bearer ',
        'Basic eDp5',
        'Bearer a b',
        'Bearer talq_',
        `Bearer ${'x'.repeat(3_000)}`,
        'bearer\ttalq_x',
      )
      .map((header): Identity => ({ header })),
  },
);

const segment = (name: string): Arbitrary<IdPick | string> =>
  fc.oneof(
    { weight: 12, arbitrary: idArbitrary(name) },
    { weight: 1, arbitrary: fc.constantFrom(...GARBAGE) },
  );

function querySome(
  parameters: Parameter[],
  schemas: SchemaArbitraries,
): Arbitrary<[string, string | IdPick][]> {
  if (parameters.length === 0) return fc.constant([]);
  const one = fc
    .constantFrom(...parameters)
    .chain(({ name, schema }) =>
      schemas.valid(schema, name).map((value): [string, string | IdPick] => [name, text(value)]),
    );
  return fc.oneof(
    fc.constant<[string, string | IdPick][]>([]),
    fc.uniqueArray(one, { maxLength: 3, selector: ([name]) => name }),
  );
}

const text = (value: unknown): string | IdPick =>
  value instanceof IdPick
    ? value
    : typeof value === 'string'
      ? value
      : typeof value === 'object'
        ? ''
        : String(value);

const badQuery = (parameters: Parameter[]): Arbitrary<[string, string]> =>
  fc.tuple(
    fc.constantFrom('page', 'per_page', 'search', ...parameters.map(({ name }) => name)),
    fc.constantFrom(
      '',
      '0',
      '-1',
      'x',
      '1e9',
      '99999999999999999999',
      '1.5',
      '\0',
      '\ud800',
      '%',
      '\\',
      'a'.repeat(3_000),
      '[]',
      'ção',
    ),
  );

/** A request in which nothing is wrong, to the newest things there are. */
export function wellFormed(operation: Operation, document: Document): Arbitrary<Plan> {
  const schemas = createArbitraries(document.deref);
  const newest = fc.constant<Origin>('live');
  return fc.record({
    operation: fc.constant(operation),
    identity: fc.constant<Identity>('good'),
    path: fc.tuple(...operation.params.map((name) => idArbitrary(name, newest, 0))),
    query: fc.constant<[string, string][]>([]),
    unknownQuery: fc.constant(undefined),
    queryPristine: fc.constant(true),
    payload: payloadFor(operation, schemas).filter(({ pristine }) => pristine),
    headers: fc.constant({}),
    watch: fc.constant(false),
  });
}

/** Every kind of request to one operation, in a mix that still succeeds often. */
export function planFor(operation: Operation, document: Document): Arbitrary<Plan> {
  const schemas = createArbitraries(document.deref);
  const query = fc.oneof(
    {
      weight: 8,
      arbitrary: querySome(operation.query, schemas).map((list) => ({
        list,
        unknown: undefined,
        pristine: true,
      })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          querySome(operation.query, schemas),
          fc.constantFrom('colour', 'page[]', '__proto__', 'constructor', 'é'),
        )
        .map(([list, unknown]) => ({
          list: [...list, [unknown, '1'] as [string, string]],
          unknown,
          pristine: false,
        })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(badQuery(operation.query), fc.boolean()).map(([bad, twice]) => ({
        list: twice ? [bad, bad] : [bad],
        unknown: undefined,
        pristine: false,
      })),
    },
  );
  return fc
    .record({
      identity,
      path: fc.tuple(...operation.params.map(segment)),
      query,
      payload: payloadFor(operation, schemas),
      headers,
      watch: fc.nat(3).map((n) => n === 0),
    })
    .map(({ query, ...rest }) => ({
      operation,
      ...rest,
      query: query.list,
      unknownQuery: query.unknown,
      queryPristine: query.pristine,
    }));
}

function payloadFor(operation: Operation, schemas: SchemaArbitraries): Arbitrary<Payload> {
  if (operation.method === 'GET') return fc.constant({ pristine: true });
  if (!operation.body) return uncalledFor;
  const json = operation.body['application/json'];
  if (!json?.schema) return files(Object.keys(operation.body));
  const generated = schemas.valid(json.schema);
  if (json.example === undefined) return payloads(generated);
  return payloads(
    fc.oneof(
      { weight: 1, arbitrary: generated },
      { weight: 1, arbitrary: schemas.fromExample(json.example) },
    ),
  );
}
