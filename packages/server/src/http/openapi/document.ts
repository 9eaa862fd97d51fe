import type { Documented } from './documented.ts';
import { DESCRIPTION, TAGS } from './introduction.ts';
import { operationOf } from './operation.ts';
import { createSchemaBook, type JsonSchema } from './schema-book.ts';
import { HEADERS, PARAMETERS } from './shared-parts.ts';

export type OpenApiDocument = {
  openapi: string;
  paths: Record<string, Record<string, JsonSchema>>;
  components: Record<string, Record<string, JsonSchema>>;
  [member: string]: unknown;
};

/** The OpenAPI 3.1 document of the given endpoints. The same endpoints give the same text, in any order. */
export function buildDocument(endpoints: readonly Documented[]): OpenApiDocument {
  const book = createSchemaBook();
  const paths: OpenApiDocument['paths'] = {};
  for (const endpoint of endpoints.toSorted(byPathAndMethod)) {
    const path = (paths[endpoint.path] ??= {});
    path[endpoint.method.toLowerCase()] = operationOf(endpoint, book);
  }
  const used = new Set(endpoints.map(({ tag }) => tag));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tronco API',
      version: '1.0.0',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    tags: TAGS.filter(({ name }) => used.has(name)),
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: '`talq_` and 38 characters; shown once when created.',
        },
      },
      parameters: usedOnly(PARAMETERS, paths),
      headers: usedOnly(HEADERS, paths),
      schemas: sorted(book.components()),
    },
  };
}

const METHOD_ORDER = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

const byPathAndMethod = (a: Documented, b: Documented): number =>
  a.path === b.path
    ? METHOD_ORDER.indexOf(a.method) - METHOD_ORDER.indexOf(b.method)
    : a.path < b.path
      ? -1
      : 1;

function sorted<Value>(record: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function usedOnly(parts: Record<string, JsonSchema>, paths: object): Record<string, JsonSchema> {
  const text = JSON.stringify(paths);
  return sorted(Object.fromEntries(Object.entries(parts).filter(([name]) => text.includes(`/${name}"`))));
}
