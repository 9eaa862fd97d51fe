import assert from 'node:assert/strict';
import { makeDid, makeTrunk } from './fixtures.ts';
import type { Answer, TestEnvironment } from './test-app.ts';

export const REASON = 'Number is no longer in use after migration';

/** Numbers of one environment, and requests to release them. */
export async function startReleases({ send }: TestEnvironment) {
  const trunk = await makeTrunk(send);
  let counter = 0;
  const ask = (did: string, reason: unknown = REASON): Promise<Answer> =>
    send('POST', `phone-numbers/${did}/request-release`, { reason });
  return {
    trunk,
    /** A new number's id. */
    number(): Promise<string> {
      counter += 1;
      return makeDid(send, trunk, `+1555200${String(counter).padStart(4, '0')}`);
    },
    ask,
    /** A pending request's id. */
    async request(did: string): Promise<string> {
      const { status, body } = await ask(did);
      assert.equal(status, 201, JSON.stringify(body));
      return body.data.id;
    },
    /** The request as the environment's list shows it. */
    async listed(id: string) {
      const { body } = await send('GET', 'phone-numbers/release-requests');
      return body.data.find((item: { id: string }) => item.id === id);
    },
    /** What the audit log tells of a subject, newest first. */
    async eventTypes(subject: string): Promise<string[]> {
      const { body } = await send('GET', `audit-log?subject_id=${subject}`);
      return body.data.map((entry: { type: string }) => entry.type);
    },
  };
}

export type Releases = Awaited<ReturnType<typeof startReleases>>;
