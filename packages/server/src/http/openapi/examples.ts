import { type Example, IDS } from './example.ts';
import { AGENT_EXAMPLES } from './examples-agents.ts';
import { IMPORT_EXAMPLES } from './examples-imports.ts';
import { OPERATOR_EXAMPLES } from './examples-operator.ts';

const TRUNK_ID = IDS.trunk;
const DID_ID = IDS.did;

const did = {
  id: DID_ID,
  number: '+15551234567',
  country_code: 'US',
  formatted_number: '(555) 123-4567',
};

const trunk = {
  id: TRUNK_ID,
  name: 'Primary Carrier — US',
  provider_name: 'carrier-x',
  domain: 'sip.carrier-x.com',
  transport: 'tls',
};

const didDetails = {
  ...did,
  trunk_id: TRUNK_ID,
  international_number: '+1 555 123 4567',
  label: 'Front desk',
  note: null,
  tags: ['support'],
  agents: [],
  created_at: '2026-01-15T14:00:00.000Z',
  updated_at: '2026-01-15T14:00:00.000Z',
};

/** By operationId; each is checked against its schema in a test. */
export const EXAMPLES: Record<string, Example> = {
  ...AGENT_EXAMPLES,
  ...IMPORT_EXAMPLES,
  ...OPERATOR_EXAMPLES,
  createSipTrunk: {
    request: {
      name: 'Primary Carrier — US',
      provider_name: 'carrier-x',
      domain: 'sip.carrier-x.com',
      username: 'user_42',
      password: 'secret-password',
      port: 5061,
      transport: 'tls',
    },
    reply: {
      success: true,
      data: {
        ...trunk,
        port: 5061,
        is_active: false,
        is_verified: false,
        created_at: '2026-01-15T14:00:00.000Z',
      },
    },
  },
  updateSipTrunk: {
    request: { name: 'Primary Carrier — US (renamed)', is_active: false },
    reply: {
      success: true,
      data: {
        id: TRUNK_ID,
        name: 'Primary Carrier — US (renamed)',
        is_active: false,
        is_verified: true,
        updated_at: '2026-01-15T15:00:00.000Z',
      },
    },
  },
  deleteSipTrunk: { reply: { success: true, message: 'SIP trunk deleted' } },
  createSipTrunkDid: {
    request: { country_code: 'US', number: '+15551234567' },
    reply: { success: true, data: { ...did, trunk_id: TRUNK_ID } },
  },
  listSipTrunkDids: { reply: { success: true, data: [did] } },
  getSipTrunkDid: { reply: { success: true, data: didDetails } },
  updateSipTrunkDid: {
    request: { label: 'Front desk', tags: ['support'] },
    reply: { success: true, data: didDetails },
  },
  deleteSipTrunkDid: { reply: { success: true, message: 'DID removed' } },
  getHealth: { reply: { status: 'ok' } },
};
