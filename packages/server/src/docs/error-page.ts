import { ERROR_GUIDE } from './error-guide.ts';
import { type Language, WORDS } from './languages.ts';
import { errorCodesOf, type OpenApiDocument, type Operation, operationsOf } from './openapi-document.ts';
import type { Catalogue } from './operation-page.ts';
import { markdownTable } from './schema-table.ts';
import { translate } from './translate.ts';

const REQUEST_ID = '7fa1c1bb-4c6a-4c54-8669-a2e1c53daef1';

/** Markdown page of one error code. */
export function errorPage(
  document: OpenApiDocument,
  code: keyof typeof ERROR_GUIDE,
  { status, message }: { status: number; message: string },
  language: Language,
): string {
  const words = WORDS[language];
  const text = ERROR_GUIDE[code][language];
  const body = JSON.stringify({ success: false, message, code, request_id: REQUEST_ID }, null, 2);
  const parts = [
    `<!-- ${words.generated} -->`,
    `# ${code}`,
    `HTTP ${status}. ${text.meaning}`,
    `## ${words.cause}`,
    text.cause,
    `## ${words.remedy}`,
    text.remedy,
    `## ${words.body}`,
    `\`\`\`json\n${body}\n\`\`\``,
    `## ${words.answeredBy}`,
    answeredBy(document, code, language),
  ];
  return `${parts.join('\n\n')}\n`;
}

function answeredBy(document: OpenApiDocument, code: string, language: Language): string {
  const operations = operationsOf(document);
  const list = operations.filter((operation) => errorCodesOf(document, operation).includes(code));
  // What all of them answer needs no list; what none declares comes before an endpoint is reached.
  if (list.length === 0 || list.length >= operations.length - 1) return WORDS[language].anyEndpoint;
  return list.map((operation) => `- ${operationLink(operation, '../api/', language)}`).join('\n');
}

export const operationLink = (operation: Operation, base: string, language: Language): string =>
  `[${translate(operation.summary, language)}](${base}${operation.id}.md)`;

/** Markdown index of all codes, by status. */
export function errorIndex(catalogue: Catalogue, language: Language): string {
  const words = WORDS[language];
  const rows = Object.entries(catalogue)
    .sort(([, a], [, b]) => a.status - b.status)
    .map(([code, { status, message }]) => [String(status), `[${code}](${code}.md)`, message]);
  const parts = [
    `<!-- ${words.generated} -->`,
    `# ${words.errors}`,
    words.errorsIntro,
    markdownTable([words.status, words.code, words.message], rows),
  ];
  return `${parts.join('\n\n')}\n`;
}
