import type { ErrorGuide } from './guide.ts';

/** SIP trunks, DIDs, imports and phone numbers. */
export const NUMBER_ERRORS = {
  TRUNK_NOT_FOUND: {
    en: {
      meaning: 'There is no such SIP trunk in this environment.',
      cause:
        'The id is wrong or no UUID, the trunk was deleted, or it belongs to another environment. All three answer the same on purpose.',
      remedy: 'List the trunks with the same token and take the id from there.',
    },
    'pt-BR': {
      meaning: 'Não existe esse tronco SIP neste ambiente.',
      cause:
        'O id está errado ou não é um UUID, o tronco foi excluído, ou pertence a outro ambiente. Os três casos respondem igual, de propósito.',
      remedy: 'Liste os troncos com o mesmo token e use o id que aparecer.',
    },
  },
  TRUNK_HAS_DIDS: {
    en: {
      meaning: 'The trunk still has DIDs, so it was not deleted.',
      cause: 'Deleting a trunk never deletes numbers along with it.',
      remedy: 'Remove its DIDs first, or move them to another trunk by changing their `trunk_id`.',
    },
    'pt-BR': {
      meaning: 'O tronco ainda tem DIDs e por isso não foi excluído.',
      cause: 'Excluir um tronco nunca exclui números junto com ele.',
      remedy: 'Remova antes os DIDs, ou mova-os para outro tronco alterando o `trunk_id` deles.',
    },
  },
  TRUNK_CHANGED: {
    en: {
      meaning: 'The trunk was verified, but it is no longer the trunk that was asked about.',
      cause:
        'Its address or its credentials changed while Tronco spoke to the carrier. What was found describes the old ones, so nothing was kept.',
      remedy: 'Verify the trunk again.',
    },
    'pt-BR': {
      meaning: 'O tronco foi verificado, mas já não é o tronco sobre o qual se perguntou.',
      cause:
        'O endereço ou as credenciais mudaram enquanto o Tronco falava com a operadora. O resultado descreve os antigos, por isso nada foi gravado.',
      remedy: 'Verifique o tronco outra vez.',
    },
  },
  TRUNK_NOT_VERIFIED: {
    en: {
      meaning: 'Only a verified trunk can be active.',
      cause:
        'The request sets `is_active` to true on a trunk that was never verified, or in the same step in which it changes the address or the credentials, which resets the verification.',
      remedy:
        'Verify the trunk with `POST /sip-trunks/{trunk_id}/verify` (or `tronco trunk verify`), then activate it. DIDs can be registered on an inactive trunk all the same.',
    },
    'pt-BR': {
      meaning: 'Só um tronco verificado pode estar ativo.',
      cause:
        'A requisição define `is_active` como true em um tronco que nunca foi verificado, ou na mesma alteração que muda endereço ou credenciais, o que anula a verificação.',
      remedy:
        'Verifique o tronco com `POST /sip-trunks/{trunk_id}/verify` (ou `tronco trunk verify`) e depois o ative. Mesmo em um tronco inativo é possível cadastrar DIDs.',
    },
  },
  DID_NOT_FOUND: {
    en: {
      meaning: 'There is no such DID on this trunk.',
      cause:
        'The id is wrong, the number was removed, it was moved to another trunk, or it belongs to another environment.',
      remedy:
        'Search the phone numbers of the environment: the answer names the trunk that holds the number.',
    },
    'pt-BR': {
      meaning: 'Não existe esse DID neste tronco.',
      cause:
        'O id está errado, o número foi removido, foi movido para outro tronco, ou pertence a outro ambiente.',
      remedy: 'Procure entre os números de telefone do ambiente: a resposta indica o tronco em que ele está.',
    },
  },
  DID_ALREADY_EXISTS: {
    en: {
      meaning: 'This number is already registered in the environment, on this trunk or on another one.',
      cause:
        'A number exists once per environment. It can also be the retry of a request that had already succeeded.',
      remedy:
        'To find it, search the phone numbers. To move it, change its `trunk_id`. To make retries safe, send an `Idempotency-Key`.',
    },
    'pt-BR': {
      meaning: 'Este número já está cadastrado no ambiente, neste tronco ou em outro.',
      cause:
        'Cada número existe uma só vez por ambiente. Também pode ser a repetição de uma requisição que já tinha dado certo.',
      remedy:
        'Para encontrá-lo, pesquise entre os números de telefone. Para movê-lo, altere o `trunk_id`. Para repetir requisições com segurança, envie uma `Idempotency-Key`.',
    },
  },
  DID_IN_USE: {
    en: {
      meaning: 'Agents still use this number, so it was not removed.',
      cause: 'The number is assigned to at least one agent.',
      remedy: 'Take the number out of `phone_number_ids` of those agents, then remove it.',
    },
    'pt-BR': {
      meaning: 'Ainda há agentes usando este número, por isso ele não foi removido.',
      cause: 'O número está atribuído a pelo menos um agente.',
      remedy: 'Tire o número de `phone_number_ids` desses agentes e só então o remova.',
    },
  },
  IMPORT_NOT_FOUND: {
    en: {
      meaning: 'There is no such import on this trunk.',
      cause: 'The id is wrong, or the import belongs to another trunk or environment.',
      remedy: 'List the imports of the trunk.',
    },
    'pt-BR': {
      meaning: 'Não existe essa importação neste tronco.',
      cause: 'O id está errado, ou a importação é de outro tronco ou ambiente.',
      remedy: 'Liste as importações do tronco.',
    },
  },
  IMPORT_NOT_RESUMABLE: {
    en: {
      meaning: 'The import is in a state from which it cannot be resumed.',
      cause: 'It is still running, or it has succeeded.',
      remedy: 'Read its status. A running import resumes by itself after a restart of the server.',
    },
    'pt-BR': {
      meaning: 'A importação está em um estado que não permite retomá-la.',
      cause: 'Ela ainda está em andamento, ou já foi concluída.',
      remedy:
        'Consulte o status. Uma importação em andamento continua sozinha depois que o servidor reinicia.',
    },
  },
  IMPORT_NOT_CANCELLABLE: {
    en: {
      meaning: 'The import has already ended, so there is nothing to cancel.',
      cause: 'It succeeded, failed or was cancelled before.',
      remedy: 'Read its status and verdicts. Numbers that it created stay until you remove them.',
    },
    'pt-BR': {
      meaning: 'A importação já terminou; não há o que cancelar.',
      cause: 'Ela foi concluída, falhou ou já tinha sido cancelada.',
      remedy: 'Consulte o status e os vereditos. Os números que ela criou ficam até que você os remova.',
    },
  },
  PHONE_NUMBER_NOT_FOUND: {
    en: {
      meaning: 'There is no such phone number in this environment.',
      cause: 'The id is wrong, the number was removed or released, or it belongs to another environment.',
      remedy: 'List the phone numbers with the same token.',
    },
    'pt-BR': {
      meaning: 'Não existe esse número de telefone neste ambiente.',
      cause: 'O id está errado, o número foi removido ou liberado, ou pertence a outro ambiente.',
      remedy: 'Liste os números de telefone com o mesmo token.',
    },
  },
  PHONE_NUMBER_IN_USE: {
    en: {
      meaning: 'Agents still use this number, so it cannot be released.',
      cause: 'The number is assigned to at least one agent.',
      remedy: 'Take the number away from those agents, then request the release again.',
    },
    'pt-BR': {
      meaning: 'Ainda há agentes usando este número, por isso ele não pode ser liberado.',
      cause: 'O número está atribuído a pelo menos um agente.',
      remedy: 'Retire o número desses agentes e faça a solicitação de liberação outra vez.',
    },
  },
  RELEASE_ALREADY_PENDING: {
    en: {
      meaning: 'A release of this number was already requested and waits for a decision.',
      cause: 'The request was sent twice, or someone else asked before you.',
      remedy: 'Wait for the operator’s decision, or cancel the pending request.',
    },
    'pt-BR': {
      meaning: 'A liberação deste número já foi solicitada e aguarda decisão.',
      cause: 'A solicitação foi enviada duas vezes, ou outra pessoa pediu antes.',
      remedy: 'Aguarde a decisão do operador ou cancele a solicitação pendente.',
    },
  },
  RELEASE_ALREADY_RESOLVED: {
    en: {
      meaning: 'The release request was already decided or cancelled.',
      cause: 'Only a pending request can change.',
      remedy:
        'List the release requests to see how it ended. An approved release cannot be undone; add the number again if you still own it.',
    },
    'pt-BR': {
      meaning: 'A solicitação de liberação já foi decidida ou cancelada.',
      cause: 'Só uma solicitação pendente pode mudar.',
      remedy:
        'Liste as solicitações para ver como terminou. Uma liberação aprovada não se desfaz; se o número ainda é seu, cadastre-o de novo.',
    },
  },
  RELEASE_REQUEST_NOT_FOUND: {
    en: {
      meaning: 'There is no such release request in this environment.',
      cause: 'The id is wrong, or it is the id of the number instead of the request’s.',
      remedy: 'List the release requests and take the id from there.',
    },
    'pt-BR': {
      meaning: 'Não existe essa solicitação de liberação neste ambiente.',
      cause: 'O id está errado, ou é o id do número em vez do da solicitação.',
      remedy: 'Liste as solicitações de liberação e use o id que aparecer.',
    },
  },
} as const satisfies Record<string, ErrorGuide>;
