import { isDeepStrictEqual } from 'node:util';
import type { JsonSchema } from './document.ts';

type Check = (schema: JsonSchema, value: unknown, at: string) => string[];
type Deref = (schema: JsonSchema) => JsonSchema;

/** Keywords that say nothing about validity. */
const ANNOTATIONS = new Set([
  'description',
  'example',
  'examples',
  'default',
  'format',
  'title',
  'deprecated',
]);
const KNOWN = new Set([
  '$ref', 'type', 'const', 'enum', 'anyOf', 'oneOf', 'allOf', 'properties', 'required', 'additionalProperties',
  'propertyNames', 'items', 'minItems', 'maxItems', 'minLength', 'maxLength', 'pattern', 'minimum', 'maximum',
  'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf',
]); // prettier-ignore

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
};

/**
 * What is wrong with a value under a JSON schema: the keywords that our document uses, and a refusal of
 * any other, so that no promise of the document goes unchecked. `undefined` never occurs: JSON has none.
 */
export function createValidator(deref: Deref): (schema: JsonSchema, value: unknown) => string[] {
  const check: Check = (given, value, at) => {
    const schema = deref(given);
    for (const keyword of Object.keys(schema)) {
      if (!KNOWN.has(keyword) && !ANNOTATIONS.has(keyword) && !keyword.startsWith('x-')) {
        return [`${at}: the validator does not know the keyword ${keyword}`];
      }
    }
    return [
      ...checkType(schema, value, at),
      ...checkValue(schema, value, at),
      ...combined(check, schema, value, at),
      ...checkObject(check, schema, value, at),
      ...checkArray(check, schema, value, at),
    ];
  };
  return (schema, value) => check(schema, value, '$');
}

function checkType({ type }: JsonSchema, value: unknown, at: string): string[] {
  if (type === undefined) return [];
  const actual = typeOf(value);
  const allowed = [type].flat() as string[];
  if (allowed.includes(actual) || (actual === 'integer' && allowed.includes('number'))) return [];
  return [`${at} is ${actual}, not ${allowed.join(' or ')}`];
}

function checkValue(schema: JsonSchema, value: unknown, at: string): string[] {
  const problems: string[] = [];
  if ('const' in schema && !isDeepStrictEqual(value, schema['const']))
    problems.push(`${at} is not the constant`);
  if (Array.isArray(schema['enum']) && !schema['enum'].some((one) => isDeepStrictEqual(one, value))) {
    problems.push(`${at} is none of the enum`);
  }
  const limit = (keyword: string, fails: (bound: number) => boolean): void => {
    const bound = schema[keyword];
    if (typeof bound === 'number' && fails(bound)) problems.push(`${at} breaks ${keyword} ${bound}`);
  };
  if (typeof value === 'number') {
    limit('minimum', (bound) => value < bound);
    limit('maximum', (bound) => value > bound);
    limit('exclusiveMinimum', (bound) => value <= bound);
    limit('exclusiveMaximum', (bound) => value >= bound);
    limit('multipleOf', (bound) => value % bound !== 0);
  }
  if (typeof value === 'string') {
    const { length } = [...value];
    limit('minLength', (bound) => length < bound);
    limit('maxLength', (bound) => length > bound);
    const { pattern } = schema;
    if (typeof pattern === 'string' && !new RegExp(pattern, 'u').test(value))
      problems.push(`${at} breaks its pattern`);
  }
  return problems;
}

function combined(check: Check, schema: JsonSchema, value: unknown, at: string): string[] {
  const problems = ((schema['allOf'] ?? []) as JsonSchema[]).flatMap((one) => check(one, value, at));
  for (const keyword of ['anyOf', 'oneOf']) {
    const options = schema[keyword] as JsonSchema[] | undefined;
    if (!options) continue;
    const results = options.map((one) => check(one, value, at));
    if (results.some((result) => result.length === 0)) continue;
    problems.push(`${at} fits no option: ${results.map((result) => result[0]).join(' | ')}`);
  }
  return problems;
}

function checkObject(check: Check, schema: JsonSchema, value: unknown, at: string): string[] {
  if (typeOf(value) !== 'object') return [];
  const object = value as Record<string, unknown>;
  const properties = (schema['properties'] ?? {}) as Record<string, JsonSchema>;
  const problems = ((schema['required'] ?? []) as string[])
    .filter((key) => !Object.hasOwn(object, key))
    .map((key) => `${at}.${key} is missing`);
  const { additionalProperties: additional } = schema;
  for (const [key, member] of Object.entries(object)) {
    const own = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (own) problems.push(...check(own, member, `${at}.${key}`));
    else if (additional === false) problems.push(`${at}.${key} is not in the schema`);
    else if (typeof additional === 'object') {
      problems.push(...check(additional as JsonSchema, member, `${at}.${key}`));
    }
  }
  return problems;
}

function checkArray(check: Check, schema: JsonSchema, value: unknown, at: string): string[] {
  if (!Array.isArray(value)) return [];
  const problems: string[] = [];
  const { items, minItems, maxItems } = schema;
  if (typeof minItems === 'number' && value.length < minItems) problems.push(`${at} has too few items`);
  if (typeof maxItems === 'number' && value.length > maxItems) problems.push(`${at} has too many items`);
  if (typeof items === 'object') {
    for (const [index, item] of value.entries()) {
      problems.push(...check(items as JsonSchema, item, `${at}[${index}]`));
    }
  }
  return problems;
}
