import type { FirstTokens } from './domain/environments/bootstrap.ts';

/** What `npm start` shows: where it listens, the token (once), and the next two commands. */
export function banner(url: string, tokens: FirstTokens | undefined): string {
  const token = tokens?.environmentToken ?? '$TRONCO_TOKEN';
  const greeting = tokens
    ? [
        `  Environment   default`,
        `  Token         ${tokens.environmentToken}`,
        `                Shown this once. Keep it; it is stored only as a hash.`,
      ]
    : [`  Token         the one shown at the first start; \`npm run tronco token create\` makes another`];
  return `${[
    '',
    `  Tronco is ready`,
    '',
    `  API           ${url}/api/v1`,
    `  Docs          ${url}/docs`,
    ...greeting,
    '',
    '  1. Register a SIP trunk:',
    '',
    `curl -X POST "${url}/api/v1/sip-trunks" \\`,
    ...headers(token),
    `  -d '{"name":"Primary Carrier","provider_name":"carrier-x","domain":"sip.carrier-x.com","username":"user_42","password":"secret-password"}'`,
    '',
    '  2. Add a DID to it (put the id from the first answer in place of TRUNK_ID):',
    '',
    `curl -X POST "${url}/api/v1/sip-trunks/TRUNK_ID/dids" \\`,
    ...headers(token),
    `  -d '{"country_code":"US","number":"+15551234567"}'`,
    '',
    '',
  ].join('\n')}`;
}

const headers = (token: string): string[] => [
  `  -H "Authorization: Bearer ${token}" \\`,
  `  -H "Content-Type: application/json" \\`,
];

/** When the first start fails after the tokens were made. */
export const tokensOnly = (tokens: FirstTokens): string =>
  [
    '',
    `  Environment   default`,
    `  Token         ${tokens.environmentToken}`,
    `  Admin token   ${tokens.adminToken}`,
    `                Shown this once, although the start failed. Keep them.`,
    '',
    '',
  ].join('\n');
