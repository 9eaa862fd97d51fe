import type { ErrorGuide } from './guide.ts';

/** Agents, trainings and actions. */
export const AGENT_ERRORS = {
  AGENT_NOT_FOUND: {
    en: {
      meaning: 'There is no such agent in this environment.',
      cause: 'The id is wrong or no UUID, the agent was deleted, or it belongs to another environment.',
      remedy: 'List the agents with the same token.',
    },
    'pt-BR': {
      meaning: 'Não existe esse agente neste ambiente.',
      cause: 'O id está errado ou não é um UUID, o agente foi excluído, ou pertence a outro ambiente.',
      remedy: 'Liste os agentes com o mesmo token.',
    },
  },
  AGENT_IS_PUBLISHED: {
    en: {
      meaning: 'A published agent cannot be deleted.',
      cause: 'The agent’s `current_status` is `published`.',
      remedy: 'Unpublish the agent, then delete it.',
    },
    'pt-BR': {
      meaning: 'Um agente publicado não pode ser excluído.',
      cause: 'O `current_status` do agente é `published`.',
      remedy: 'Despublique o agente e depois o exclua.',
    },
  },
  AGENT_NOT_READY: {
    en: {
      meaning: 'The agent lacks something that it needs before it can be published.',
      cause: '`is_ready_to_publish` is false.',
      remedy:
        'Read `errors`: it names what is missing. What an agent needs is listed in [Concepts](../concepts.md#agents).',
    },
    'pt-BR': {
      meaning: 'Falta ao agente algo que é necessário para publicá-lo.',
      cause: '`is_ready_to_publish` é false.',
      remedy:
        'Leia `errors`: ele aponta o que falta. O que um agente precisa está em [Conceitos](../concepts.md#agentes).',
    },
  },
  NUMBER_HAS_INBOUND_AGENT: {
    en: {
      meaning: 'The number already serves another inbound agent.',
      cause:
        'A number answers with one inbound agent only: otherwise nobody could say which of them takes the call. Outbound agents may share it.',
      remedy:
        'Take the number away from the other agent first, or choose another number. The numbers’ details list their agents.',
    },
    'pt-BR': {
      meaning: 'O número já atende com outro agente de entrada.',
      cause:
        'Um número atende com um único agente de entrada; do contrário, ninguém saberia dizer qual deles recebe a chamada. Agentes de saída podem compartilhá-lo.',
      remedy:
        'Retire antes o número do outro agente, ou escolha outro número. Os detalhes de cada número listam seus agentes.',
    },
  },
  TRAINING_NOT_FOUND: {
    en: {
      meaning: 'This agent has no such training.',
      cause: 'The id is wrong, the training was deleted, or it belongs to another agent.',
      remedy: 'List the agent’s trainings.',
    },
    'pt-BR': {
      meaning: 'Este agente não tem esse treinamento.',
      cause: 'O id está errado, o treinamento foi excluído, ou é de outro agente.',
      remedy: 'Liste os treinamentos do agente.',
    },
  },
  ACTION_NOT_FOUND: {
    en: {
      meaning: 'This agent has no such action.',
      cause: 'The id is wrong, the action was deleted, or it belongs to another agent.',
      remedy: 'List the agent’s actions.',
    },
    'pt-BR': {
      meaning: 'Este agente não tem essa ação.',
      cause: 'O id está errado, a ação foi excluída, ou é de outro agente.',
      remedy: 'Liste as ações do agente.',
    },
  },
} as const satisfies Record<string, ErrorGuide>;
