import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { fastify, type FastifyInstance } from 'fastify';
import { addressOf, DOCS_DIRECTORY, readPages } from './page-files.ts';
import { registerDocumentation } from './routes.ts';

describe('Documentation routes', () => {
  let app: FastifyInstance;
  let pages: Map<string, string>;

  before(async () => {
    app = fastify();
    registerDocumentation(app);
    pages = await readPages(DOCS_DIRECTORY);
    await app.listen({ host: '127.0.0.1', port: 0 });
  });
  after(() => app.close());

  const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });

  /** As an attacker's client would send it: nothing is normalised on the way. */
  async function rawGet(path: string): Promise<{ status: number; body: string }> {
    const { port } = app.server.address() as AddressInfo;
    const sent = request({ host: '127.0.0.1', port, path }).end();
    const [response] = await once(sent, 'response');
    let body = '';
    for await (const piece of response) body += piece;
    return { status: response.statusCode, body };
  }

  it('leads from / to the API reference', async () => {
    const { statusCode, headers } = await get('/');
    assert.deepEqual([statusCode, headers.location], [302, '/docs']);
  });

  it('answers every page as HTML and as Markdown, in both languages', async () => {
    for (const [path, markdown] of pages) {
      const html = await get(addressOf(path));
      assert.equal(html.statusCode, 200, path);
      assert.equal(html.headers['content-type'], 'text/html; charset=utf-8');
      assert.match(html.payload, path.startsWith('pt-BR/') ? /<html lang="pt-BR">/ : /<html lang="en">/);
      const raw = await get(`/docs/${path}`);
      assert.equal(raw.headers['content-type'], 'text/markdown; charset=utf-8');
      assert.equal(raw.payload, markdown);
    }
  });

  it('writes only links that it answers, and no script', async () => {
    const addresses = new Set<string>();
    for (const path of pages.keys()) {
      const { payload } = await get(addressOf(path));
      assert.doesNotMatch(payload, /<script|\son\w+=|javascript:/i);
      for (const [, href = ''] of payload.matchAll(/(?:href|src)="([^"]+)"/g)) {
        if (href.startsWith('/')) addresses.add(href.split('#')[0] ?? '');
        else assert.match(href, /^(https:\/\/|#)/, `${path}: ${href}`);
      }
    }
    for (const address of addresses) assert.equal((await get(address)).statusCode, 200, address);
  });

  it('switches to the same page in the other language', async () => {
    const { payload } = await get('/docs/en/guides/import-dids');
    assert.match(payload, /<a href="\/docs\/pt-BR\/guides\/import-dids" hreflang="pt-BR"/);
    const { payload: indexPage } = await get('/docs/pt-BR/errors/');
    assert.match(indexPage, /<a href="\/docs\/en\/errors\/" hreflang="en"/);
  });

  it('sends folder addresses without their slash to the right one', async () => {
    for (const [from, to] of [
      ['/docs/en', '/docs/en/'],
      ['/docs/pt-BR', '/docs/pt-BR/'],
      ['/docs/en/errors', '/docs/en/errors/'],
    ] as const) {
      const { statusCode, headers } = await get(from);
      assert.deepEqual([statusCode, headers.location], [308, to]);
    }
  });

  it('answers 404 in HTML for unknown pages, in the language of the address', async () => {
    for (const [url, lang, title] of [
      ['/docs/en/no-such-page', 'en', 'Page not found'],
      ['/docs/pt-BR/nada', 'pt-BR', 'Página não encontrada'],
      ['/docs/fr/', 'en', 'Page not found'],
      ['/docs/en/quickstart/', 'en', 'Page not found'],
    ] as const) {
      const { statusCode, headers, payload } = await get(url);
      assert.equal(statusCode, 404, url);
      assert.equal(headers['content-type'], 'text/html; charset=utf-8');
      assert.ok(payload.includes(`<html lang="${lang}">`) && payload.includes(`<h1>${title}</h1>`), url);
    }
  });

  it('never answers a file that is no page, however the path is written', async () => {
    for (const path of [
      '/docs/../package.json',
      '/docs/en/../../package.json',
      '/docs/en/..%2f..%2fpackage.json',
      '/docs/en/%2e%2e/%2e%2e/package.json',
      '/docs/en/..%5c..%5cpackage.json',
      '/docs/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
      '/docs//etc/passwd',
      '/docs/en/quickstart.md%00.html',
      '/docs/en/./quickstart.md',
      '/docs/__proto__',
      '/docs/constructor',
    ]) {
      const { status, body } = await rawGet(path);
      assert.equal(status, 404, path);
      assert.doesNotMatch(body, /"workspaces"|root:/, path);
    }
    assert.equal((await rawGet('/docs/en/%zz')).status, 400);
  });

  it('answers 304 to a reader that has the page, and 200 after it changed', async () => {
    for (const url of [
      '/docs/en/quickstart',
      '/docs/en/quickstart.md',
      '/docs/style.css',
      '/llms.txt',
      '/docs',
    ]) {
      const { headers } = await get(url);
      assert.equal(headers['cache-control'], 'no-cache');
      assert.equal((await get(url, { 'if-none-match': String(headers.etag) })).statusCode, 304, url);
      assert.equal((await get(url, { 'if-none-match': '"older"' })).statusCode, 200, url);
    }
  });

  it('shows the API reference with everything from this origin', async () => {
    const page = await get('/docs');
    assert.equal(page.statusCode, 200);
    const policy = String(page.headers['content-security-policy']);
    assert.match(policy, /default-src 'self'; script-src 'self';/);
    assert.match(policy, /connect-src 'self'/);
    assert.doesNotMatch(`${policy}${page.payload}`, /https?:/);
    assert.doesNotMatch(page.payload, /<script(?! src=)/);
    const start = await get('/docs/reference.js');
    assert.match(start.payload, /"url": "\/openapi\.json"/);
    assert.match(start.payload, /"withDefaultFonts": false/);
  });

  it('hands out the reference’s program, compressed for whoever takes it', async () => {
    const plain = await get('/docs/scalar.js');
    assert.equal(plain.statusCode, 200);
    assert.equal(plain.headers['content-type'], 'text/javascript; charset=utf-8');
    assert.match(plain.payload, /createApiReference/);
    const zipped = await get('/docs/scalar.js', { 'accept-encoding': 'br, gzip' });
    assert.equal(zipped.headers['content-encoding'], 'gzip');
    assert.equal(gunzipSync(zipped.rawPayload).toString(), plain.payload);
    assert.notEqual(zipped.headers.etag, plain.headers.etag);
  });

  it('lists every page in /llms.txt and holds every English one in /llms-full.txt', async () => {
    const index = await get('/llms.txt');
    assert.equal(index.headers['content-type'], 'text/plain; charset=utf-8');
    assert.match(index.payload, /^# Tronco\n\n> /);
    for (const path of pages.keys()) assert.ok(index.payload.includes(`](/docs/${path})`), path);
    const full = await get('/llms-full.txt');
    for (const [path, markdown] of pages) {
      if (path.startsWith('en/')) assert.ok(full.payload.includes(markdown.trim()), path);
    }
  });
});
