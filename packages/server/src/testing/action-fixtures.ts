/** The contract's own examples (§5.1), with an integration and numbers that exist. */
export const WEBHOOK = {
  node_id: 'action-node-456',
  name: 'Schedule Meeting',
  description: 'Schedule a meeting with the customer',
  type: 'webhook',
  inputs: [
    { name: 'date', type: 'string', required: true, description: 'Meeting date' },
    { name: 'time', type: 'string', required: true, description: 'Meeting time' },
  ],
  integration: { id: 'calendar' },
  url: 'https://api.example.com/schedule',
  authorization_url: 'https://api.example.com/auth',
  current_status: 'active',
};
export const transferInput = (value: unknown) => ({
  name: 'transfer_to',
  type: 'string',
  required: true,
  description: 'Transfer to',
  value,
});
export const holdInput = (value: unknown) => ({
  name: 'hold_duration',
  type: 'integer',
  required: true,
  description: 'Hold duration in seconds',
  value,
});
export const TRANSFER = {
  node_id: 'action-node-789',
  name: 'Transfer Call',
  description: 'Transfer the call to a human agent',
  type: 'transfer',
  inputs: [transferInput('+15551234567')],
  transfer_to: '+15551234567',
  current_status: 'active',
};
export const HOLD = {
  node_id: 'action-node-101',
  name: 'Put Call on Hold',
  description: 'Put the call on hold',
  type: 'hold',
  inputs: [holdInput(30)],
  hold_duration: 30,
  current_status: 'active',
};
