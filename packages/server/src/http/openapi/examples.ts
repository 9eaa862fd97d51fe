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
  verifySipTrunk: {
    reply: {
      success: true,
      data: {
        is_verified: true,
        health_status: 'healthy',
        last_health_check_at: '2026-01-15T14:30:00.000Z',
        stages: [
          {
            name: 'dns',
            ok: true,
            duration_ms: 12,
            code: 'resolved',
            detail:
              'sip.carrier-x.com leads to TLS 192.0.2.10:5061. Asked: SRV _sips._tcp.sip.carrier-x.com (no-records), A sip.carrier-x.com (1).',
            fix: null,
          },
          {
            name: 'register',
            ok: true,
            duration_ms: 61,
            code: 'registered',
            detail: 'Registered by Digest SHA-256 in the realm "carrier-x.com" for 60 s, and removed again.',
            fix: null,
          },
        ],
      },
    },
  },
  getSipTrunkHealth: {
    reply: {
      success: true,
      data: { is_healthy: true, response_time_ms: 142, checked_at: '2026-01-15T14:35:00.000Z' },
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
