import { ERRORS } from '../kernel/errors.ts';
import { ERROR_GUIDE } from './error-guide.ts';
import { errorIndex, errorPage, operationLink } from './error-page.ts';
import { type Language, LANGUAGES, WORDS } from './languages.ts';
import { type OpenApiDocument, operationsOf } from './openapi-document.ts';
import { operationPage } from './operation-page.ts';
import { markdownTable } from './schema-table.ts';
import { translate } from './translate.ts';

/** Folders of a language that hold nothing but generated pages. */
export const GENERATED_FOLDERS = ['api', 'errors'] as const;

/** Every generated page in every language: path below `docs/` to its Markdown. */
export function generatedPages(document: OpenApiDocument): Map<string, string> {
  const pages = new Map<string, string>();
  for (const language of LANGUAGES) {
    for (const operation of operationsOf(document)) {
      const page = operationPage(document, operation, ERRORS, language);
      pages.set(`${language}/api/${operation.id}.md`, page);
    }
    for (const code of Object.keys(ERROR_GUIDE) as (keyof typeof ERROR_GUIDE)[]) {
      pages.set(`${language}/errors/${code}.md`, errorPage(document, code, ERRORS[code], language));
    }
    pages.set(`${language}/api/index.md`, apiIndex(document, language));
    pages.set(`${language}/errors/index.md`, errorIndex(ERRORS, language));
  }
  return pages;
}

/** Endpoints by tag, tags in the document's order. */
function apiIndex(document: OpenApiDocument, language: Language): string {
  const words = WORDS[language];
  const byTag = Map.groupBy(operationsOf(document), (operation) => operation.tag);
  const tags = new Set([...(document.tags ?? []).map(({ name }) => name), ...byTag.keys()]);
  const parts = [`<!-- ${words.generated} -->`, `# ${words.apiReference}`, words.apiIntro];
  for (const tag of tags) {
    const operations = byTag.get(tag);
    if (!operations) continue;
    const description = document.tags?.find((each) => each.name === tag)?.description;
    parts.push(`## ${translate(tag, language)}`);
    if (description) parts.push(translate(description, language));
    parts.push(
      markdownTable(
        [words.description, words.request],
        operations.map((operation) => [
          operationLink(operation, '', language),
          `\`${operation.method} ${operation.path}\``,
        ]),
      ),
    );
  }
  return `${parts.join('\n\n')}\n`;
}
