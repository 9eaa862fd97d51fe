import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { generatedPages, GENERATED_FOLDERS } from './generate.ts';
import { LANGUAGES, otherLanguage } from './languages.ts';
import { outlineOf } from './markdown.ts';
import { NAVIGATION } from './navigation.ts';
import type { OpenApiDocument } from './openapi-document.ts';
import { readPages } from './page-files.ts';
import { sentencesOf } from './sentences.ts';
import { untranslated, unusedTranslations } from './translate.ts';

const ROOT_FILES = [
  'README.md',
  'README.pt-BR.md',
  'AGENTS.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
];

type Pages = ReadonlyMap<string, string>;

/**
 * Everything wrong with the documentation, a line each: missing translations, pages that stand in one
 * language only, pages in no menu, dead links, generated pages that are out of date.
 * @param root of the repository
 */
export async function documentationProblems(root: string, document: OpenApiDocument): Promise<string[]> {
  const pages = await readPages(join(root, 'docs'));
  const sentences = sentencesOf(document);
  return [
    ...untranslated(sentences).map(
      (text) => `packages/server/src/docs/pt-br.json lacks: ${JSON.stringify(text)}`,
    ),
    ...unusedTranslations(sentences).map(
      (text) =>
        `packages/server/src/docs/pt-br.json translates what no endpoint says: ${JSON.stringify(text)}`,
    ),
    ...treeProblems(pages),
    ...staleProblems(pages, generatedPages(document)),
    ...[...pages].flatMap(([path, markdown]) => linkProblems(pages, path, markdown)),
    ...(await rootFileProblems(root, pages)),
  ];
}

function treeProblems(pages: Pages): string[] {
  const problems: string[] = [];
  for (const path of pages.keys()) {
    const language = LANGUAGES.find((each) => path.startsWith(`${each}/`)) ?? 'en';
    const twin = path.replace(language, otherLanguage(language));
    if (!pages.has(twin)) problems.push(`docs/${path} has no counterpart docs/${twin}`);
  }
  const listed = new Set(NAVIGATION.flatMap((section) => section.pages));
  const written = [...pages.keys()]
    .filter((path) => path.startsWith('en/') && !isGenerated(path))
    .map((path) => path.slice('en/'.length, -'.md'.length));
  for (const page of written) if (!listed.has(page)) problems.push(`docs/en/${page}.md is in no menu`);
  for (const page of listed) if (!pages.has(`en/${page}.md`)) problems.push(`docs/en/${page}.md is missing`);
  return problems;
}

const isGenerated = (path: string): boolean =>
  GENERATED_FOLDERS.some((folder) => path.split('/')[1] === folder);

function staleProblems(pages: Pages, generated: Pages): string[] {
  const problems: string[] = [];
  for (const [path, markdown] of generated) {
    if (pages.get(path) !== markdown) problems.push(`docs/${path} is out of date: npm run generate`);
  }
  for (const path of pages.keys()) {
    if (isGenerated(path) && !generated.has(path))
      problems.push(`docs/${path} belongs to nothing: npm run generate`);
  }
  return problems;
}

/** Relative links must lead to a page of ours, and to a heading that it has. */
function linkProblems(pages: Pages, path: string, markdown: string): string[] {
  return outlineOf(markdown).links.flatMap((href) => {
    if (/^(https?:|mailto:)/.test(href)) return [];
    const [target = '', anchor] = href.split('#');
    const file = target === '' ? path : posix.join(posix.dirname(path), target);
    const found = pages.get(file);
    if (found === undefined) return [`docs/${path}: dead link ${href}`];
    return anchor === undefined || outlineOf(found).anchors.has(decodeURIComponent(anchor))
      ? []
      : [`docs/${path}: no such heading ${href}`];
  });
}

async function rootFileProblems(root: string, pages: Pages): Promise<string[]> {
  const problems: string[] = [];
  for (const name of ROOT_FILES) {
    const path = join(root, name);
    if (!existsSync(path)) {
      problems.push(`${name} is missing`);
      continue;
    }
    for (const href of outlineOf(await readFile(path, 'utf8')).links) {
      const [target = '', anchor] = href.split('#');
      if (/^(https?:|mailto:)/.test(href) || target === '') continue;
      const page = pages.get(target.replace(/^docs\//, ''));
      const dead = !existsSync(join(dirname(path), target));
      if (dead) problems.push(`${name}: dead link ${href}`);
      else if (anchor && page && !outlineOf(page).anchors.has(anchor)) {
        problems.push(`${name}: no such heading ${href}`);
      }
    }
  }
  return problems;
}
