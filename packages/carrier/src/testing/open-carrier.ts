import type { TestContext } from 'node:test';
import { FakeClock } from '@tronco/sip/testing';
import { type Carrier, createCarrier } from '../carrier.ts';
import type { CarrierOptions } from '../options.ts';
import { GENERIC_REGISTERED } from '../profiles/generic-registered.ts';
import { EventLog } from './event-log.ts';
import { LOOPBACK, Phone, type PhoneOptions } from './phone.ts';

export const PASSWORD = 'correct horse';
export const DID = '+442079460001';

export const ALICE = { id: 'acme', username: 'alice', password: PASSWORD } as const;
export const NEIGHBOUR = { id: 'other', username: 'bob', password: 'another' } as const;

export interface Setup {
  readonly carrier: Carrier;
  /** Time at the carrier; the phone's is real. */
  readonly clock: FakeClock;
  readonly log: EventLog;
  readonly phone: Phone;
  /** `sip:127.0.0.1:port` of the first listener. */
  readonly at: string;
}

/** A carrier and a customer's phone on loopback, closed when the test ends. */
export async function openCarrier(
  t: TestContext,
  options: Partial<CarrierOptions> = {},
  phoneOptions: PhoneOptions = {},
): Promise<Setup> {
  const clock = new FakeClock();
  const carrier = createCarrier({
    profile: GENERIC_REGISTERED,
    listen: [{ protocol: 'UDP', host: LOOPBACK, port: 0 }],
    customers: [ALICE, NEIGHBOUR],
    numbers: [
      { number: DID, customer: 'acme' },
      { number: '+442079460002', customer: 'other' },
    ],
    clock,
    ...options,
  });
  const log = new EventLog(carrier);
  const started = await carrier.start();
  if (!started.ok) throw new Error(started.detail);
  const authority = carrier.authority;
  const phone = await Phone.open({
    ...(authority === undefined ? {} : { tls: { authorities: authority } }),
    ...phoneOptions,
  });
  t.after(async () => {
    await phone.close();
    await carrier.stop();
  });
  return { carrier, clock, log, phone, at: carrier.addresses[0]?.uri ?? '' };
}
