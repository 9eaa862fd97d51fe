import type { FastifyInstance } from 'fastify';
import type { Documented } from './openapi/documented.ts';
import { buildDocument, type OpenApiDocument } from './openapi/document.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Every endpoint of the API, for the OpenAPI document. */
    documented: Documented[];
    /** The OpenAPI 3.1 document, built when first asked for. */
    openApiDocument(): OpenApiDocument;
  }
}

/** Keeps the endpoints' definitions and serves the document made of them. Register before the routes. */
export function registerOpenApi(app: FastifyInstance): void {
  let document: OpenApiDocument | undefined;
  let text: string | undefined;
  app.decorate('documented', []);
  app.decorate('openApiDocument', () => (document ??= buildDocument(app.documented)));
  app.get('/openapi.json', {
    schema: { hide: true },
    handler: async (_request, reply) => {
      text ??= JSON.stringify(app.openApiDocument());
      return reply.type('application/json; charset=utf-8').send(text);
    },
  });
}
