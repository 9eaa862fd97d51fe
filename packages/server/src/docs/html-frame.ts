import { type Language, otherLanguage, type Words, WORDS } from './languages.ts';
import { NAVIGATION } from './navigation.ts';
import { addressOf, titleOf } from './page-files.ts';

export type Menu = { title: string; pages: { address: string; title: string }[] }[];

/** The hand-written pages and the indexes, by section, each under its own heading's words. */
export function menuOf(pages: ReadonlyMap<string, string>, language: Language): Menu {
  return NAVIGATION.map((section) => ({
    title: WORDS[language].sections[section.title],
    pages: section.pages.map((page) => ({
      address: addressOf(`${language}/${page}.md`),
      title: titleOf(pages.get(`${language}/${page}.md`) ?? ''),
    })),
  }));
}

export type Framed = {
  language: Language;
  menu: Menu;
  /** Absent: the page that says that there is none. */
  path?: string;
  title?: string;
  body?: string;
};

/** A whole HTML page: menu, language switch, text. No script; the one stylesheet is ours. */
export function htmlFrame({ language, menu, path, title, body }: Framed): string {
  const words = WORDS[language];
  const heading = title ?? words.notFound;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeText(heading)} · Tronco</title>
<link rel="icon" href="/docs/icon.svg">
<link rel="stylesheet" href="/docs/style.css">
${path === undefined ? '' : alternates(path, language)}
</head>
<body>
<header><a class="brand" href="/docs/${language}/">Tronco</a>
<nav><a href="/docs">${words.interactive}</a> ${languageLink(words, language, path)}</nav></header>
<div class="columns">
<nav class="menu" aria-label="Menu">${menu.map((section) => menuSection(section, path)).join('')}</nav>
<main>${body ?? missing(words, language)}${path === undefined ? '' : markdownLink(words, path)}</main>
</div>
</body>
</html>
`;
}

const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const twinOf = (path: string, language: Language): string => path.replace(language, otherLanguage(language));

function alternates(path: string, language: Language): string {
  return `<link rel="alternate" hreflang="${otherLanguage(language)}" href="${addressOf(twinOf(path, language))}">
<link rel="alternate" type="text/markdown" href="/docs/${path}">`;
}

function languageLink(words: Words, language: Language, path: string | undefined): string {
  const other = otherLanguage(language);
  const address = path === undefined ? `/docs/${other}/` : addressOf(twinOf(path, language));
  return `<a href="${address}" hreflang="${other}" lang="${other}">${words.otherLanguage}</a>`;
}

function menuSection({ title, pages }: Menu[number], path: string | undefined): string {
  const here = path === undefined ? undefined : addressOf(path);
  const links = pages.map(
    (page) =>
      `<li><a href="${page.address}"${page.address === here ? ' aria-current="page"' : ''}>${escapeText(page.title)}</a></li>`,
  );
  return `<h2>${title}</h2><ul>${links.join('')}</ul>`;
}

const markdownLink = (words: Words, path: string): string =>
  `<footer><a href="/docs/${path}">${words.markdown}</a></footer>`;

const missing = (words: Words, language: Language): string =>
  `<h1>${words.notFound}</h1><p>${words.notFoundText}</p><p><a href="/docs/${language}/">${words.home}</a></p>`;
