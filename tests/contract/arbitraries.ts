import fc, { type Arbitrary } from 'fast-check';
import { isUuid } from '../../packages/server/src/kernel/ids.ts';
import type { Document, JsonSchema } from './document.ts';

/** Stands in a generated body where an id belongs; the world puts one in at the moment of sending. */
export class IdPick {
  readonly name: string;
  readonly origin: Origin;
  readonly index: number;
  constructor(name: string, origin: Origin, index: number) {
    this.name = name;
    this.origin = origin;
    this.index = index;
  }
}
/** Stands where a phone number belongs that must not have been used. */
export const FRESH_NUMBER = Symbol('an unused number');

export type Origin = 'live' | 'foreign' | 'random';

export const originArbitrary: Arbitrary<Origin> = fc.oneof(
  { weight: 9, arbitrary: fc.constant<Origin>('live') },
  { weight: 2, arbitrary: fc.constant<Origin>('foreign') },
  { weight: 1, arbitrary: fc.constant<Origin>('random') },
);

/** @param oldest index 0 is the newest thing there is */
export const idArbitrary = (name: string, origin = originArbitrary, oldest = 1_000): Arbitrary<IdPick> =>
  fc.tuple(origin, fc.nat(oldest)).map(([from, index]) => new IdPick(name, from, index));

const word = fc.stringMatching(/^[A-Za-zÀ-ÿ0-9 _.'-]{1,24}$/).map((text) => text.trim() || 'x');
const anyText = fc.oneof(
  { weight: 4, arbitrary: word },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }) },
);
const moment = fc
  .date({ min: new Date('2026-01-16T00:00:00Z'), max: new Date('2040-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Rules that a schema cannot say, by the field's name. A wrong guess costs a 422 and nothing else. */
const BY_NAME: Record<string, Arbitrary<unknown>> = {
  number: fc.oneof(
    { weight: 5, arbitrary: fc.constant(FRESH_NUMBER) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('+15551230000', '+442079460000', '+8835100', '+15', '911', '+1 (555) 123'),
    },
  ),
  country_code: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('US', 'us') },
    { weight: 1, arbitrary: fc.constantFrom('GB', 'ZZ', 'BR', 'usa') },
  ),
  domain: fc.constantFrom('sip.carrier-x.com', '192.0.2.7', '[2001:db8::1]', 'localhost'),
  outbound_proxy: fc.constantFrom('proxy.carrier-x.com', 'sip:proxy.carrier-x.com:5080;lr', '192.0.2.9:5061'),
  transfer_to: fc.constant('+15551234567'),
  is_active: fc.constantFrom(false, false, false, true),
};

const idField = (name: string): string | undefined => /^(\w+_id)s?$/.exec(name)?.[1];

export type SchemaArbitraries = {
  /** Values that the schema allows; ids and fresh numbers are still stand-ins. */
  valid(schema: JsonSchema, name?: string): Arbitrary<unknown>;
  /** The document's own example, with live ids and fresh numbers in it. */
  fromExample(example: unknown): Arbitrary<unknown>;
};

export function createArbitraries(deref: Document['deref']): SchemaArbitraries {
  function valid(given: JsonSchema, name = ''): Arbitrary<unknown> {
    const schema = deref(given);
    const options = (schema['anyOf'] ?? schema['oneOf']) as JsonSchema[] | undefined;
    if (options) return fc.oneof(...options.map((option) => valid(option, name)));
    if ('const' in schema) return fc.constant(schema['const']);
    if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
    const types = [schema['type'] ?? 'object'].flat() as string[];
    return fc.oneof(...types.map((type) => ofType(type, schema, name)));
  }

  function ofType(type: string, schema: JsonSchema, name: string): Arbitrary<unknown> {
    switch (type) {
      case 'null':
        return fc.constant(null);
      case 'boolean':
        return BY_NAME[name] ?? fc.boolean();
      case 'integer':
        return fc.integer({ min: bound(schema, 'minimum', -1_000), max: bound(schema, 'maximum', 1_000) });
      case 'number':
        return fc.double({
          min: bound(schema, 'minimum', 0),
          max: bound(schema, 'maximum', 10),
          noNaN: true,
        });
      case 'string':
        return ofString(schema, name);
      case 'array':
        return fc.array(valid((schema['items'] ?? {}) as JsonSchema, name), {
          minLength: bound(schema, 'minItems', 0),
          maxLength: Math.min(4, bound(schema, 'maxItems', 4)),
        });
      default:
        return ofObject(schema);
    }
  }

  function ofObject(schema: JsonSchema): Arbitrary<unknown> {
    const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);
    if (properties.length === 0) return fc.dictionary(word, word, { maxKeys: 3 });
    const model = Object.fromEntries(properties.map(([key, property]) => [key, valid(property, key)]));
    return fc.record(model, { requiredKeys: (schema['required'] ?? []) as never[] });
  }

  const fromExample = (example: unknown, name = ''): Arbitrary<unknown> => {
    const id = idField(name);
    if (name === 'number') return BY_NAME['number']!;
    if (id !== undefined && isUuid(String(example))) return idArbitrary(id);
    if (Array.isArray(example)) return fc.tuple(...example.map((item) => fromExample(item, name)));
    if (typeof example !== 'object' || example === null) return fc.constant(example);
    return fc.record(
      Object.fromEntries(Object.entries(example).map(([key, value]) => [key, fromExample(value, key)])),
    );
  };
  return { valid, fromExample };
}

const bound = (schema: JsonSchema, keyword: string, otherwise: number): number => {
  const value = schema[keyword];
  if (typeof value !== 'number') return otherwise;
  // Integers are bounded by ±2^53 in the document: numbers of everyday size find more.
  return Math.abs(value) > 1e9 ? otherwise : value;
};

function ofString(schema: JsonSchema, name: string): Arbitrary<unknown> {
  const known = BY_NAME[name];
  if (known) return known;
  const id = idField(name);
  if (id !== undefined && schema['format'] === 'uuid') return idArbitrary(id);
  if (schema['format'] === 'uuid') return fc.uuid();
  if (schema['format'] === 'uri')
    return fc.constantFrom('https://example.com/hook', 'http://192.0.2.1:8080/a?b=c');
  if (schema['format'] === 'date-time') return moment;
  const min = bound(schema, 'minLength', 0);
  const max = bound(schema, 'maxLength', 1_000);
  return anyText.map((text) => [...text.padEnd(min, 'x')].slice(0, max).join(''));
}
