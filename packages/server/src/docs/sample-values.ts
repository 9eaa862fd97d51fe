import { type JsonSchema, type OpenApiDocument, resolveRef } from './openapi-document.ts';
import { effective, isNullable } from './schema-table.ts';

/** What an example shows for a field of this name, when its schema gives no example. */
const BY_NAME: Record<string, unknown> = {
  name: 'Primary Carrier',
  provider_name: 'carrier-x',
  domain: 'sip.carrier-x.com',
  username: 'user_42',
  password: 'secret-password',
  port: 5061,
  number: '+15551234567',
  phone_number: '+15551234567',
  country_code: 'US',
  formatted_number: '(555) 123-4567',
  international_number: '+1 555 123 4567',
  label: 'Front desk',
  note: 'Ordered for the spring campaign',
  reason: 'This number is no longer used after the migration',
  subject: 'Opening hours',
  instructions: 'We are open on weekdays from 9 to 18.',
  description: 'Answers questions about orders',
  initial_message: 'Hello, how can I help you today?',
  language: 'en-US',
  endpointing_sensitivity: 'auto',
  ivr_navigation_mode: 'off',
  node_id: 'node-1',
  request_id: 'd2197a49-0753-42cb-b229-8957a1a8e856',
  conversation_speed: 1,
  llm_temperature: 0.7,
  idle_time_seconds: 10,
  per_page: 20,
  tags: ['support'],
};

const UUID = '01a20f4c-ecfb-73c6-b74d-90b8f4239d8f';
const TIME = '2026-01-15T12:00:00.000Z';
const DEPTH_MAX = 6;

export type SampleOptions = { requiredOnly: boolean };

/** An example value of a schema: its own example, else one by format, name or type. */
export function sampleOf(
  document: OpenApiDocument,
  written: JsonSchema,
  options: SampleOptions,
  name = '',
  depth = 0,
): unknown {
  const schema = effective(document, written);
  const { example, examples } = { ...schema, ...resolveRef(document, written) };
  const own = example ?? examples?.[0] ?? schema.const;
  if (own !== undefined) return own;
  if (schema.properties && depth < DEPTH_MAX) return sampleObject(document, schema, options, depth);
  if (schema.items) {
    if (name in BY_NAME) return BY_NAME[name];
    return depth < DEPTH_MAX ? [sampleOf(document, schema.items, options, '', depth + 1)] : [];
  }
  if (isNullable(document, written) && !(name in BY_NAME)) return null;
  return sampleScalar(schema, name);
}

function sampleObject(
  document: OpenApiDocument,
  schema: JsonSchema,
  options: SampleOptions,
  depth: number,
): Record<string, unknown> {
  const required = new Set(schema.required);
  const shown = Object.entries(schema.properties ?? {}).filter(
    ([key]) => !options.requiredOnly || required.has(key) || required.size === 0,
  );
  // Nothing is required in a partial update: one field shows the form.
  const fields = options.requiredOnly && required.size === 0 ? shown.slice(0, 1) : shown;
  return Object.fromEntries(
    fields.map(([key, field]) => [key, sampleOf(document, field, options, key, depth + 1)]),
  );
}

function sampleScalar(schema: JsonSchema, name: string): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  if (schema.format === 'uuid') return UUID;
  if (schema.format === 'date-time') return TIME;
  if (schema.format === 'uri') return 'https://api.example.com/hook';
  if (name in BY_NAME) return BY_NAME[name];
  switch ([schema.type].flat()[0]) {
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return true;
    case 'object':
      return {};
    default:
      return 'text';
  }
}
