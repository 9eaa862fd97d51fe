import type { ErrorGuide } from './guide.ts';

/** What any operation can come to, whatever it is about. */
export const OUTCOME_ERRORS = {
  VALIDATION_ERROR: {
    en: {
      meaning: 'One or more fields break a rule. Nothing was written.',
      cause:
        'A required field is missing, a value has the wrong type or range, or a field is not known here: unknown fields are refused by name, so that a typo is seen at once.',
      remedy:
        'Read `errors`: it maps each field (dotted path) to its problems, all problems of the request at once. For a phone number, `details.suggestion` holds the E.164 form when one can be derived.',
    },
    'pt-BR': {
      meaning: 'Um ou mais campos violam uma regra. Nada foi gravado.',
      cause:
        'Falta um campo obrigatório, um valor tem tipo ou faixa errada, ou o campo não existe aqui: campos desconhecidos são recusados pelo nome, para que um erro de digitação apareça na hora.',
      remedy:
        'Leia `errors`: ele relaciona cada campo (caminho com pontos) a seus problemas, todos de uma vez. Para números de telefone, `details.suggestion` traz a forma E.164 quando é possível deduzi-la.',
    },
  },
  IDEMPOTENCY_KEY_REUSED: {
    en: {
      meaning: 'This `Idempotency-Key` already belongs to a different request.',
      cause:
        'The same token sent the same key within 24 hours with another path or body. Usually the key is a constant, or is derived from too little.',
      remedy: 'Make a new key per intention (a UUID), and keep it only for the retries of that same request.',
    },
    'pt-BR': {
      meaning: 'Esta `Idempotency-Key` já pertence a outra requisição.',
      cause:
        'O mesmo token enviou a mesma chave nas últimas 24 horas com outro caminho ou corpo. Em geral, a chave é uma constante ou deriva de poucos dados.',
      remedy:
        'Gere uma chave nova para cada intenção (um UUID) e reutilize-a apenas ao repetir aquela mesma requisição.',
    },
  },
  RATE_LIMIT_EXCEEDED: {
    en: {
      meaning: 'This token made more requests per minute than the server allows.',
      cause: 'A loop without pauses, or several clients that share one token.',
      remedy:
        'Wait for the seconds in `Retry-After` and `details.retry_after`. Give each client its own token, use the [bulk import](../guides/import-dids.md) for many numbers, or raise [`TRONCO_RATE_LIMIT`](../operations/configuration.md).',
    },
    'pt-BR': {
      meaning: 'Este token fez mais requisições por minuto do que o servidor permite.',
      cause: 'Um laço sem pausas ou vários clientes que compartilham o mesmo token.',
      remedy:
        'Aguarde os segundos indicados em `Retry-After` e `details.retry_after`. Dê a cada cliente o seu token, use a [importação em massa](../guides/import-dids.md) para muitos números ou aumente [`TRONCO_RATE_LIMIT`](../operations/configuration.md).',
    },
  },
  SERVER_ERROR: {
    en: {
      meaning: 'Something went wrong inside Tronco.',
      cause: 'A defect, or a machine in trouble such as a full disk.',
      remedy:
        'Look for the `request_id` in the server’s log: the cause stands there. Retry with the same `Idempotency-Key`. If it looks like a defect, please report it without tokens or phone numbers.',
    },
    'pt-BR': {
      meaning: 'Algo deu errado dentro do Tronco.',
      cause: 'Um defeito, ou uma máquina em apuros, como um disco cheio.',
      remedy:
        'Procure o `request_id` no log do servidor: a causa está lá. Repita a requisição com a mesma `Idempotency-Key`. Se parecer um defeito, relate-o, sem tokens nem números de telefone.',
    },
  },
  UNAVAILABLE: {
    en: {
      meaning: 'The database does not answer right now, so nothing was written.',
      cause: 'PostgreSQL is restarting, unreachable, or out of connections.',
      remedy:
        'Retry after the seconds in `Retry-After`, with the same `Idempotency-Key`. If it lasts, look at `/readyz` and at the log.',
    },
    'pt-BR': {
      meaning: 'O banco de dados não responde neste momento; nada foi gravado.',
      cause: 'O PostgreSQL está reiniciando, inacessível ou sem conexões livres.',
      remedy:
        'Tente de novo após os segundos de `Retry-After`, com a mesma `Idempotency-Key`. Se persistir, veja `/readyz` e o log.',
    },
  },
} as const satisfies Record<string, ErrorGuide>;
