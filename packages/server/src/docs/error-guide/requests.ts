import type { ErrorGuide } from './guide.ts';

/** Requests that cannot be read, authenticated or allowed. */
export const REQUEST_ERRORS = {
  MALFORMED_JSON: {
    en: {
      meaning: 'The body is not valid JSON.',
      cause:
        'A missing quote, a trailing comma, a body cut short, or shell quoting that swallowed the double quotes.',
      remedy:
        'Let a JSON library write the body instead of joining strings. In a shell, put the body in single quotes or send a file with `--data @body.json`.',
    },
    'pt-BR': {
      meaning: 'O corpo não é um JSON válido.',
      cause:
        'Falta uma aspa, sobra uma vírgula no fim, o corpo chegou cortado ou o shell consumiu as aspas duplas.',
      remedy:
        'Deixe uma biblioteca de JSON montar o corpo em vez de concatenar strings. No shell, use aspas simples em volta do corpo ou envie um arquivo com `--data @corpo.json`.',
    },
  },
  BAD_REQUEST: {
    en: {
      meaning: 'The request could not be understood at all.',
      cause: 'The URL holds an invalid percent-encoding, or a header such as `Content-Length` is broken.',
      remedy:
        'Encode path segments and query values. In a URL the `+` of a phone number is written `%2B`. A proxy in between can also break headers: try the server directly.',
    },
    'pt-BR': {
      meaning: 'Não foi possível entender a requisição.',
      cause:
        'A URL tem uma sequência de escape inválida ou um cabeçalho como `Content-Length` está corrompido.',
      remedy:
        'Codifique os segmentos do caminho e os valores da consulta. Numa URL, o `+` de um número de telefone se escreve `%2B`. Um proxy no meio do caminho também pode estragar cabeçalhos: tente falar direto com o servidor.',
    },
  },
  MISSING_TOKEN: {
    en: {
      meaning: 'The request carries no token.',
      cause:
        'There is no `Authorization` header. A redirect can also drop it: most clients do not forward it to another host.',
      remedy: 'Send `Authorization: Bearer talq_…`. See [tokens](../concepts.md#environments-and-tokens).',
    },
    'pt-BR': {
      meaning: 'A requisição não traz token.',
      cause:
        'Falta o cabeçalho `Authorization`. Um redirecionamento também pode descartá-lo: a maioria dos clientes não o repassa a outro host.',
      remedy: 'Envie `Authorization: Bearer talq_…`. Veja [tokens](../concepts.md#ambientes-e-tokens).',
    },
  },
  INVALID_TOKEN: {
    en: {
      meaning: 'The token is not one of this installation.',
      cause:
        'It was mistyped or cut, it was revoked, it belongs to another installation, or the scheme is not `Bearer`.',
      remedy:
        'Compare its first characters with those that `tronco token list` shows. A lost token cannot be read back: create another and revoke the old one.',
    },
    'pt-BR': {
      meaning: 'O token não pertence a esta instalação.',
      cause:
        'Foi digitado errado ou cortado, foi revogado, é de outra instalação, ou o esquema não é `Bearer`.',
      remedy:
        'Compare os primeiros caracteres com os que `tronco token list` mostra. Não há como recuperar um token perdido: crie outro e revogue o antigo.',
    },
  },
  TOKEN_EXPIRED: {
    en: {
      meaning: 'The token had an expiry date, and it has passed.',
      cause: 'The token was created with a limited life.',
      remedy:
        'Create a new token and replace the old one in the client. Tokens without expiry do not expire.',
    },
    'pt-BR': {
      meaning: 'O token tinha data de validade, e ela já passou.',
      cause: 'O token foi criado com vida limitada.',
      remedy: 'Crie um novo token e troque-o no cliente. Tokens criados sem validade não expiram.',
    },
  },
  FORBIDDEN: {
    en: {
      meaning: 'The token is valid, but it lacks the scope that this operation needs.',
      cause:
        'The token was created with fewer [scopes](../concepts.md#scopes). An admin token does not act inside an environment by itself either: it must name one in the `Tronco-Environment` header.',
      remedy:
        'Read `details.required_scope`. Use a token that has it, or create one. Do not widen a token out of habit: separate tokens are easier to revoke.',
    },
    'pt-BR': {
      meaning: 'O token é válido, mas não tem o escopo que esta operação exige.',
      cause:
        'O token foi criado com menos [escopos](../concepts.md#escopos). Um token de administração também não age dentro de um ambiente por conta própria: precisa indicá-lo no cabeçalho `Tronco-Environment`.',
      remedy:
        'Leia `details.required_scope`. Use um token que tenha esse escopo ou crie um. Evite ampliar tokens por comodidade: tokens separados são mais fáceis de revogar.',
    },
  },
  UNAUTHORIZED: {
    en: {
      meaning: 'The same as FORBIDDEN, under the name that the Talkover contract uses on some pages.',
      cause:
        'The token lacks a scope on an endpoint (agents, trainings, actions) whose contract page names the error this way.',
      remedy: 'As for [FORBIDDEN](FORBIDDEN.md).',
    },
    'pt-BR': {
      meaning: 'O mesmo que FORBIDDEN, com o nome que o contrato da Talkover usa em algumas páginas.',
      cause:
        'Falta um escopo ao token em um endpoint (agentes, treinamentos, ações) cuja página do contrato chama o erro assim.',
      remedy: 'Proceda como em [FORBIDDEN](FORBIDDEN.md).',
    },
  },
  ENVIRONMENT_ARCHIVED: {
    en: {
      meaning: 'The environment of this token, or the one named in the request, is archived.',
      cause: 'An operator archived it. Its data stays, but its tokens no longer work.',
      remedy: 'Use a token of another environment.',
    },
    'pt-BR': {
      meaning: 'O ambiente deste token, ou o indicado na requisição, está arquivado.',
      cause: 'Um operador o arquivou. Os dados continuam lá, mas os tokens dele deixam de funcionar.',
      remedy: 'Use um token de outro ambiente.',
    },
  },
  NOT_FOUND: {
    en: {
      meaning: 'There is no endpoint at this path.',
      cause:
        'A mistyped path, a missing `/api/v1`, or an endpoint of the contract that Tronco does not have yet.',
      remedy: 'Compare the path with the [list of endpoints](../api/index.md).',
    },
    'pt-BR': {
      meaning: 'Não há nenhum endpoint neste caminho.',
      cause:
        'Caminho digitado errado, falta do `/api/v1`, ou um endpoint do contrato que o Tronco ainda não tem.',
      remedy: 'Compare o caminho com a [lista de endpoints](../api/index.md).',
    },
  },
  METHOD_NOT_ALLOWED: {
    en: {
      meaning: 'The path exists, the method does not.',
      cause: 'For example `POST` where the contract has `PUT`.',
      remedy: 'Use one of the methods in `details.allowed`, which the `Allow` header repeats.',
    },
    'pt-BR': {
      meaning: 'O caminho existe, mas não com este método.',
      cause: 'Por exemplo, `POST` onde o contrato tem `PUT`.',
      remedy: 'Use um dos métodos listados em `details.allowed`, os mesmos do cabeçalho `Allow`.',
    },
  },
  PRECONDITION_FAILED: {
    en: {
      meaning: 'The resource changed since you read it, so nothing was written.',
      cause: 'The `If-Match` header names an older version: someone else wrote in between.',
      remedy:
        'Read the resource again, apply your change to what it is now, and send it with the new `ETag`. See [ETags](../concepts.md#etags).',
    },
    'pt-BR': {
      meaning: 'O recurso mudou desde que você o leu; nada foi gravado.',
      cause: 'O cabeçalho `If-Match` indica uma versão anterior: alguém gravou nesse meio-tempo.',
      remedy:
        'Leia o recurso de novo, aplique sua alteração ao estado atual e envie com o novo `ETag`. Veja [ETags](../concepts.md#etags).',
    },
  },
  PAYLOAD_TOO_LARGE: {
    en: {
      meaning: 'The body is larger than this endpoint accepts.',
      cause: 'JSON bodies may have 1 MiB; import files have a limit of their own.',
      remedy:
        'To register many numbers, use the [bulk import](../guides/import-dids.md) instead of a large request. All limits stand in [Limits](../operations/limits.md).',
    },
    'pt-BR': {
      meaning: 'O corpo é maior do que este endpoint aceita.',
      cause: 'Corpos JSON podem ter 1 MiB; arquivos de importação têm um limite próprio.',
      remedy:
        'Para cadastrar muitos números, use a [importação em massa](../guides/import-dids.md) em vez de uma requisição grande. Todos os limites estão em [Limites](../operations/limits.md).',
    },
  },
  UNSUPPORTED_MEDIA_TYPE: {
    en: {
      meaning: 'The body’s type is none that this endpoint reads.',
      cause: 'The `Content-Type` header is missing or wrong. `curl -d` alone sends a form type, for example.',
      remedy: 'Send `Content-Type: application/json`; for imports, one of the types that the endpoint lists.',
    },
    'pt-BR': {
      meaning: 'O tipo do corpo não é nenhum dos que este endpoint lê.',
      cause:
        'O cabeçalho `Content-Type` falta ou está errado. `curl -d` sozinho, por exemplo, envia um tipo de formulário.',
      remedy: 'Envie `Content-Type: application/json`; em importações, um dos tipos que o endpoint lista.',
    },
  },
} as const satisfies Record<string, ErrorGuide>;
