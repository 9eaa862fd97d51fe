import fc, { type Arbitrary } from 'fast-check';
import { IdPick } from './arbitraries.ts';

/** What goes out as the body. `unknownField` is one that the schema does not have and must be refused by name. */
export type Payload = {
  value?: unknown;
  /** Written text instead of a value. */
  raw?: string | Buffer;
  contentType?: string | undefined;
  unknownField?: string;
  /** Nothing was done to make it wrong. */
  pristine: boolean;
};

export const UNKNOWN_FIELDS = ['colour', 'environment_id', 'isAdmin', 'é', 'constructor', 'toString', 'id'];

const HOSTILE: Arbitrary<unknown> = fc.oneof(
  // What PostgreSQL cannot keep in text or jsonb, and what ends a header or a line.
  fc.constantFrom<unknown>(
    '\0',
    'a\0b',
    'a long enough text with \0 in it',
    '\ud800',
    'long enough \udfff too',
    'a\r\nb',
  ),
  fc.constantFrom<unknown>(
    null, true, 0, -1, 1.5, 1e308, '', ' ', '\u202e', '\ufeff', '\u0085',
    'a\r\nX-Injected: 1', "'; DROP TABLE dids; --", '%00', '../../etc/passwd', '${jndi:ldap://x}', '{{7*7}}',
    [], {}, [[]], [null], { a: { b: 1 } }, '2026-02-30T00:00:00Z', '9999-12-31T23:59:59.999Z', 'true', '1e3',
    '+15551234567', '١٢٣', '🎧'.repeat(100), 2 ** 53, -0,
  ), // prettier-ignore
  fc.integer({ min: 1, max: 5 }).map((power) => 'x'.repeat(10 ** power)),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.jsonValue({ maxDepth: 3 }),
);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Change = (object: Record<string, unknown>, pick: number) => Payload;

const keyAt = (object: object, pick: number): string =>
  Object.keys(object)[pick % Object.keys(object).length] ?? 'x';

const without: Change = (object, pick) => {
  const key = keyAt(object, pick);
  return {
    value: Object.fromEntries(Object.entries(object).filter(([name]) => name !== key)),
    pristine: false,
  };
};

const withUnknown: Change = (object, pick) => {
  const field = UNKNOWN_FIELDS[pick % UNKNOWN_FIELDS.length] ?? 'colour';
  if (field in object) return { value: object, pristine: false };
  return { value: { ...object, [field]: 'x' }, unknownField: field, pristine: false };
};

/** Every place in a value, the nested ones as well. */
export function placesIn(value: unknown, at: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null || value instanceof IdPick)
    return at.length > 0 ? [at] : [];
  const inside = Object.entries(value).flatMap(([key, member]) => placesIn(member, [...at, key]));
  return at.length > 0 ? [at, ...inside] : inside;
}

function replaceAt(value: unknown, pick: number, put: unknown): unknown {
  const places = placesIn(value);
  return replaceIn(value, places[pick % places.length] ?? [], put);
}

export function replaceIn(value: unknown, place: string[], put: unknown): unknown {
  const replace = (node: unknown, [key, ...rest]: string[]): unknown => {
    if (key === undefined) return put;
    if (Array.isArray(node))
      return node.map((item, index) => (String(index) === key ? replace(item, rest) : item));
    const object = node as Record<string, unknown>;
    return { ...object, [key]: replace(object[key], rest) };
  };
  return replace(value, place);
}

const nest = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth);

/** Bodies that are wrong as text, whatever the schema. Keys like `__proto__` exist only here. */
export const RAW: Payload[] = [
  '', ' ', '{', '{"a":', '[', 'null', '[]', '"x"', '1', 'true', 'NaN', '{"a":1}}', '{a:1}', "{'a':1}", '\ufeff{}',
  '{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"admin":true}}}', '{"a":"\\ud800"}',
  '{"a":1,"a":2}', '{"a":1e999}', '{"a":-0}', '\0', '{"\\u0000":1}',
  nest(40, '[', ']'), nest(20_000, '[', ']'), `{"name":${nest(20_000, '{"a":', '}').replace(/}/, '1}')}}`,
  `{"tags":${nest(5_000, '[', ']')}}`,
].map((raw) => ({ raw, contentType: 'application/json', pristine: false })); // prettier-ignore

const WRONG_TYPES = [
  'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml', 'text/csv',
  'application/json; charset=utf-16', 'application/json;', 'application/jsonx', 'json', '', 'application/JSON',
  'application/merge-patch+json', 'application/x-ndjson', '*/*', 'application/json, text/plain',
]; // prettier-ignore

/** Valid bodies of an operation, and what can be done to spoil them. */
export function payloads(valid: Arbitrary<unknown>): Arbitrary<Payload> {
  const pristine = valid.map((value): Payload => ({ value, pristine: true }));
  const changed = fc
    .tuple(valid, fc.nat(1_000), HOSTILE, fc.constantFrom('without', 'unknown', 'value', 'whole'))
    .map(([value, pick, hostile, how]): Payload => {
      if (!isObject(value) || how === 'whole') return { value: hostile, pristine: false };
      if (how === 'without') return without(value, pick);
      if (how === 'unknown') return withUnknown(value, pick);
      return { value: replaceAt(value, pick, hostile), pristine: false };
    });
  const raw = fc.oneof(
    fc.constantFrom(...RAW),
    fc.string({ unit: 'binary', maxLength: 60 }).map((text) => ({
      raw: text,
      contentType: 'application/json',
      pristine: false,
    })),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => ({
      raw: Buffer.from(bytes),
      contentType: 'application/json',
      pristine: false,
    })),
  );
  const retyped = fc
    .tuple(valid, fc.constantFrom(...WRONG_TYPES))
    .map(([value, contentType]): Payload => ({ value, contentType, pristine: false }));
  return fc.oneof(
    { weight: 45, arbitrary: pristine },
    { weight: 35, arbitrary: changed },
    { weight: 10, arbitrary: raw },
    { weight: 8, arbitrary: retyped },
    { weight: 1, arbitrary: fc.constant<Payload>({ pristine: false }) },
  );
}

/** For an operation that takes no body: mostly none, sometimes one that nobody asked for. */
export const uncalledFor: Arbitrary<Payload> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Payload>({ pristine: true }) },
  { weight: 1, arbitrary: fc.constant<Payload>({ value: { surprise: 1 }, pristine: false }) },
  { weight: 1, arbitrary: fc.constantFrom(...RAW) },
);

const CSV_FILES = [
  'number,country_code\n$NEW,US\n', '$NEW\n$NEW\n', 'number;label\n$NEW;"a;b"\n', '\ufeffnumber\n$NEW\n',
]; // prettier-ignore
const NDJSON_FILES = [
  '{"number":"$NEW","country_code":"US"}\n',
  '{"number":"$NEW","country_code":"US","tags":["a"]}',
];
export const BROKEN_FILES = [
  '', '\n\n', 'number\n', 'colour,number\nred,+15551234567\n', 'number\n"unclosed', '\0\0\0', '\ud800', 'number\n+1555123XXXXXXX\n',
  '{"number":', 'null\n', '[]\n', '{"__proto__":{}}\n', nest(3_000, '[', ']'), `number\n${'9'.repeat(70_000)}\n`, 'number,number\n1,2\n',
]; // prettier-ignore

/** Files, for operations whose body is no JSON. `$NEW` becomes an unused number. */
export function files(mediaTypes: readonly string[]): Arbitrary<Payload> {
  const good = fc
    .constantFrom(...mediaTypes)
    .chain((contentType) =>
      fc
        .constantFrom(...(contentType.includes('csv') ? CSV_FILES : NDJSON_FILES))
        .map((raw): Payload => ({ raw, contentType, pristine: true })),
    );
  const bad = fc
    .tuple(fc.constantFrom(...BROKEN_FILES, ...CSV_FILES), fc.constantFrom(...mediaTypes, ...WRONG_TYPES))
    .map(([raw, contentType]): Payload => ({ raw, contentType, pristine: false }));
  return fc.oneof({ weight: 6, arbitrary: good }, { weight: 4, arbitrary: bad });
}
