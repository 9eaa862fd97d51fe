import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { documentationProblems } from '../packages/server/src/docs/check.ts';
import { GENERATED_FOLDERS, generatedPages } from '../packages/server/src/docs/generate.ts';
import { LANGUAGES } from '../packages/server/src/docs/languages.ts';
import type { OpenApiDocument } from '../packages/server/src/docs/openapi-document.ts';

/**
 * `npm run generate`: writes the generated pages (one per endpoint, one per error code, both languages)
 * from openapi/tronco.v1.json and the error guide. `--check` writes nothing and lists every problem
 * of the documentation instead. Neither needs a database.
 */
const root = join(import.meta.dirname, '..');
const document = JSON.parse(await readFile(join(root, 'openapi/tronco.v1.json'), 'utf8')) as OpenApiDocument;

if (!process.argv.includes('--check')) await writePages();
const problems = await documentationProblems(root, document);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

async function writePages(): Promise<void> {
  const pages = generatedPages(document);
  for (const language of LANGUAGES) {
    for (const folder of GENERATED_FOLDERS) {
      await rm(join(root, 'docs', language, folder), { recursive: true, force: true });
    }
  }
  for (const [path, markdown] of pages) {
    const file = join(root, 'docs', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, markdown);
  }
  console.log(`${pages.size} pages written`);
}
