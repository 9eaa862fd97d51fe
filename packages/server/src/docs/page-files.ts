import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LANGUAGES } from './languages.ts';

/** Where the documentation lies when the server runs from a clone. */
export const DOCS_DIRECTORY = join(import.meta.dirname, '../../../../docs');

/** Every Markdown page: path below `docs/`, with forward slashes, to its text. */
export async function readPages(directory: string): Promise<Map<string, string>> {
  const pages = new Map<string, string>();
  for (const language of LANGUAGES) {
    const names = await readdir(join(directory, language), { recursive: true });
    for (const name of names.filter((each) => each.endsWith('.md')).toSorted()) {
      const path = `${language}/${name.replaceAll('\\', '/')}`;
      pages.set(path, await readFile(join(directory, path), 'utf8'));
    }
  }
  return pages;
}

/** The page's first heading. */
export const titleOf = (markdown: string): string => /^# +(.+)$/m.exec(markdown)?.[1]?.trim() ?? 'Tronco';

/** `en/errors/index.md` → `/docs/en/errors/`, `en/quickstart.md` → `/docs/en/quickstart`. */
export const addressOf = (path: string): string =>
  `/docs/${path.replace(/\.md$/, '').replace(/(^|\/)index$/, '$1')}`;
