import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { rackHeader, rseqHeader } from '../message/headers/reliability.ts';
import type { SipRequest } from '../message/message.ts';
import { AgentHarness, noteEnds, sdp, settle } from '../testing/agent-harness.ts';
import { testRequest } from '../testing/requests.ts';
import type { IncomingChange } from './incoming-change.ts';
import type { SessionEnd } from './session-context.ts';
import { sendRefer } from './refer-client.ts';
import type { Session } from './session.ts';

const status = fc.constantFrom(100, 180, 183, 200, 200, 202, 401, 422, 481, 486, 487, 491, 500, 503, 603);

/** What either side may do next; what makes no sense in the moment must do no harm. */
const step = fc.oneof(
  fc.record({ do: fc.constantFrom('ring', 'ring reliably', 'answer', 'reject', 'cancel', 'ack', 'prack') }),
  fc.record({
    do: fc.constantFrom('peer bye', 'peer invite', 'peer update', 'peer info', 'peer refer', 'peer notify'),
  }),
  fc.record({
    do: fc.constantFrom(
      'change',
      'update',
      'delayed change',
      'bye',
      'refer',
      'accept change',
      'reject change',
    ),
  }),
  fc.record({ do: fc.constant('peer answers'), status }),
  fc.record({ do: fc.constant('peer answers'), status }),
  fc.record({ do: fc.constant('wait'), ms: fc.integer({ min: 0, max: 40_000 }) }),
);

type Action = { readonly do: string; readonly status?: number; readonly ms?: number };

/** Plays both sides of one call. */
class Play {
  readonly harness = new AgentHarness();
  readonly ends: SessionEnd[][] = [];
  private readonly changes: IncomingChange[] = [];
  private readonly invite: SipRequest | undefined;
  private readonly open: SipRequest[] = [];
  private readonly seen = new Set<Session>();
  private rseq = 0;

  constructor(incoming: boolean) {
    if (!incoming) return;
    const headers = [
      ['Supported', '100rel, timer'],
      ['Session-Expires', '90'],
    ] as const;
    this.invite = this.harness.peerCalls({ body: 'peer offer', branch: 'z9hG4bKplay', headers });
  }

  async run(actions: readonly Action[]): Promise<void> {
    await this.look();
    for (const action of actions) {
      this.act(action);
      await this.look();
    }
  }

  /** Takes what was sent and watches new sessions. */
  private async look(): Promise<void> {
    await settle();
    for (const { message } of this.harness.transport.take()) {
      if (message.kind === 'request' && message.method !== 'ACK') this.open.push(message);
      if (message.kind === 'response') this.rseq = message.headers.value(rseqHeader) ?? this.rseq;
    }
    for (const session of this.harness.agent.sessions.all()) {
      if (this.seen.has(session)) continue;
      this.seen.add(session);
      this.ends.push(noteEnds(session));
      session.events.onChange = (change) => this.changes.push(change);
      session.events.onRefer = (refer) => refer.accept().notify(180);
    }
  }

  private act({ do: what, status: answer = 200, ms = 0 }: Action): void {
    const { harness, invite } = this;
    if (what === 'wait') return harness.clock.advance(ms);
    if (what === 'peer answers') {
      const request = this.open.shift();
      if (request !== undefined) harness.peerAnswers(request, answer, { sdp: 'peer body' });
      // A provisional response leaves the request open.
      if (request !== undefined && answer < 200) this.open.unshift(request);
      return;
    }
    for (const session of this.seen) this.actIn(session, what);
    if (invite === undefined) return;
    const { call } = harness;
    if (what === 'ring') call.ring();
    else if (what === 'ring reliably') call.ring({ status: 183, body: sdp('our answer'), reliable: true });
    else if (what === 'answer') call.answer({ body: sdp('our answer') });
    else if (what === 'reject') call.reject(486);
    else if (what === 'cancel') harness.receive(testRequest({ method: 'CANCEL', branch: 'z9hG4bKplay' }));
    else if (what === 'ack') harness.peerAcks(call.session, invite);
    else if (what === 'prack') {
      const rack = rackHeader.format({ responseNumber: this.rseq, sequence: 1, method: 'INVITE' });
      harness.peerSends(call.session, 'PRACK', { headers: [['RAck', rack]] });
    }
  }

  private actIn(session: Session, what: string): void {
    const { harness } = this;
    if (what === 'peer bye') harness.peerSends(session, 'BYE');
    else if (what === 'peer invite') harness.peerSends(session, 'INVITE', { body: 'their change' });
    else if (what === 'peer update') harness.peerSends(session, 'UPDATE', { body: 'their update' });
    else if (what === 'peer info') harness.peerSends(session, 'INFO');
    else if (what === 'peer refer')
      harness.peerSends(session, 'REFER', { headers: [['Refer-To', '<sip:a@b>']] });
    else if (what === 'peer notify') harness.peerSends(session, 'NOTIFY', { headers: [['Event', 'refer']] });
    else if (what === 'change') session.change(sdp('our change'));
    else if (what === 'update') session.change(sdp('our update'), {}, 'UPDATE');
    else if (what === 'delayed change') session.change(undefined, { onAccepted: (_, ack) => ack(sdp('x')) });
    else if (what === 'bye') session.bye();
    else if (what === 'refer') sendRefer(session, session.dialog.remote, {});
    else if (what === 'accept change') this.changes.shift()?.accept(sdp('accepted'));
    else if (what === 'reject change') this.changes.shift()?.reject();
  }

  /** Both sides fall silent, ours hangs up: 20 minutes are more than any timer but a forgotten one. */
  async end(): Promise<void> {
    for (let i = 0; i < 12; i++) {
      for (const session of this.harness.agent.sessions.all()) session.bye();
      await this.look();
      this.harness.clock.advance(100_000);
    }
    await this.look();
  }

  assertAtRest(): void {
    const { harness } = this;
    assert.equal(harness.clock.pending, 0, 'timers');
    assert.equal(harness.agent.sessions.size, 0, 'sessions');
    assert.equal(harness.agent.layer.clientCount, 0, 'client transactions');
    assert.equal(harness.agent.layer.serverCount, 0, 'server transactions');
    for (const ends of this.ends) assert.equal(ends.length, 1, 'every session ends once');
  }
}

describe('any order of events in a call', () => {
  test('that came in: nothing throws, and in the end nothing is left', async () => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 30, size: 'max' }), async (actions) => {
      const play = new Play(true);
      await play.run(actions);
      await play.end();
      play.assertAtRest();
    });
    await fc.assert(property, { numRuns: 500 });
  });

  test('that we made: likewise', async () => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 30, size: 'max' }), async (actions) => {
      const play = new Play(false);
      const to = play.harness.agent.contactFor({ protocol: 'UDP', address: '198.51.100.9', port: 5060 });
      play.harness.agent.call({ to, from: to, offer: sdp('our offer') }, {});
      await play.run(actions);
      await play.end();
      play.assertAtRest();
    });
    await fc.assert(property, { numRuns: 500 });
  });
});
