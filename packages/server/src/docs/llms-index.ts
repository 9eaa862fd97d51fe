import { type Language, LANGUAGES, WORDS } from './languages.ts';
import { NAVIGATION } from './navigation.ts';
import { titleOf } from './page-files.ts';

type Pages = ReadonlyMap<string, string>;

/** `/llms.txt` (llmstxt.org): every page in both languages, as links to its Markdown. */
export function llmsIndex(pages: Pages): string {
  const parts = [
    '# Tronco',
    '> Self-hosted telephony for voice agents: SIP trunks, DIDs and agents over a REST API that is wire-compatible with Talkover’s. This release is the registry; it does not place or answer calls yet.',
    'Every page is Markdown at the addresses below, in English and in Brazilian Portuguese. The OpenAPI 3.1 document is at [/openapi.json](/openapi.json); all English pages in one file are at [/llms-full.txt](/llms-full.txt).',
    ...LANGUAGES.flatMap((language) => languageParts(pages, language)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function languageParts(pages: Pages, language: Language): string[] {
  const words = WORDS[language];
  const link = (path: string): string => {
    const markdown = pages.get(path) ?? '';
    const summary = firstSentence(markdown);
    return `- [${titleOf(markdown)}](/docs/${path})${summary ? `: ${summary}` : ''}`;
  };
  const sections = NAVIGATION.map(({ title, pages: names }) =>
    [
      `## ${words.sections[title]} (${words.name})`,
      ...names.map((name) => link(`${language}/${name}.md`)),
    ].join('\n'),
  );
  const folder = (name: string, title: string): string =>
    [
      `## ${title} (${words.name})`,
      ...[...pages.keys()]
        .filter((path) => path.startsWith(`${language}/${name}/`) && !path.endsWith('/index.md'))
        .map(link),
    ].join('\n');
  return [...sections, folder('api', words.apiReference), folder('errors', words.errors)];
}

/** First sentence of prose after the heading; generated pages begin with code instead. */
function firstSentence(markdown: string): string | undefined {
  const paragraph = markdown
    .split(/\n{2,}/)
    .find((block) => /^\p{L}/u.test(block) && !block.startsWith('HTTP') && !/^\w+: /.test(block));
  const plain = paragraph?.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll('\n', ' ');
  return plain && /^.*?[.:](?= |$)/.exec(plain)?.[0].replace(/:$/, '.');
}

/** `/llms-full.txt`: every English page, one after another. */
export function llmsFull(pages: Pages): string {
  return [...pages]
    .filter(([path]) => path.startsWith('en/'))
    .map(([path, markdown]) => `<!-- /docs/${path} -->\n\n${markdown.trim()}\n`)
    .join('\n---\n\n');
}
