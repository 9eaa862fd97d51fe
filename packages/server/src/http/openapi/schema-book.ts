import { z } from 'zod';

export type JsonSchema = { [keyword: string]: unknown };
type Direction = 'input' | 'output';

const DEFS = '#/$defs/';
const COMPONENTS = '#/components/schemas/';

/** Formats say it all; the expressions that Zod checks them with only drown the document. */
const SELF_EXPLANATORY = new Set(['uuid', 'date-time', 'date', 'uri', 'email']);

export type SchemaBook = {
  /** JSON Schema of what a caller sends (`input`) or receives (`output`); named parts become references. */
  write(schema: z.ZodType, direction: Direction): JsonSchema;
  /** The same, as a component of that name unless the schema has one of its own. */
  writeNamed(schema: z.ZodType, direction: Direction, name: string): JsonSchema;
  /** The named parts, once everything is written. */
  components(): Record<string, JsonSchema>;
};

/**
 * Turns Zod schemas into JSON Schema 2020-12 and keeps the named ones (`.meta({ id })`) as components.
 * A name that reads differently in requests and in answers, e.g. because of a default, gets a second
 * component `<name>Input`; only what is used appears.
 */
export function createSchemaBook(): SchemaBook {
  const seen: Record<Direction, Map<string, JsonSchema>> = { input: new Map(), output: new Map() };
  const written: { direction: Direction; schema: JsonSchema }[] = [];

  function write(zod: z.ZodType, direction: Direction): JsonSchema {
    const {
      $schema: _,
      $defs,
      ...schema
    } = z.toJSONSchema(zod, {
      io: direction,
      unrepresentable: 'any',
      override: ({ jsonSchema }) => tidy(jsonSchema),
    }) as JsonSchema & { $defs?: Record<string, JsonSchema> };
    for (const [id, part] of Object.entries($defs ?? {})) seen[direction].set(id, part);
    written.push({ direction, schema });
    return schema;
  }

  return {
    write,
    writeNamed(zod, direction, name) {
      const schema = write(zod, direction);
      if ('$ref' in schema) return schema;
      seen[direction].set(name, schema);
      const reference = { $ref: DEFS + name };
      written.push({ direction, schema: reference });
      return reference;
    },
    components() {
      const parts: Record<string, JsonSchema> = {};
      const twins = new Set([...seen.input.keys()].filter((id) => differs(id, seen)));
      const nameIn = (direction: Direction) => (id: string) =>
        direction === 'input' && twins.has(id) ? `${id}Input` : id;
      for (const direction of ['input', 'output'] as const) {
        for (const [id, part] of seen[direction]) parts[nameIn(direction)(id)] = part;
        for (const part of seen[direction].values()) redirect(part, nameIn(direction));
      }
      for (const { direction, schema } of written) redirect(schema, nameIn(direction));
      return parts;
    },
  };
}

/** A part also differs when something that it refers to does. */
function differs(
  id: string,
  seen: Record<Direction, Map<string, JsonSchema>>,
  visited = new Set<string>(),
): boolean {
  const [input, output] = [seen.input.get(id), seen.output.get(id)];
  if (!input || !output || visited.has(id)) return false;
  visited.add(id);
  const text = JSON.stringify(input);
  if (text !== JSON.stringify(output)) return true;
  return [...text.matchAll(/"#\/\$defs\/([^"]+)"/g)].some(([, name = '']) => differs(name, seen, visited));
}

function redirect(value: unknown, nameOf: (id: string) => string): void {
  if (Array.isArray(value)) for (const item of value) redirect(item, nameOf);
  if (typeof value !== 'object' || value === null) return;
  const node = value as JsonSchema;
  if (typeof node['$ref'] === 'string' && node['$ref'].startsWith(DEFS)) {
    node['$ref'] = COMPONENTS + nameOf(node['$ref'].slice(DEFS.length));
  }
  for (const child of Object.values(node)) redirect(child, nameOf);
}

/** Leaves out what says nothing, and writes examples as JSON Schema does. */
function tidy(schema: JsonSchema): void {
  if (SELF_EXPLANATORY.has(String(schema['format']))) delete schema['pattern'];
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  if (JSON.stringify(schema['propertyNames']) === '{"type":"string"}') delete schema['propertyNames'];
  if ('example' in schema) {
    schema['examples'] = [schema['example']];
    delete schema['example'];
  }
  delete schema['id'];
}
