import { hash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { alreadyHas } from '../http/conditions.ts';
import {
  loadReferenceScript,
  REFERENCE_PAGE,
  REFERENCE_START,
  REFERENCE_STYLE,
  type ReferenceScript,
} from './api-reference.ts';
import { llmsFull, llmsIndex } from './llms-index.ts';
import { DOCS_DIRECTORY } from './page-files.ts';
import { openSite, type Site } from './site.ts';
import { ICON, STYLE } from './style.ts';

const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';
const CSS = 'text/css; charset=utf-8';
const TEXT = 'text/plain; charset=utf-8';

/** Pages without script: our stylesheet and nothing else. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Scalar writes its styles into the page and shows images of data URLs; it may speak to us alone. */
const REFERENCE_POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HIDDEN = { schema: { hide: true } };

/** The documentation: pages in two languages, the API reference, and indexes for language models. */
export function registerDocumentation(app: FastifyInstance, directory = DOCS_DIRECTORY): void {
  const site = once(() => openSite(directory));
  app.get('/', HIDDEN, async (_request, reply) => reply.redirect('/docs', 302));
  registerReference(app);
  registerPages(app, site);

  const index = once(async () => llmsIndex((await site()).pages));
  const full = once(async () => llmsFull((await site()).pages));
  app.get('/llms.txt', HIDDEN, async (request, reply) => answer(request, reply, TEXT, await index()));
  app.get('/llms-full.txt', HIDDEN, async (request, reply) => answer(request, reply, TEXT, await full()));
}

function registerReference(app: FastifyInstance): void {
  const script = once(loadReferenceScript);
  const page = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    reply.header('content-security-policy', REFERENCE_POLICY);
    return answer(request, reply, HTML, REFERENCE_PAGE);
  };
  app.get('/docs', HIDDEN, page);
  app.get('/docs/', HIDDEN, page);
  app.get('/docs/scalar.js', HIDDEN, async (request, reply) => answerScript(request, reply, await script()));
}

/** Small files of the pages: address to type and text. */
const PARTS: Record<string, { contentType: string; text: string }> = {
  '/docs/reference.js': { contentType: SCRIPT, text: REFERENCE_START },
  '/docs/reference.css': { contentType: CSS, text: REFERENCE_STYLE },
  '/docs/style.css': { contentType: CSS, text: STYLE },
  '/docs/icon.svg': { contentType: 'image/svg+xml', text: ICON },
};

function registerPages(app: FastifyInstance, site: () => Promise<Site>): void {
  for (const [address, { contentType, text }] of Object.entries(PARTS)) {
    app.get(address, HIDDEN, async (request, reply) => answer(request, reply, contentType, text));
  }
  app.get<{ Params: { '*': string } }>('/docs/*', HIDDEN, async (request, reply) => {
    const address = request.params['*'];
    const pages = await site();
    const moved = pages.redirect(address);
    if (moved !== undefined) return reply.redirect(moved, 308);
    reply.header('content-security-policy', PAGE_POLICY);
    const file = pages.find(address);
    if (!file) return reply.status(404).type(HTML).send(pages.notFound(address));
    return answer(request, reply, file.contentType, file.text);
  });
}

function answerScript(
  request: FastifyRequest,
  reply: FastifyReply,
  { plain, gzipped }: ReferenceScript,
): FastifyReply {
  reply.header('vary', 'accept-encoding');
  if (!/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
    return answer(request, reply, SCRIPT, plain);
  }
  reply.header('content-encoding', 'gzip');
  return answer(request, reply, SCRIPT, gzipped);
}

const etags = new WeakMap<Buffer, string>();

/** Always revalidated, so that a reader never sees the pages of an older release; unchanged costs a 304. */
function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  contentType: string,
  body: string | Buffer,
): FastifyReply {
  const etag = etagOf(body);
  reply.header('cache-control', 'no-cache').header('etag', etag);
  if (alreadyHas(request.headers['if-none-match'], etag)) return reply.status(304).send();
  return reply.type(contentType).send(body);
}

function etagOf(body: string | Buffer): string {
  const known = typeof body === 'string' ? undefined : etags.get(body);
  const etag = known ?? `"${hash('sha256', body, 'base64url').slice(0, 22)}"`;
  if (typeof body !== 'string') etags.set(body, etag);
  return etag;
}

/** Does the work at the first call; a failure is not remembered. */
function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => {
    result ??= work().catch((error: unknown) => {
      result = undefined;
      throw error;
    });
    return result;
  };
}
