import type { Language, Words } from './languages.ts';
import { WORDS } from './languages.ts';
import {
  errorCodesOf,
  type JsonSchema,
  type Media,
  type OpenApiDocument,
  type Operation,
  type Parameter,
  parametersOf,
  resolveRef,
  scopeOf,
  sharedErrorCodes,
  successOf,
} from './openapi-document.ts';
import { sampleOf } from './sample-values.ts';
import { markdownTable, ruleTexts, schemaTable, typeText } from './schema-table.ts';
import { translate } from './translate.ts';

const HOST = 'http://127.0.0.1:8080/api/v1';

export type Catalogue = Record<string, { status: number; message: string }>;

/** Markdown page of one endpoint. */
export function operationPage(
  document: OpenApiDocument,
  operation: Operation,
  catalogue: Catalogue,
  language: Language,
): string {
  const words = WORDS[language];
  const scope = scopeOf(operation);
  const parts = [
    `<!-- ${words.generated} -->`,
    `# ${translate(operation.summary, language)}`,
    `\`${operation.method} /api/v1${operation.path}\``,
    `${words.scope}: ${scopeText(scope, words)}`,
    ...(operation.description ? [translate(operation.description, language)] : []),
    ...(operation['x-tronco-addition'] ? [`*${words.addition}*`] : []),
    ...parameterSections(document, operation, language),
    ...bodySection(document, operation, language),
    `## ${words.example}`,
    fenced('sh', curl(document, operation)),
    ...answerSection(document, operation, language),
    ...errorSection(document, operation, catalogue, words),
  ];
  return `${parts.join('\n\n')}\n`;
}

function parameterSections(document: OpenApiDocument, operation: Operation, language: Language): string[] {
  const words = WORDS[language];
  const all = parametersOf(document, operation);
  const sections: [string, string][] = [
    ['path', words.pathParameters],
    ['query', words.queryParameters],
    ['header', words.headerParameters],
  ];
  return sections.flatMap(([place, title]) => {
    const list = all.filter((parameter) => parameter.in === place);
    return list.length === 0 ? [] : [`## ${title}`, parameterTable(document, list, language)];
  });
}

function parameterTable(document: OpenApiDocument, list: Parameter[], language: Language): string {
  const words = WORDS[language];
  return markdownTable(
    [words.field, words.type, words.rules, words.description],
    list.map(({ name, required, description, schema }) => {
      const rules = [required ? words.required : '', ...ruleTexts(document, schema, words)];
      const sentence = description ?? schema.description;
      return [
        `\`${name}\``,
        typeText(document, schema, words),
        rules.filter(Boolean).join(', '),
        sentence ? translate(sentence, language) : '',
      ];
    }),
  );
}

/** The JSON body, or the media types of a body that is a file. */
function bodyOf(document: OpenApiDocument, operation: Operation): { json?: Media; files: string[] } {
  const content = operation.requestBody ? resolveRef(document, operation.requestBody).content : {};
  const json = content['application/json'];
  return json?.schema ? { json, files: [] } : { files: Object.keys(content) };
}

function mediaSample(document: OpenApiDocument, media: Media, requiredOnly: boolean): unknown {
  return media.example ?? (media.schema && sampleOf(document, media.schema, { requiredOnly }));
}

function bodySection(document: OpenApiDocument, operation: Operation, language: Language): string[] {
  const words = WORDS[language];
  const { json, files } = bodyOf(document, operation);
  if (json?.schema) return [`## ${words.body}`, schemaTable(document, json.schema, language, 'request')];
  if (files.length === 0) return [];
  return [`## ${words.body}`, `${words.bodyTypes}: ${files.map((type) => `\`${type}\``).join(', ')}.`];
}

function curl(document: OpenApiDocument, operation: Operation): string {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
  const method = operation.method === 'GET' ? '' : ` -X ${operation.method}`;
  const lines = [`curl${method} "${HOST}${path}"`];
  if (scopeOf(operation)) lines.push(`  -H "Authorization: Bearer $TRONCO_TOKEN"`);
  const { json, files } = bodyOf(document, operation);
  if (json) {
    const sample = JSON.stringify(mediaSample(document, json, true));
    lines.push(`  -H "Content-Type: application/json"`, `  -d '${sample.replaceAll("'", "'\\''")}'`);
  } else if (files[0]) {
    lines.push(`  -H "Content-Type: ${files[0]}"`, `  --data-binary @numbers.csv`);
  }
  return lines.join(' \\\n');
}

function answerSection(document: OpenApiDocument, operation: Operation, language: Language): string[] {
  const words = WORDS[language];
  const success = successOf(document, operation);
  if (!success) return [];
  const heading = `## ${words.answer}: ${success.status}`;
  const media = success.content['application/json'];
  if (!media?.schema) {
    const types = Object.keys(success.content).map((type) => `\`${type}\``);
    return types.length > 0 ? [heading, types.join(', ')] : [heading];
  }
  // An operation that ran can have two outcomes (contract §12.6); the example shows the first.
  const forms = media.schema.anyOf ?? [media.schema];
  const shown = forms.flatMap((schema, index) => {
    const { example } = index === 0 ? media : {};
    const sample = mediaSample(document, { schema, ...(example !== undefined && { example }) }, false);
    return [
      ...(forms.length > 1 ? [`### ${outcomeOf(document, schema)}`] : []),
      fenced('json', JSON.stringify(sample, null, 2)),
      schemaTable(document, schema, language, 'answer'),
    ];
  });
  return [heading, ...shown].filter(Boolean);
}

/** What tells one form of an answer from the other. */
const outcomeOf = (document: OpenApiDocument, schema: JsonSchema): string =>
  `\`"success": ${JSON.stringify(resolveRef(document, schema).properties?.['success']?.const)}\``;

/** What is special about this endpoint in a table, what all of them can answer in one line. */
function errorSection(
  document: OpenApiDocument,
  operation: Operation,
  catalogue: Catalogue,
  words: Words,
): string[] {
  const codes = errorCodesOf(document, operation);
  if (codes.length === 0) return [];
  const shared = sharedErrorCodes(document, operation);
  const link = (code: string): string => `[${code}](../errors/${code}.md)`;
  const rows = codes
    .filter((code) => !shared.has(code))
    .map((code) => [String(catalogue[code]?.status), link(code), catalogue[code]?.message ?? '']);
  const common = codes.filter((code) => shared.has(code)).map(link);
  return [
    `## ${words.errors}`,
    ...(rows.length > 0 ? [markdownTable([words.status, words.code, words.message], rows)] : []),
    ...(common.length > 0 ? [`${words.sharedErrors}: ${common.join(', ')}.`] : []),
  ];
}

function scopeText(scope: string | undefined, words: Words): string {
  if (scope === undefined) return words.noToken;
  return scope === 'any' ? words.anyToken : `\`${scope}\``;
}

const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;
