import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { fastify } from 'fastify';

const compress = promisify(gzip);

export type ReferenceScript = { plain: Buffer; gzipped: Buffer };

/**
 * Scalar's browser program. Its package holds it as one string and offers it only as a route, so it is
 * asked for once through an instance of its own. Loaded on first use: it is 5 MB that most servers
 * never need.
 */
export async function loadReferenceScript(): Promise<ReferenceScript> {
  const { default: scalar } = await import('@scalar/fastify-api-reference');
  const inner = fastify({ logger: false });
  await inner.register(scalar, { routePrefix: '/reference', configuration: { url: '/openapi.json' } });
  const response = await inner.inject('/reference/js/scalar.js');
  await inner.close();
  if (response.statusCode !== 200) throw new Error('the API reference holds no script at the known place');
  const plain = response.rawPayload;
  return { plain, gzipped: await compress(plain) };
}

/** Nothing here may call another site: no fonts, no telemetry, no assistant, no request proxy. */
const CONFIGURATION = {
  url: '/openapi.json',
  theme: 'default',
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  persistAuth: false,
  proxyUrl: '',
  documentDownloadType: 'json',
  defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
  metaData: { title: 'Tronco API' },
};

/** Our own file beside Scalar's, so that the page needs no inline script. */
export const REFERENCE_START = `Scalar.createApiReference('#app', ${JSON.stringify(CONFIGURATION, null, 2)});\n`;

/** Our links stand above Scalar's page, which leaves room for them by this variable. */
export const REFERENCE_STYLE = `:root { --scalar-custom-header-height: 44px; }
.docs-links {
  position: sticky; top: 0; z-index: 10; display: flex; gap: 1.25rem; align-items: center;
  height: 44px; padding: 0 1.25rem; box-sizing: border-box;
  font: .875rem system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  color: var(--scalar-color-1); background: var(--scalar-background-1);
  border-bottom: 1px solid var(--scalar-border-color);
}
.docs-links strong { margin-right: auto; }
.docs-links a { color: inherit; }
`;

export const REFERENCE_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tronco API</title>
<link rel="icon" href="/docs/icon.svg">
<link rel="stylesheet" href="/docs/reference.css">
</head>
<body>
<nav class="docs-links"><strong>Tronco</strong><a href="/docs/en/">Documentation</a><a href="/docs/pt-BR/" lang="pt-BR">Documentação</a></nav>
<div id="app"></div>
<noscript><p>This page needs JavaScript. The same reference without it: <a href="/docs/en/api/">English</a>, <a href="/docs/pt-BR/api/" lang="pt-BR">português</a>.</p></noscript>
<script src="/docs/scalar.js"></script>
<script src="/docs/reference.js"></script>
</body>
</html>
`;
