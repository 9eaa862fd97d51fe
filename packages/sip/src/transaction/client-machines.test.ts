import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type ClientEvent,
  type InviteClientName,
  startInviteClient,
  stepInviteClient,
} from './invite-client-machine.ts';
import type { Effect, MachineSettings, TimerName } from './machine.ts';
import {
  type NonInviteClientName,
  startNonInviteClient,
  stepNonInviteClient,
} from './non-invite-client-machine.ts';
import { DEFAULT_TIMERS } from './timers.ts';

const UDP: MachineSettings = { ...DEFAULT_TIMERS, reliable: false };
const TCP: MachineSettings = { ...DEFAULT_TIMERS, reliable: true };

/** `send`, `start A 500`, `stop B`, `inform timeout` */
const write = (effect: Effect): string => {
  if (effect.do === 'start') return `start ${effect.timer} ${effect.afterMs}`;
  if (effect.do === 'stop') return `stop ${effect.timer}`;
  return effect.do === 'inform' ? `inform ${effect.reason}` : effect.do;
};

const fires = (timer: TimerName): ClientEvent => ({ type: 'timer', timer });
const gets = (status: number): ClientEvent => ({ type: 'response', status });
const FAILS: ClientEvent = { type: 'transport-error' };
const CANCELLED: ClientEvent = { type: 'cancelled' };

type Row<Name> = readonly [
  section: string,
  from: Name,
  resendMs: number,
  event: ClientEvent,
  to: Name,
  resendAfterMs: number,
  effects: readonly string[],
  settings?: MachineSettings,
];

const INVITE_ROWS: readonly Row<InviteClientName>[] = [
  ['17.1.1.2 timer A doubles', 'Calling', 500, fires('A'), 'Calling', 1000, ['send', 'start A 1000']],
  ['17.1.1.2 timer A has no ceiling', 'Calling', 4000, fires('A'), 'Calling', 8000, ['send', 'start A 8000']],
  ['17.1.1.2 timer B', 'Calling', 500, fires('B'), 'Terminated', 0, ['inform timeout']],
  ['17.1.1.2 transport error', 'Calling', 500, FAILS, 'Terminated', 0, ['inform transport-error']],
  [
    '17.1.1.2 100',
    'Calling',
    500,
    gets(100),
    'Proceeding',
    0,
    ['deliver', 'stop A', 'stop B', 'start C 600000'],
  ],
  [
    '17.1.1.2 180',
    'Calling',
    500,
    gets(180),
    'Proceeding',
    0,
    ['deliver', 'stop A', 'stop B', 'start C 600000'],
  ],
  [
    'RFC 6026 8.4 200',
    'Calling',
    500,
    gets(200),
    'Accepted',
    0,
    ['deliver', 'stop A', 'stop B', 'start M 32000'],
  ],
  [
    '17.1.1.2 486',
    'Calling',
    500,
    gets(486),
    'Completed',
    0,
    ['ack', 'deliver', 'stop A', 'stop B', 'start D 32000'],
  ],
  [
    'table 4: timer D is zero',
    'Calling',
    0,
    gets(486),
    'Terminated',
    0,
    ['ack', 'deliver', 'stop A', 'stop B'],
    TCP,
  ],
  [
    'RFC 6026 7.2: timer M is not',
    'Calling',
    0,
    gets(200),
    'Accepted',
    0,
    ['deliver', 'stop A', 'stop B', 'start M 32000'],
    TCP,
  ],
  ['9.1 a CANCEL waits for a response', 'Calling', 500, CANCELLED, 'Calling', 500, []],
  ['17.1.1.2 strange timer', 'Calling', 500, fires('D'), 'Calling', 500, []],
  ['17.1.1.2 another 180', 'Proceeding', 0, gets(180), 'Proceeding', 0, ['deliver', 'start C 600000']],
  ['16.7 item 2: 100 keeps timer C', 'Proceeding', 0, gets(100), 'Proceeding', 0, ['deliver']],
  [
    'RFC 6026 8.4 200',
    'Proceeding',
    0,
    gets(200),
    'Accepted',
    0,
    ['deliver', 'stop C', 'stop Cancel', 'start M 32000'],
  ],
  [
    '17.1.1.2 302',
    'Proceeding',
    0,
    gets(302),
    'Completed',
    0,
    ['ack', 'deliver', 'stop C', 'stop Cancel', 'start D 32000'],
  ],
  [
    'table 4: timer D is zero',
    'Proceeding',
    0,
    gets(603),
    'Terminated',
    0,
    ['ack', 'deliver', 'stop C', 'stop Cancel'],
    TCP,
  ],
  ['16.6 item 11 timer C', 'Proceeding', 0, fires('C'), 'Terminated', 0, ['inform timeout']],
  ['9.1 cancelled', 'Proceeding', 0, CANCELLED, 'Proceeding', 0, ['start Cancel 32000']],
  ['9.1 no end after 64*T1', 'Proceeding', 0, fires('Cancel'), 'Terminated', 0, ['inform timeout']],
  ['17.1.1.2 late timer A', 'Proceeding', 0, fires('A'), 'Proceeding', 0, []],
  ['17.1.1.2 nothing is being sent', 'Proceeding', 0, FAILS, 'Proceeding', 0, []],
  ['17.1.1.2 486 again', 'Completed', 0, gets(486), 'Completed', 0, ['ack']],
  ['17.1.1.2 late 180', 'Completed', 0, gets(180), 'Completed', 0, []],
  ['17.1.1.2 late 200', 'Completed', 0, gets(200), 'Completed', 0, []],
  ['17.1.1.2 timer D', 'Completed', 0, fires('D'), 'Terminated', 0, []],
  ['17.1.1.2 the ACK fails', 'Completed', 0, FAILS, 'Terminated', 0, ['inform transport-error']],
  ['9.1 too late', 'Completed', 0, CANCELLED, 'Completed', 0, []],
  ['RFC 6026 7.2 200 again', 'Accepted', 0, gets(200), 'Accepted', 0, ['deliver']],
  ['RFC 6026 7.2 late 180', 'Accepted', 0, gets(180), 'Accepted', 0, []],
  ['RFC 6026 7.2 late 486', 'Accepted', 0, gets(486), 'Accepted', 0, []],
  ['RFC 6026 7.2 timer M', 'Accepted', 0, fires('M'), 'Terminated', 0, []],
  ['RFC 6026 7.2 transport error', 'Accepted', 0, FAILS, 'Accepted', 0, []],
  ['9.1 too late', 'Accepted', 0, CANCELLED, 'Accepted', 0, []],
  ['17.1.1.2 the end', 'Terminated', 0, gets(200), 'Terminated', 0, []],
];

const NON_INVITE_ROWS: readonly Row<NonInviteClientName>[] = [
  ['17.1.2.2 timer E doubles', 'Trying', 500, fires('E'), 'Trying', 1000, ['send', 'start E 1000']],
  ['17.1.2.2 timer E stops at T2', 'Trying', 4000, fires('E'), 'Trying', 4000, ['send', 'start E 4000']],
  ['17.1.2.2 timer F', 'Trying', 500, fires('F'), 'Terminated', 0, ['inform timeout']],
  ['17.1.2.2 transport error', 'Trying', 500, FAILS, 'Terminated', 0, ['inform transport-error']],
  ['17.1.2.2 100', 'Trying', 1000, gets(100), 'Proceeding', 1000, ['deliver']],
  ['17.1.2.2 200', 'Trying', 500, gets(200), 'Completed', 0, ['deliver', 'stop E', 'stop F', 'start K 5000']],
  ['table 4: timer K is zero', 'Trying', 0, gets(404), 'Terminated', 0, ['deliver', 'stop E', 'stop F'], TCP],
  ['9.1 only an INVITE is cancelled', 'Trying', 500, CANCELLED, 'Trying', 500, []],
  [
    '17.1.2.2 timer E goes on every T2',
    'Proceeding',
    1000,
    fires('E'),
    'Proceeding',
    4000,
    ['send', 'start E 4000'],
  ],
  ['17.1.2.2 timer F', 'Proceeding', 4000, fires('F'), 'Terminated', 0, ['inform timeout']],
  ['17.1.2.2 transport error', 'Proceeding', 4000, FAILS, 'Terminated', 0, ['inform transport-error']],
  ['17.1.2.2 another 1xx', 'Proceeding', 4000, gets(199), 'Proceeding', 4000, ['deliver']],
  [
    '17.1.2.2 481',
    'Proceeding',
    4000,
    gets(481),
    'Completed',
    0,
    ['deliver', 'stop E', 'stop F', 'start K 5000'],
  ],
  ['17.1.2.2 200 again', 'Completed', 0, gets(200), 'Completed', 0, []],
  ['17.1.2.2 timer K', 'Completed', 0, fires('K'), 'Terminated', 0, []],
  ['17.1.2.2 transport error', 'Completed', 0, FAILS, 'Completed', 0, []],
  ['17.1.2.2 the end', 'Terminated', 0, gets(200), 'Terminated', 0, []],
];

function title(row: Row<string>): string {
  const [section, from, , event, to, , , settings] = row;
  const what = event.type === 'timer' ? event.timer : event.type === 'response' ? event.status : event.type;
  return `${section}: ${from} --${what}--> ${to}${settings?.reliable === true ? ' (TCP)' : ''}`;
}

describe('INVITE client transaction, RFC 3261 §17.1.1 and RFC 6026', () => {
  test('17.1.1.2: over UDP timers A (T1) and B (64*T1) start', () => {
    const { state, effects } = startInviteClient(UDP);
    assert.deepEqual(state, { name: 'Calling', resendMs: 500 });
    assert.deepEqual(effects.map(write), ['send', 'start A 500', 'start B 32000']);
  });
  test('17.1.1.2: over TCP there is no timer A', () => {
    assert.deepEqual(startInviteClient(TCP).effects.map(write), ['send', 'start B 32000']);
  });
  for (const row of INVITE_ROWS) {
    const [, from, resendMs, event, to, resendAfterMs, effects, settings] = row;
    test(title(row), () => {
      const result = stepInviteClient({ name: from, resendMs }, event, settings ?? UDP);
      assert.deepEqual(result.state, { name: to, resendMs: resendAfterMs });
      assert.deepEqual(result.effects.map(write), effects);
    });
  }
});

describe('non-INVITE client transaction, RFC 3261 §17.1.2', () => {
  test('17.1.2.2: over UDP timers E (T1) and F (64*T1) start', () => {
    const { state, effects } = startNonInviteClient(UDP);
    assert.deepEqual(state, { name: 'Trying', resendMs: 500 });
    assert.deepEqual(effects.map(write), ['send', 'start E 500', 'start F 32000']);
  });
  test('17.1.2.2: over TCP there is no timer E', () => {
    assert.deepEqual(startNonInviteClient(TCP).effects.map(write), ['send', 'start F 32000']);
  });
  for (const row of NON_INVITE_ROWS) {
    const [, from, resendMs, event, to, resendAfterMs, effects, settings] = row;
    test(title(row), () => {
      const result = stepNonInviteClient({ name: from, resendMs }, event, settings ?? UDP);
      assert.deepEqual(result.state, { name: to, resendMs: resendAfterMs });
      assert.deepEqual(result.effects.map(write), effects);
    });
  }
});
