import { Marked, type Token, type Tokens } from 'marked';

/** The id of a heading, by GitHub's rule, so that anchors work there and here alike. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .trim()
    .replaceAll(' ', '-');

const plainText = (tokens: readonly Token[] | undefined): string =>
  (tokens ?? [])
    .map((token) =>
      'tokens' in token && token.tokens ? plainText(token.tokens) : 'text' in token ? token.text : '',
    )
    .join('');

/** Heading ids and link targets of a page. */
export function outlineOf(markdown: string): { anchors: Set<string>; links: string[] } {
  const anchors = new Set<string>();
  const links: string[] = [];
  const marked = new Marked();
  marked.walkTokens(marked.lexer(markdown), (token) => {
    if (token.type === 'heading') anchors.add(anchorOf(plainText(token.tokens)));
    if (token.type === 'link' || token.type === 'image') links.push((token as Tokens.Link).href);
  });
  return { anchors, links };
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** @param resolve turns a link's target into the address it has on our pages */
export function renderMarkdown(markdown: string, resolve: (href: string) => string): string {
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const id = escapeHtml(anchorOf(plainText(tokens)));
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        return `<a href="${escapeHtml(resolve(href))}">${this.parser.parseInline(tokens)}</a>`;
      },
      table({ header, rows }) {
        const row = (cells: Tokens.TableCell[], tag: string): string =>
          `<tr>${cells.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join('')}</tr>`;
        const body = rows.map((cells) => row(cells, 'td')).join('\n');
        // Wide tables scroll by themselves instead of widening the page.
        return `<div class="wide"><table><thead>${row(header, 'th')}</thead><tbody>${body}</tbody></table></div>\n`;
      },
      // Raw HTML is not part of our pages; comments (the generator's marks) vanish.
      html: ({ text }) => (text.trimStart().startsWith('<!--') ? '' : escapeHtml(text)),
    },
  });
  return marked.parse(markdown, { async: false });
}
