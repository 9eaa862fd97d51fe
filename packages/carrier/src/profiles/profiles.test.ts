import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MAGIC_NUMBERS } from '../destinations/destination.ts';
import { formatNumber, isE164, readNumber } from '../numbers/number-format.ts';
import { openCarrier } from '../testing/open-carrier.ts';
import { LOOPBACK } from '../testing/phone.ts';
import { findProfile, PROFILES } from './all.ts';

describe('profiles', () => {
  test('have names of their own, and are found by them', () => {
    assert.equal(new Set(PROFILES.map(({ name }) => name)).size, PROFILES.length);
    for (const profile of PROFILES) assert.equal(findProfile(profile.name), profile);
    assert.equal(findProfile('nobody'), undefined);
  });

  for (const profile of PROFILES) {
    test(`${profile.name} speaks under a reserved name and says where each habit is written`, () => {
      assert.match(profile.domain, /\.example$/);
      if (profile.digest !== undefined) assert.equal(profile.digest.realm, profile.domain);
      for (const { habit, source } of profile.habits) assert.ok(habit !== '' && source !== '');
    });

    test(`${profile.name} can dial every magic number in one of its formats`, () => {
      const { formats } = profile.destinations;
      for (const { number } of MAGIC_NUMBERS) {
        assert.ok(isE164(number));
        const [first] = formats;
        assert.ok(first);
        const read = readNumber(formatNumber(number, first, profile.dialPlan), formats, profile.dialPlan);
        assert.deepEqual(read.ok && read.number, number);
      }
    });

    test(`${profile.name} starts, and delivers a call`, async (t) => {
      const { carrier, phone } = await openCarrier(t, { profile });
      const { outcome } = await carrier.callInto('+442079460001', {
        target: `sip:x@${LOOPBACK}:${phone.port}`,
      });
      assert.equal(outcome, 'answered');
    });
  }
});
