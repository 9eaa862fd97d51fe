import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type InviteServerName,
  type ServerEvent,
  startInviteServer,
  stepInviteServer,
} from './invite-server-machine.ts';
import type { Effect, MachineSettings, TimerName } from './machine.ts';
import {
  type NonInviteServerName,
  startNonInviteServer,
  stepNonInviteServer,
} from './non-invite-server-machine.ts';
import { DEFAULT_TIMERS } from './timers.ts';

const UDP: MachineSettings = { ...DEFAULT_TIMERS, reliable: false };
const TCP: MachineSettings = { ...DEFAULT_TIMERS, reliable: true };

const write = (effect: Effect): string => {
  if (effect.do === 'start') return `start ${effect.timer} ${effect.afterMs}`;
  if (effect.do === 'stop') return `stop ${effect.timer}`;
  return effect.do === 'inform' ? `inform ${effect.reason}` : effect.do;
};

const fires = (timer: TimerName): ServerEvent => ({ type: 'timer', timer });
const says = (status: number): ServerEvent => ({ type: 'respond', status });
const REQUEST: ServerEvent = { type: 'request' };
const ACK: ServerEvent = { type: 'ack' };
const FAILS: ServerEvent = { type: 'transport-error' };

type Row<Name> = readonly [
  section: string,
  from: Name,
  resendMs: number,
  event: ServerEvent,
  to: Name,
  resendAfterMs: number,
  effects: readonly string[],
  settings?: MachineSettings,
];

const INVITE_ROWS: readonly Row<InviteServerName>[] = [
  ['17.2.1 100 after 200 ms', 'Proceeding', 0, fires('Trying'), 'Proceeding', 0, ['send-trying']],
  ['17.2.1 repeated INVITE', 'Proceeding', 0, REQUEST, 'Proceeding', 0, ['send']],
  ['17.2.1 180', 'Proceeding', 0, says(180), 'Proceeding', 0, ['send', 'stop Trying', 'start C 600000']],
  [
    'RFC 6026 7.1 200',
    'Proceeding',
    0,
    says(200),
    'Accepted',
    0,
    ['send', 'stop Trying', 'stop C', 'start L 32000'],
  ],
  [
    'RFC 6026 7.1: timer L also on TCP',
    'Proceeding',
    0,
    says(200),
    'Accepted',
    0,
    ['send', 'stop Trying', 'stop C', 'start L 32000'],
    TCP,
  ],
  [
    '17.2.1 486',
    'Proceeding',
    0,
    says(486),
    'Completed',
    500,
    ['send', 'stop Trying', 'stop C', 'start G 500', 'start H 32000'],
  ],
  [
    '17.2.1 no timer G on TCP',
    'Proceeding',
    0,
    says(486),
    'Completed',
    0,
    ['send', 'stop Trying', 'stop C', 'start H 32000'],
    TCP,
  ],
  ['never answered', 'Proceeding', 0, fires('C'), 'Terminated', 0, ['inform timeout']],
  ['RFC 6026 8.5 transport error', 'Proceeding', 0, FAILS, 'Proceeding', 0, ['inform transport-error']],
  ['17.2.1 ACK out of place', 'Proceeding', 0, ACK, 'Proceeding', 0, []],
  ['17.2.1 repeated INVITE', 'Completed', 500, REQUEST, 'Completed', 500, ['send']],
  ['17.2.1 timer G doubles', 'Completed', 500, fires('G'), 'Completed', 1000, ['send', 'start G 1000']],
  ['17.2.1 timer G stops at T2', 'Completed', 4000, fires('G'), 'Completed', 4000, ['send', 'start G 4000']],
  ['17.2.1 timer H: no ACK', 'Completed', 4000, fires('H'), 'Terminated', 0, ['inform timeout']],
  ['17.2.1 ACK', 'Completed', 500, ACK, 'Confirmed', 0, ['stop G', 'stop H', 'start I 5000']],
  ['table 4: timer I is zero', 'Completed', 0, ACK, 'Terminated', 0, ['stop G', 'stop H'], TCP],
  ['17.2.4 transport error', 'Completed', 500, FAILS, 'Terminated', 0, ['inform transport-error']],
  ['17.2.1 a second final response', 'Completed', 500, says(200), 'Completed', 500, []],
  ['RFC 6026 7.1 repeated INVITE', 'Accepted', 0, REQUEST, 'Accepted', 0, []],
  ['RFC 6026 7.1 ACK with the same branch', 'Accepted', 0, ACK, 'Accepted', 0, ['deliver']],
  ['RFC 6026 7.1 the user repeats its 2xx', 'Accepted', 0, says(200), 'Accepted', 0, ['send']],
  ['RFC 6026 7.1 only 2xx', 'Accepted', 0, says(486), 'Accepted', 0, []],
  ['RFC 6026 7.1 timer L', 'Accepted', 0, fires('L'), 'Terminated', 0, []],
  ['RFC 6026 7.1 transport error', 'Accepted', 0, FAILS, 'Accepted', 0, ['inform transport-error']],
  ['17.2.1 repeated ACK', 'Confirmed', 0, ACK, 'Confirmed', 0, []],
  ['17.2.1 late INVITE', 'Confirmed', 0, REQUEST, 'Confirmed', 0, []],
  ['17.2.1 late timer G', 'Confirmed', 0, fires('G'), 'Confirmed', 0, []],
  ['17.2.1 timer I', 'Confirmed', 0, fires('I'), 'Terminated', 0, []],
  ['17.2.1 the end', 'Terminated', 0, REQUEST, 'Terminated', 0, []],
];

const NON_INVITE_ROWS: readonly Row<NonInviteServerName>[] = [
  ['17.2.2 repeated request', 'Trying', 0, REQUEST, 'Trying', 0, []],
  ['RFC 4320 4.1: 100 when timer E is at T2', 'Trying', 0, fires('Trying'), 'Proceeding', 0, ['send-trying']],
  ['RFC 4320 4.1: no 100 before', 'Trying', 0, says(100), 'Trying', 0, []],
  ['RFC 4320 4.1: no other 1xx', 'Trying', 0, says(180), 'Trying', 0, []],
  ['RFC 4320 4.2: no 408', 'Trying', 0, says(408), 'Trying', 0, []],
  ['17.2.2 200', 'Trying', 0, says(200), 'Completed', 0, ['send', 'stop Trying', 'stop F', 'start J 32000']],
  [
    'table 4: timer J is zero',
    'Trying',
    0,
    says(200),
    'Terminated',
    0,
    ['send', 'stop Trying', 'stop F'],
    TCP,
  ],
  ['RFC 4320 4.2: too late to answer', 'Trying', 0, fires('F'), 'Terminated', 0, ['inform timeout']],
  ['17.2.4 transport error', 'Trying', 0, FAILS, 'Terminated', 0, ['inform transport-error']],
  ['17.2.2 an ACK means nothing', 'Trying', 0, ACK, 'Trying', 0, []],
  ['17.2.2 repeated request', 'Proceeding', 0, REQUEST, 'Proceeding', 0, ['send']],
  ['17.2.2 100 again', 'Proceeding', 0, says(100), 'Proceeding', 0, ['send']],
  [
    '17.2.2 500',
    'Proceeding',
    0,
    says(500),
    'Completed',
    0,
    ['send', 'stop Trying', 'stop F', 'start J 32000'],
  ],
  ['RFC 4320 4.2: too late to answer', 'Proceeding', 0, fires('F'), 'Terminated', 0, ['inform timeout']],
  ['17.2.4 transport error', 'Proceeding', 0, FAILS, 'Terminated', 0, ['inform transport-error']],
  ['17.2.2 repeated request', 'Completed', 0, REQUEST, 'Completed', 0, ['send']],
  ['17.2.2 a second final response', 'Completed', 0, says(404), 'Completed', 0, []],
  ['17.2.2 timer J', 'Completed', 0, fires('J'), 'Terminated', 0, []],
  ['17.2.4 transport error', 'Completed', 0, FAILS, 'Terminated', 0, ['inform transport-error']],
  ['17.2.2 the end', 'Terminated', 0, REQUEST, 'Terminated', 0, []],
];

function title(row: Row<string>): string {
  const [section, from, , event, to, , , settings] = row;
  const what = event.type === 'timer' ? event.timer : event.type === 'respond' ? event.status : event.type;
  return `${section}: ${from} --${what}--> ${to}${settings?.reliable === true ? ' (TCP)' : ''}`;
}

describe('INVITE server transaction, RFC 3261 §17.2.1 and RFC 6026', () => {
  test('17.2.1: the request is delivered, 100 follows after 200 ms', () => {
    const { state, effects } = startInviteServer(UDP);
    assert.equal(state.name, 'Proceeding');
    assert.deepEqual(effects.map(write), ['start Trying 200', 'start C 600000', 'deliver']);
  });
  test('17.2.1: 100 at once when so configured', () => {
    const { effects } = startInviteServer({ ...UDP, tryingAfterMs: 0 });
    assert.deepEqual(effects.map(write), ['send-trying', 'start C 600000', 'deliver']);
  });
  for (const row of INVITE_ROWS) {
    const [, from, resendMs, event, to, resendAfterMs, effects, settings] = row;
    test(title(row), () => {
      const result = stepInviteServer({ name: from, resendMs }, event, settings ?? UDP);
      assert.deepEqual(result.state, { name: to, resendMs: resendAfterMs });
      assert.deepEqual(result.effects.map(write), effects);
    });
  }
});

describe('non-INVITE server transaction, RFC 3261 §17.2.2 and RFC 4320', () => {
  test('RFC 4320 4.1: timer E of the client reaches T2 after 3.5 s', () => {
    const { state, effects } = startNonInviteServer(UDP);
    assert.equal(state.name, 'Trying');
    assert.deepEqual(effects.map(write), ['start Trying 3500', 'start F 32000', 'deliver']);
  });
  for (const row of NON_INVITE_ROWS) {
    const [, from, resendMs, event, to, resendAfterMs, effects, settings] = row;
    test(title(row), () => {
      const result = stepNonInviteServer({ name: from, resendMs }, event, settings ?? UDP);
      assert.deepEqual(result.state, { name: to, resendMs: resendAfterMs });
      assert.deepEqual(result.effects.map(write), effects);
    });
  }
});
