/** The languages of the documentation; English is the source, the first page a visitor gets. */
export const LANGUAGES = ['en', 'pt-BR'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The fixed words of generated pages and of the page frame. */
export type Words = {
  name: string;
  apiReference: string;
  apiIntro: string;
  errors: string;
  errorsIntro: string;
  code: string;
  status: string;
  message: string;
  cause: string;
  remedy: string;
  answeredBy: string;
  sharedErrors: string;
  anyEndpoint: string;
  body: string;
  scope: string;
  noToken: string;
  anyToken: string;
  pathParameters: string;
  queryParameters: string;
  field: string;
  type: string;
  rules: string;
  description: string;
  required: string;
  mayBeAbsent: string;
  orNull: string;
  listOf: string;
  defaultIs: string;
  example: string;
  answer: string;
  request: string;
  bodyTypes: string;
  generated: string;
  addition: string;
  units: { characters: string; items: string };
  /** JSON Schema types and formats in words; a plural where lists name them. */
  types: Record<string, string>;
  plurals: Record<string, string>;
  headerParameters: string;
  otherLanguage: string;
  notFound: string;
  notFoundText: string;
  home: string;
  interactive: string;
  markdown: string;
  sections: { start: string; guides: string; operations: string; reference: string };
};

const en: Words = {
  name: 'English',
  apiReference: 'API endpoints',
  apiIntro:
    'Every endpoint, below the base path `/api/v1`. What is common to all of them (tokens, envelope, paging, ETags, idempotency) stands in [Concepts](../concepts.md).',
  errors: 'Error codes',
  errorsIntro:
    'Every error has a stable `code`. Branch on the code, not on the message. The form of the body is described in [Concepts](../concepts.md#errors).',
  code: 'Code',
  status: 'Status',
  message: 'Message',
  cause: 'Usual causes',
  remedy: 'What to do',
  answeredBy: 'Answered by',
  sharedErrors: 'As on every endpoint',
  anyEndpoint: 'Any endpoint can answer this, before it looks at the request’s content.',
  body: 'Body',
  scope: 'Scope',
  noToken: 'none, no token is needed',
  anyToken: 'any token that works',
  pathParameters: 'Path parameters',
  queryParameters: 'Query parameters',
  field: 'Field',
  type: 'Type',
  rules: 'Rules',
  description: 'Description',
  required: 'required',
  mayBeAbsent: 'may be absent',
  orNull: 'or `null`',
  listOf: 'list of',
  defaultIs: 'default',
  example: 'Example',
  answer: 'Answer',
  request: 'Request',
  bodyTypes: 'The body is a file, sent as one of',
  addition: 'An addition of Tronco: the Talkover contract has no such endpoint.',
  units: { characters: 'characters', items: 'items' },
  types: { uuid: 'UUID', 'date-time': 'ISO 8601 time', uri: 'URL' },
  plurals: { uuid: 'UUIDs', string: 'strings', integer: 'integers', object: 'objects' },
  headerParameters: 'Header parameters',
  generated: 'Generated from the API schemas by `npm run generate`. Edit the schemas, not this file.',
  otherLanguage: 'Português (Brasil)',
  notFound: 'Page not found',
  notFoundText: 'There is no page at this address.',
  home: 'Start page',
  interactive: 'Interactive reference',
  markdown: 'This page as Markdown',
  sections: { start: 'Start here', guides: 'Guides', operations: 'Operations', reference: 'Reference' },
};

const ptBr: Words = {
  name: 'Português (Brasil)',
  apiReference: 'Endpoints da API',
  apiIntro:
    'Todos os endpoints, a partir do caminho base `/api/v1`. O que vale para todos eles (tokens, envelope, paginação, ETags, idempotência) está em [Conceitos](../concepts.md).',
  errors: 'Códigos de erro',
  errorsIntro:
    'Todo erro tem um `code` estável. Decida pelo código, não pela mensagem. O formato do corpo está descrito em [Conceitos](../concepts.md#erros).',
  code: 'Código',
  status: 'Status',
  message: 'Mensagem',
  cause: 'Causas comuns',
  remedy: 'O que fazer',
  sharedErrors: 'Como em qualquer endpoint',
  answeredBy: 'Quem responde com este erro',
  anyEndpoint: 'Qualquer endpoint pode responder assim, antes mesmo de examinar o conteúdo da requisição.',
  body: 'Corpo',
  scope: 'Escopo',
  noToken: 'nenhum, não é preciso token',
  anyToken: 'qualquer token em funcionamento',
  pathParameters: 'Parâmetros de caminho',
  queryParameters: 'Parâmetros de consulta',
  field: 'Campo',
  type: 'Tipo',
  rules: 'Regras',
  description: 'Descrição',
  required: 'obrigatório',
  mayBeAbsent: 'pode faltar',
  orNull: 'ou `null`',
  listOf: 'lista de',
  defaultIs: 'padrão',
  example: 'Exemplo',
  answer: 'Resposta',
  request: 'Requisição',
  bodyTypes: 'O corpo é um arquivo, enviado como um destes tipos',
  addition: 'Acréscimo do Tronco: o contrato da Talkover não tem este endpoint.',
  units: { characters: 'caracteres', items: 'itens' },
  types: {
    uuid: 'UUID',
    'date-time': 'data e hora ISO 8601',
    uri: 'URL',
    integer: 'inteiro',
    number: 'número',
    boolean: 'booleano',
    object: 'objeto',
    any: 'qualquer',
  },
  plurals: { uuid: 'UUIDs', string: 'strings', integer: 'inteiros', object: 'objetos' },
  headerParameters: 'Cabeçalhos',
  generated:
    'Gerado a partir dos esquemas da API por `npm run generate`. Edite os esquemas, não este arquivo.',
  otherLanguage: 'English',
  notFound: 'Página não encontrada',
  notFoundText: 'Não há nenhuma página neste endereço.',
  home: 'Página inicial',
  interactive: 'Referência interativa',
  markdown: 'Esta página em Markdown',
  sections: { start: 'Comece aqui', guides: 'Guias', operations: 'Operação', reference: 'Referência' },
};

export const WORDS: Record<Language, Words> = { en, 'pt-BR': ptBr };

export const otherLanguage = (language: Language): Language => (language === 'en' ? 'pt-BR' : 'en');
