import type { ErrorGuide } from './guide.ts';

/** Environments and tokens. */
export const ADMINISTRATION_ERRORS = {
  ENVIRONMENT_NOT_FOUND: {
    en: {
      meaning: 'There is no environment with this id or name.',
      cause: 'A mistyped name, in the path or in the `Tronco-Environment` header.',
      remedy: 'List the environments with an admin token, or with `tronco env list`.',
    },
    'pt-BR': {
      meaning: 'Não existe ambiente com esse id ou nome.',
      cause: 'Nome digitado errado, no caminho ou no cabeçalho `Tronco-Environment`.',
      remedy: 'Liste os ambientes com um token de administração ou com `tronco env list`.',
    },
  },
  ENVIRONMENT_NAME_TAKEN: {
    en: {
      meaning: 'Another environment already has this name.',
      cause: 'Names are unique in an installation, archived environments included.',
      remedy: 'Choose another name, or rename the other environment.',
    },
    'pt-BR': {
      meaning: 'Outro ambiente já tem esse nome.',
      cause: 'Os nomes são únicos na instalação, contando também os ambientes arquivados.',
      remedy: 'Escolha outro nome ou renomeie o outro ambiente.',
    },
  },
  TOKEN_NOT_FOUND: {
    en: {
      meaning: 'This environment has no such token.',
      cause: 'The id is wrong, or the token belongs to another environment. A revoked token is still found.',
      remedy: 'List the environment’s tokens. A path takes the token’s id, never the token itself.',
    },
    'pt-BR': {
      meaning: 'Este ambiente não tem esse token.',
      cause: 'O id está errado, ou o token é de outro ambiente. Um token revogado ainda é encontrado.',
      remedy: 'Liste os tokens do ambiente. O caminho leva o id do token, nunca o próprio token.',
    },
  },
  ENVIRONMENT_REQUIRED: {
    en: {
      meaning: 'An admin token must say which environment it means.',
      cause:
        'An admin token belongs to the installation and not to an environment, so the server cannot guess where to act.',
      remedy:
        'Send the header `Tronco-Environment` with the id or the name of an environment, or use a token of that environment. See [admin tokens](../concepts.md#admin-tokens).',
    },
    'pt-BR': {
      meaning: 'Um token de administração precisa dizer a qual ambiente se refere.',
      cause:
        'Um token de administração pertence à instalação, não a um ambiente; o servidor não tem como adivinhar onde agir.',
      remedy:
        'Envie o cabeçalho `Tronco-Environment` com o id ou o nome de um ambiente, ou use um token desse ambiente. Veja [tokens de administração](../concepts.md#tokens-de-administração).',
    },
  },
  LAST_ADMIN_TOKEN: {
    en: {
      meaning: 'This is the last admin token that works, so it was not revoked.',
      cause: 'Without an admin token nobody could manage environments and tokens any more.',
      remedy: 'Create another admin token, check that it works, then revoke this one.',
    },
    'pt-BR': {
      meaning: 'Este é o último token de administração em funcionamento, por isso não foi revogado.',
      cause: 'Sem nenhum token de administração, ninguém mais poderia gerenciar ambientes e tokens.',
      remedy: 'Crie outro token de administração, confira se ele funciona e só então revogue este.',
    },
  },
} as const satisfies Record<string, ErrorGuide>;
