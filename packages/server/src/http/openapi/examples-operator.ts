import { data, type Example, IDS, said, TIME } from './example.ts';

const environment = {
  id: IDS.environment,
  name: 'staging',
  archived_at: null,
  created_at: TIME,
  updated_at: TIME,
};

const token = {
  id: IDS.token,
  name: 'ci',
  scopes: ['dids:write'],
  preview: 'talq_7Qx2',
  expires_at: null,
};
const listedToken = { ...token, last_used_at: TIME, revoked_at: null, created_at: TIME };
const adminToken = { ...token, name: 'admin', scopes: ['admin'] };
// No real token: one that is well formed would set off secret scanners.
const text = 'talq_…';

const entry = {
  id: '0199b8aa-71f0-7b3e-9c4d-2a8f6e5d1b09',
  type: 'did.created',
  subject_type: 'did',
  subject_id: IDS.did,
  actor: { type: 'token', id: IDS.token, name: 'ci' },
  request_id: 'd2197a49-0753-42cb-b229-8957a1a8e856',
  before: null,
  after: { number: '+15551234567', country_code: 'US', trunk_id: IDS.trunk },
  created_at: TIME,
};

const request = {
  id: IDS.release,
  phone_number_id: IDS.did,
  phone_number: '+15551234567',
  reason: 'Number is no longer in use after migration',
  status: 'pending',
  requested_at: TIME,
};
const seen = { ...request, environment: { id: IDS.environment, name: 'staging' } };

export const OPERATOR_EXAMPLES: Record<string, Example> = {
  createEnvironment: { request: { name: 'staging' }, ...data(environment) },
  listEnvironments: data([environment]),
  getEnvironment: data(environment),
  renameEnvironment: { request: { name: 'qa' }, ...data({ ...environment, name: 'qa' }) },
  archiveEnvironment: {
    reply: { success: true, message: 'Environment archived', data: { ...environment, archived_at: TIME } },
  },
  restoreEnvironment: { reply: { success: true, message: 'Environment restored', data: environment } },
  createToken: {
    request: { name: 'ci', scopes: ['dids:write'] },
    ...data({ token: text, ...token }),
  },
  listTokens: data([listedToken]),
  revokeToken: said('Token revoked'),
  createAdminToken: { request: { name: 'admin' }, ...data({ token: text, ...adminToken }) },
  listAdminTokens: data([{ ...listedToken, name: 'admin', scopes: ['admin'] }]),
  revokeAdminToken: said('Token revoked'),
  getCurrentToken: data({ ...token, environment: { id: IDS.environment, name: 'staging' } }),
  listAuditLog: { reply: { success: true, data: [entry], next_before: null } },
  requestPhoneRelease: { request: { reason: request.reason }, ...data(request) },
  listReleaseRequests: data([request]),
  cancelReleaseRequest: said('Release request cancelled'),
  listAllReleaseRequests: data([seen]),
  approveReleaseRequest: {
    reply: {
      success: true,
      message: 'Release request approved',
      data: { ...seen, status: 'approved', resolved_at: TIME },
    },
  },
  rejectReleaseRequest: {
    request: { rejection_reason: 'The contract for this number runs until June' },
    reply: {
      success: true,
      message: 'Release request rejected',
      data: {
        ...seen,
        status: 'rejected',
        resolved_at: TIME,
        rejection_reason: 'The contract for this number runs until June',
      },
    },
  },
};
