import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderOpenApi } from '../packages/server/src/render-openapi.ts';

/**
 * `npm run generate`: the OpenAPI document from the endpoints, and the SDK from the document.
 * With `--check` nothing is written; what differs is named and the exit code is 1.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DOCUMENT = join(ROOT, 'openapi/tronco.v1.json');
const SDK = join(ROOT, 'packages/sdk/src/generated');

// Not a static import: it is typed against TypeScript 6, which only that package has.
const generator = new URL('../packages/sdk/scripts/generate.ts', import.meta.url).href;
const { generateSdk } = (await import(generator)) as {
  generateSdk(document: string, folder: string): Promise<void>;
};

const document = await renderOpenApi();
if (process.argv.includes('--check')) await check();
else {
  await writeFile(DOCUMENT, document);
  await generateSdk(DOCUMENT, SDK);
}

async function check(): Promise<void> {
  // Inside the repository, so that the generator finds the same tsconfig.
  const scratch = await mkdtemp(join(ROOT, 'node_modules/.tronco-generate-'));
  try {
    const fresh = { document: join(scratch, 'tronco.v1.json'), sdk: join(scratch, 'generated') };
    await writeFile(fresh.document, document);
    await generateSdk(fresh.document, fresh.sdk);
    const stale = [
      ...((await readFile(DOCUMENT, 'utf8').catch(() => '')) === document ? [] : ['openapi/tronco.v1.json']),
      ...(await differences(SDK, fresh.sdk)).map((file) => `packages/sdk/src/generated/${file}`),
    ];
    if (stale.length === 0) return;
    console.error(`Out of date, run npm run generate:\n  ${stale.join('\n  ')}`);
    process.exitCode = 1;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Files of two folders that are not the same, or are in one of them only. */
async function differences(committed: string, fresh: string): Promise<string[]> {
  const [old, made] = await Promise.all([filesOf(committed), filesOf(fresh)]);
  return [...new Set([...old.keys(), ...made.keys()])].filter((name) => old.get(name) !== made.get(name));
}

async function filesOf(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = files.map(async (file): Promise<[string, string]> => [
    file.slice(folder.length + 1),
    await readFile(file, 'utf8'),
  ]);
  return new Map(await Promise.all(read));
}
