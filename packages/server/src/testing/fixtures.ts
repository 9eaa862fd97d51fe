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

/** The contract's own example (§3.1). */
export const AGENT = {
  label: 'Customer Support Agent',
  description: 'Handles customer inquiries and support requests',
  name: 'SupportBot',
  language: 'en-US',
  initial_message: 'Hello, how can I help you today?',
  interrupt_sensitivity: 'medium',
  endpointing_sensitivity: 'auto',
  ivr_navigation_mode: 'off',
  conversation_speed: 1.0,
  initial_message_delay: 0,
  ask_if_human_present_on_idle: false,
  idle_time_seconds: 5,
  llm_temperature: 0.7,
  enable_recording: true,
  direction: 'inbound',
  who_speaks_first: 'agent',
};

export async function makeAgent(send: Send, changes: object = {}): Promise<string> {
  const { status, body } = await send('POST', 'agents', { ...AGENT, ...changes });
  assert.equal(status, 201, JSON.stringify(body));
  return body.data.id;
}

/** A published inbound agent on a number of its own. */
export async function makePublishedAgent(send: Send, didId: string, changes: object = {}): Promise<string> {
  const id = await makeAgent(send, { phone_number_ids: [didId], ...changes });
  const { status, body } = await send('POST', `agents/${id}/publish`);
  assert.equal(status, 200, JSON.stringify(body));
  return id;
}
