/** What a reader of the document should know before the first operation. */
export const DESCRIPTION = `SIP trunks, DIDs and voice agents over one REST API. Wire-compatible with the Talkover API: an existing client changes its base URL. Operations marked \`x-tronco-addition\` are ours.

**Authentication.** \`Authorization: Bearer talq_…\`. \`x-tronco-scope\` on each operation is the scope that the token needs; \`<noun>:*\` covers the noun's scopes and \`*\` all of them. \`admin\` is apart: it manages environments and tokens, and acts inside an environment when the request names one in \`Tronco-Environment\`.

**Answers.** Success is \`{"success": true, "data": …}\`, with \`message\` where there is something to say. Every error, whatever its status, has the shape of the component \`Error\`: a stable \`code\` to program against, a sentence for people, all problems of the request by field in \`errors\`, and the \`request_id\`. New codes may be added; treat an unknown one by its HTTP status.

**Safe repetition.** Send an \`Idempotency-Key\` with a POST and repeat it as often as needed: one effect, one answer. \`ETag\` with \`If-Match\` keeps two writers from overwriting each other.

**Limits.** Requests per minute and token, in the \`X-RateLimit-*\` headers; a 429 says in \`Retry-After\` when to come back. Bodies up to 1 MiB, imports up to 256 MiB.`;

/** In the order in which a reader meets them. */
export const TAGS: readonly { name: string; description: string }[] = [
  { name: 'SIP trunks', description: 'Connections to carriers.' },
  { name: 'DIDs', description: 'Phone numbers on a trunk.' },
  { name: 'DID imports', description: 'Many numbers at once, from CSV or NDJSON, and back out.' },
  { name: 'Phone numbers', description: 'All numbers of the environment, and requests to give one back.' },
  { name: 'Agents', description: 'Voice agents: settings, numbers, drafts and publication.' },
  { name: 'Agent trainings', description: 'What an agent knows.' },
  { name: 'Agent actions', description: 'What an agent may do during a call.' },
  {
    name: 'Environments',
    description: 'Separate worlds on one installation, each with its own data and tokens.',
  },
  { name: 'Tokens', description: 'Who may use the API, and for what.' },
  { name: 'Release requests', description: 'The operator’s answer to requests to give a number back.' },
  { name: 'Audit log', description: 'Who changed what, and when.' },
  { name: 'Health', description: 'Whether the API answers.' },
];
