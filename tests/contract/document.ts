/** The parts of the OpenAPI document that the fuzz works from; nothing about an endpoint is known beside it. */
export type JsonSchema = { [keyword: string]: unknown };

export type Parameter = { name: string; in: string; schema: JsonSchema; required?: boolean };
type Content = Record<string, { schema?: JsonSchema; example?: unknown }>;
export type ResponseObject = { content?: Content; 'x-tronco-codes'?: string[] };

export type Operation = {
  id: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below /api/v1, with `{names}`. */
  path: string;
  params: string[];
  query: Parameter[];
  body: Content | undefined;
  responses: Record<string, ResponseObject>;
  /** undefined: open to everyone. */
  scope: string | undefined;
};

export type Document = { operations: Operation[]; deref(schema: JsonSchema): JsonSchema };

type RawOperation = {
  operationId: string;
  parameters?: JsonSchema[];
  requestBody?: { content: Content };
  responses: Record<string, ResponseObject>;
  'x-tronco-scope'?: string;
};

export function readDocument(raw: unknown): Document {
  const root = raw as { paths: Record<string, Record<string, RawOperation>> };
  const deref = (schema: JsonSchema): JsonSchema => {
    const { $ref } = schema;
    if (typeof $ref !== 'string') return schema;
    let target: unknown = root;
    for (const key of $ref.split('/').slice(1)) target = (target as JsonSchema)[key];
    return deref(target as JsonSchema);
  };
  const operations = Object.entries(root.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]): Operation => {
      const parameters = (raw.parameters ?? []).map((one) => deref(one) as unknown as Parameter);
      return {
        id: raw.operationId,
        method: method.toUpperCase() as Operation['method'],
        path,
        params: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''),
        query: parameters.filter((one) => one.in === 'query'),
        body: raw.requestBody?.content,
        responses: raw.responses,
        scope: raw['x-tronco-scope'],
      };
    }),
  );
  return { operations, deref };
}
