import { type Language, type Words, WORDS } from './languages.ts';
import { type JsonSchema, type OpenApiDocument, resolveRef } from './openapi-document.ts';
import { translate } from './translate.ts';

type Row = { name: string; schema: JsonSchema; required: boolean };

/**
 * A Markdown table of an object's fields, nested ones as `pagination.total` and `inputs[].name`.
 * Of a request it marks what must be sent, of an answer what may be absent.
 */
export function schemaTable(
  document: OpenApiDocument,
  schema: JsonSchema,
  language: Language,
  direction: 'request' | 'answer',
): string {
  const rows = fieldRows(document, schema, '', 0);
  if (rows.length === 0) return '';
  const words = WORDS[language];
  const head = [words.field, words.type, words.rules, words.description];
  return markdownTable(
    head,
    rows.map(({ name, schema: field, required }) => [
      `\`${name}\``,
      typeText(document, field, words),
      [presence(required, direction, words), ...ruleTexts(document, field, words)].filter(Boolean).join(', '),
      field.description ? translate(field.description, language) : '',
    ]),
  );
}

function presence(required: boolean, direction: 'request' | 'answer', words: Words): string {
  if (direction === 'request') return required ? words.required : '';
  return required ? '' : words.mayBeAbsent;
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  // A column without a single entry only takes room.
  const kept = head.map((_, column) => rows.some((row) => row[column] !== ''));
  const line = (cells: readonly string[]): string =>
    `| ${cells
      .filter((_, column) => kept[column])
      .map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' '))
      .join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const DEPTH_MAX = 4;

/** Looks through references, `null` alternatives and alternatives of objects. */
export function effective(document: OpenApiDocument, schema: JsonSchema): JsonSchema {
  const { anyOf, oneOf, ...own } = resolveRef(document, schema);
  const alternatives = (anyOf ?? oneOf ?? [])
    .map((each) => effective(document, each))
    .filter((each) => each.type !== 'null');
  const [first] = alternatives;
  if (!first) return own;
  // Of several forms of one object the fullest is shown; required is what all of them have.
  const fullest = alternatives.reduce((best, each) => (sizeOf(each) > sizeOf(best) ? each : best), first);
  const required = fullest.required?.filter((name) =>
    alternatives.every((each) => each.required?.includes(name) ?? false),
  );
  return { ...fullest, ...(required && { required }), ...own };
}

const sizeOf = (schema: JsonSchema): number => Object.keys(schema.properties ?? {}).length;

export const isNullable = (document: OpenApiDocument, schema: JsonSchema): boolean => {
  const { type, anyOf, oneOf } = resolveRef(document, schema);
  return (
    type === 'null' ||
    (Array.isArray(type) && type.includes('null')) ||
    (anyOf ?? oneOf ?? []).some((each) => isNullable(document, each))
  );
};

function fieldRows(document: OpenApiDocument, schema: JsonSchema, prefix: string, depth: number): Row[] {
  const whole = effective(document, schema);
  if (whole.items) return fieldRows(document, whole.items, `${prefix}[]`, depth);
  return Object.entries(whole.properties ?? {}).flatMap(([key, field]) => {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    const row = {
      name,
      schema: described(document, field),
      required: whole.required?.includes(key) ?? false,
    };
    return depth < DEPTH_MAX ? [row, ...fieldRows(document, field, name, depth + 1)] : [row];
  });
}

/** The field as written, with the description of what it refers to when it has none of its own. */
function described(document: OpenApiDocument, field: JsonSchema): JsonSchema {
  const description = effective(document, field).description;
  return description === undefined ? field : { ...field, description };
}

export function typeText(document: OpenApiDocument, schema: JsonSchema, words: Words): string {
  const whole = effective(document, schema);
  const nullable = isNullable(document, schema) ? ` ${words.orNull}` : '';
  if (whole.items) {
    const name = typeName(effective(document, whole.items));
    return `${words.listOf} ${words.plurals[name] ?? name}${nullable}`;
  }
  const name = typeName(whole);
  return `${words.types[name] ?? name}${nullable}`;
}

/** The format where it says more than the type. */
const typeName = (schema: JsonSchema): string =>
  schema.format !== undefined && schema.format !== 'password' ? schema.format : simpleType(schema);

const simpleType = ({ type, enum: values, const: only }: JsonSchema): string => {
  const named = [type].flat().find((each) => each !== undefined && each !== 'null');
  return named ?? (values || only !== undefined ? typeof (only ?? values?.[0]) : 'any');
};

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** Limits that Zod writes for every integer and that say nothing. */
const isLimit = (value: number | undefined): value is number =>
  value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;

export function ruleTexts(document: OpenApiDocument, schema: JsonSchema, words: Words): string[] {
  const whole = effective(document, schema);
  const rules = [
    span(whole.minLength, whole.maxLength, words.units.characters),
    span(whole.minItems, whole.maxItems, words.units.items),
    span(whole.minimum, whole.maximum, ''),
  ];
  if (whole.exclusiveMinimum !== undefined) rules.push(`> ${whole.exclusiveMinimum}`);
  if (whole.exclusiveMaximum !== undefined) rules.push(`< ${whole.exclusiveMaximum}`);
  const values = whole.enum ?? (whole.items && effective(document, whole.items).enum);
  if (values) rules.push(values.map(code).join(' '));
  if (whole.const !== undefined) rules.push(code(whole.const));
  const preset = resolveRef(document, schema).default ?? whole.default;
  if (preset !== undefined && preset !== '') rules.push(`${words.defaultIs} ${code(preset)}`);
  return rules.filter((rule) => rule !== undefined);
}

function span(min: number | undefined, max: number | undefined, unit: string): string | undefined {
  const suffix = unit === '' ? '' : ` ${unit}`;
  if (isLimit(min) && isLimit(max)) return min === max ? `${min}${suffix}` : `${min}–${max}${suffix}`;
  if (isLimit(max)) return `≤ ${max}${suffix}`;
  return isLimit(min) && min > 0 ? `≥ ${min}${suffix}` : undefined;
}
