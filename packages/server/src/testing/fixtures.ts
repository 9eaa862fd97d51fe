import assert from 'node:assert/strict';
import type { Send } from './test-app.ts';

/** The contract's own example (§12.2). */
export const TRUNK = {
  name: 'Primary Carrier — US',
  provider_name: 'carrier-x',
  domain: 'sip.carrier-x.com',
  username: 'user_42',
  password: 'secret-password',
  port: 5061,
  transport: 'tls',
};

export async function makeTrunk(send: Send, changes: object = {}): Promise<string> {
  const { status, body } = await send('POST', 'sip-trunks', { ...TRUNK, ...changes });
  assert.equal(status, 201, JSON.stringify(body));
  return body.data.id;
}

export async function makeDid(
  send: Send,
  trunkId: string,
  number = '+15551234567',
  country = 'US',
): Promise<string> {
  const { status, body } = await send('POST', `sip-trunks/${trunkId}/dids`, {
    country_code: country,
    number,
  });
  assert.equal(status, 201, JSON.stringify(body));
  return body.data.id;
}
