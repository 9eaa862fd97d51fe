/** The part of an OpenAPI 3.1 document that the generated pages read. */
export type JsonSchema = {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  example?: unknown;
  examples?: unknown[];
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  additionalProperties?: boolean | JsonSchema;
};

export type Parameter = {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: JsonSchema;
};

export type Media = { schema?: JsonSchema; example?: unknown };
export type Content = Record<string, Media>;
type ResponseObject = {
  $ref?: string;
  description?: string;
  content?: Content;
  'x-tronco-codes'?: string[];
};

export type OperationObject = {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { $ref?: string; content: Content };
  responses?: Record<string, ResponseObject>;
  security?: Record<string, string[]>[];
  'x-tronco-addition'?: boolean;
  'x-tronco-scope'?: string;
};

export type OpenApiDocument = {
  info: { title: string; version: string; description?: string };
  tags?: { name: string; description?: string }[];
  paths: Record<string, Record<string, OperationObject>>;
  components?: { [kind: string]: Record<string, unknown> | undefined };
};

export type Operation = OperationObject & {
  id: string;
  method: string;
  path: string;
  tag: string;
  summary: string;
};

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** Every operation of the document, in its order. */
export function operationsOf(document: OpenApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => {
      const operation = methods[method];
      if (!operation) return [];
      const { operationId: id, summary, tags } = operation;
      if (!id || !summary || !tags?.[0]) {
        throw new Error(`${method.toUpperCase()} ${path} needs an operationId, a summary and a tag`);
      }
      return [{ ...operation, id, summary, tag: tags[0], method: method.toUpperCase(), path }];
    }),
  );
}

/** Follows a local `$ref`; what stands beside it (a description) wins. */
export function resolveRef<Part extends { $ref?: string }>(document: OpenApiDocument, part: Part): Part {
  if (part.$ref === undefined) return part;
  const [, , kind = '', name = ''] = part.$ref.split('/');
  const target = document.components?.[kind]?.[name] as Part | undefined;
  if (!target) throw new Error(`${part.$ref} is not in the OpenAPI document`);
  const { $ref: _ref, ...beside } = part;
  return { ...resolveRef(document, target), ...beside };
}

/** Error codes of an operation, in the order of their statuses. */
export function errorCodesOf(document: OpenApiDocument, operation: OperationObject): string[] {
  const codes = Object.values(operation.responses ?? {}).flatMap(
    (response) => resolveRef(document, response)['x-tronco-codes'] ?? [],
  );
  return [...new Set(codes)];
}

/** Codes that every operation with a token and the same kind of method can answer. */
export function sharedErrorCodes(document: OpenApiDocument, operation: Operation): Set<string> {
  const alike = operationsOf(document).filter(
    (each) => scopeOf(each) !== undefined && (each.method === 'GET') === (operation.method === 'GET'),
  );
  const sets = alike.map((each) => new Set(errorCodesOf(document, each)));
  return new Set(errorCodesOf(document, operation).filter((code) => sets.every((set) => set.has(code))));
}

/** The scope that the operation asks for; undefined when it needs no token. */
export const scopeOf = (operation: OperationObject): string | undefined => operation['x-tronco-scope'];

export function successOf(
  document: OpenApiDocument,
  operation: OperationObject,
): { status: string; content: Content } | undefined {
  const found = Object.entries(operation.responses ?? {}).find(([status]) => status.startsWith('2'));
  return found && { status: found[0], content: resolveRef(document, found[1]).content ?? {} };
}

export const parametersOf = (document: OpenApiDocument, operation: OperationObject): Parameter[] =>
  (operation.parameters ?? []).map((parameter) => resolveRef(document, parameter));
