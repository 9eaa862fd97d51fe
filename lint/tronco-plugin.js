// Our own lint rules: the architecture as something a machine checks.

/**
 * Who may import whom inside packages/server/src: a layer sees itself and the layers listed for it.
 * Entry points (main, compose) wire everything and are free.
 */
const LAYERS = {
  kernel: [],
  storage: ['kernel'],
  domain: ['storage', 'kernel'],
  http: ['domain', 'storage', 'kernel'],
  jobs: ['domain', 'storage', 'kernel'],
  docs: ['http', 'domain', 'kernel'],
  telephony: ['domain', 'storage', 'kernel'],
  media: ['kernel'],
};

/** Packages that stay publishable on their own: they may import only what is listed. */
const STANDALONE = {
  sip: [],
  rtp: [],
  voice: [],
  carrier: ['@tronco/sip', '@tronco/rtp'],
  sdk: [],
};

const SERVER_SOURCE = '/packages/server/src/';

function layerOf(path) {
  const start = path.indexOf(SERVER_SOURCE);
  if (start === -1) return undefined;
  const [first, ...rest] = path.slice(start + SERVER_SOURCE.length).split('/');
  return rest.length > 0 ? first : undefined;
}

function resolve(fromFile, specifier) {
  const parts = fromFile.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function packageOf(path) {
  return /\/packages\/([^/]+)\//.exec(path)?.[1];
}

function forbiddenImport(file, specifier) {
  const relative = specifier.startsWith('.');
  const own = packageOf(file);
  if (own && own in STANDALONE && !relative && specifier.startsWith('@tronco/')) {
    if (!STANDALONE[own].some((allowed) => specifier.startsWith(allowed))) {
      return `packages/${own} is publishable on its own and may not import ${specifier}.`;
    }
  }
  if (!relative) return undefined;
  const target = resolve(file, specifier);
  if (own && packageOf(target) && packageOf(target) !== own) {
    return `Reach another package through its door (@tronco/${packageOf(target)}), not by path.`;
  }
  const from = layerOf(file);
  const to = layerOf(target);
  if (!from || !to || from === to || !(from in LAYERS)) return undefined;
  if (LAYERS[from].includes(to)) return undefined;
  return `${from} may import only ${[...LAYERS[from], 'itself'].join(', ')}; this reaches into ${to}.`;
}

const layers = {
  create(context) {
    const file = context.filename.replaceAll('\\', '/');
    const test = /\.test\.ts$|\/testing\//.test(file);
    const check = (node) => {
      if (!node.source || test) return;
      const problem = forbiddenImport(file, node.source.value);
      if (problem) context.report({ node: node.source, message: problem });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check };
  },
};

/** SQL lives in storage/ and in files named *store.ts; everything else asks them. */
const sqlInStores = {
  create(context) {
    const file = context.filename.replaceAll('\\', '/');
    if (!file.includes(SERVER_SOURCE) || /\.test\.ts$|\/testing\//.test(file)) return {};
    if (layerOf(file) === 'storage' || file.endsWith('store.ts')) return {};
    return {
      ImportDeclaration(node) {
        if (node.importKind === 'type') return;
        if (node.source.value === 'kysely' || node.source.value === 'pg') {
          context.report({ node, message: 'SQL belongs in storage/ or in a store.ts file.' });
        }
      },
    };
  },
};

export default {
  meta: { name: 'tronco' },
  rules: { layers, 'sql-in-stores': sqlInStores },
};
