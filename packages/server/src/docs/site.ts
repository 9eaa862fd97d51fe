import { posix } from 'node:path';
import { type Language, LANGUAGES } from './languages.ts';
import { renderMarkdown } from './markdown.ts';
import { addressOf, readPages, titleOf } from './page-files.ts';
import { htmlFrame, type Menu, menuOf } from './html-frame.ts';

type SiteFile = {
  contentType: 'text/html; charset=utf-8' | 'text/markdown; charset=utf-8';
  text: string;
};

export type Site = {
  /** @param address below `/docs/`, e.g. `en/quickstart` or `en/quickstart.md` */
  find(address: string): SiteFile | undefined;
  /** Where a page without its closing slash moved: `en` → `/docs/en/`. */
  redirect(address: string): string | undefined;
  notFound(address: string): string;
  /** Path below `docs/` to Markdown. */
  pages: ReadonlyMap<string, string>;
};

/**
 * The documentation as a closed set of pages: whatever was asked, only what was read at the start can
 * be answered, so no request reaches the file system.
 */
export async function openSite(directory: string): Promise<Site> {
  const pages = await readPages(directory);
  const byAddress = new Map([...pages.keys()].map((path) => [addressOf(path).slice('/docs/'.length), path]));
  const menus = new Map<Language, Menu>(LANGUAGES.map((language) => [language, menuOf(pages, language)]));
  const rendered = new Map<string, SiteFile>();

  const render = (path: string): SiteFile => {
    const known = rendered.get(path);
    if (known) return known;
    const markdown = pages.get(path) ?? '';
    const language = languageOf(path);
    const text = htmlFrame({
      language,
      title: titleOf(markdown),
      path,
      menu: menus.get(language) ?? [],
      body: renderMarkdown(markdown, (href) => resolveHref(path, href)),
    });
    const file: SiteFile = { contentType: 'text/html; charset=utf-8', text };
    rendered.set(path, file);
    return file;
  };

  return {
    pages,
    find(address) {
      const markdown = pages.get(address);
      if (markdown !== undefined) return { contentType: 'text/markdown; charset=utf-8', text: markdown };
      const path = byAddress.get(address);
      return path === undefined ? undefined : render(path);
    },
    redirect(address) {
      return byAddress.has(`${address}/`) ? `/docs/${address}/` : undefined;
    },
    notFound(address) {
      const language = languageOf(address);
      return htmlFrame({ language, menu: menus.get(language) ?? [] });
    },
  };
}

const languageOf = (path: string): Language => LANGUAGES.find((each) => path.split('/')[0] === each) ?? 'en';

function resolveHref(from: string, href: string): string {
  if (/^[a-z]+:/.test(href) || href.startsWith('#')) return href;
  const [target = '', anchor] = href.split('#');
  const address = addressOf(posix.join(posix.dirname(from), target));
  return anchor === undefined ? address : `${address}#${anchor}`;
}
