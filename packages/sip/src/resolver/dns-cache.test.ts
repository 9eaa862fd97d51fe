import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DnsCache, type DnsCacheOptions } from './dns-cache.ts';
import type { DnsAnswer, DnsClient, RecordOf, RecordType } from './dns-client.ts';

const signal = new AbortController().signal;

/** Each question waits for `answer`, which answers all that wait. */
class ManualDns implements DnsClient {
  asked = 0;
  private waiting: ((answer: DnsAnswer<never>) => void)[] = [];

  query<T extends RecordType>(): Promise<DnsAnswer<RecordOf[T]>> {
    this.asked++;
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  answer(answer: DnsAnswer<string>): void {
    for (const resolve of this.waiting.splice(0)) resolve(answer as DnsAnswer<never>);
  }
}

function setup(options: Partial<DnsCacheOptions> = {}) {
  const clock = { ms: 0 };
  const dns = new ManualDns();
  const cache = new DnsCache(dns, { nowMs: () => clock.ms, ...options });
  const ask = async (answer?: DnsAnswer<string>, name = 'a.example') => {
    const asked = cache.query('A', name, signal);
    if (answer !== undefined) dns.answer(answer);
    return asked;
  };
  return { clock, dns, cache, ask };
}

const found = (address: string, ttlSeconds?: number): DnsAnswer<string> => ({
  ok: true,
  records: [address],
  ttlSeconds,
});

test('an answer is kept for its TTL, in any case of the name', async () => {
  const { clock, dns, ask } = setup();
  await ask(found('192.0.2.1', 10));
  clock.ms = 9_999;
  assert.deepEqual(await ask(undefined, 'A.EXAMPLE'), found('192.0.2.1', 10));
  assert.equal(dns.asked, 1);
  clock.ms = 10_001;
  assert.deepEqual(await ask(found('192.0.2.2', 10)), found('192.0.2.2', 10));
});

test('a TTL that is not known, one of 0, and one that is too long', async () => {
  const { clock, dns, ask } = setup({ defaultTtlSeconds: 60, maxTtlSeconds: 100 });
  await ask(found('192.0.2.1'));
  clock.ms = 59_000;
  await ask();
  assert.equal(dns.asked, 1);
  clock.ms = 61_000;
  await ask(found('192.0.2.1', 0));
  await ask(found('192.0.2.1', 9_999_999));
  assert.equal(dns.asked, 3);
  clock.ms += 101_000;
  await ask(found('192.0.2.1', 1));
  assert.equal(dns.asked, 4);
});

test('an absent name is remembered, a failure only for a moment', async () => {
  const { clock, dns, ask } = setup();
  await ask({ ok: false, code: 'no-such-name' });
  clock.ms = 29_000;
  assert.deepEqual(await ask(), { ok: false, code: 'no-such-name' });
  await ask({ ok: false, code: 'timed-out' }, 'b.example');
  clock.ms += 2_001;
  await ask(found('192.0.2.1'), 'b.example');
  assert.equal(dns.asked, 3);
});

test('while DNS fails, the last answer still serves (RFC 8767), but not for ever', async () => {
  const { clock, ask } = setup({ staleSeconds: 100 });
  await ask(found('192.0.2.1', 10));
  clock.ms = 50_000;
  assert.deepEqual(await ask({ ok: false, code: 'timed-out' }), found('192.0.2.1', 10));
  clock.ms = 200_000;
  assert.deepEqual(await ask({ ok: false, code: 'timed-out' }), { ok: false, code: 'timed-out' });
});

test('the same question at the same time is asked once, and an abort only concerns who aborts', async () => {
  const { dns, cache } = setup();
  const stop = new AbortController();
  const patient = cache.query('A', 'a.example', signal);
  const hasty = cache.query('A', 'a.example', stop.signal);
  stop.abort();
  assert.deepEqual(await hasty, { ok: false, code: 'aborted' });
  dns.answer(found('192.0.2.1', 10));
  assert.equal((await patient).ok, true);
  assert.equal(dns.asked, 1);
});

test('the cache is bounded', async () => {
  const { dns, ask } = setup({ maxEntries: 2 });
  for (const name of ['a', 'b', 'c']) await ask(found('192.0.2.1', 60), name);
  await ask(undefined, 'c');
  assert.equal(dns.asked, 3);
  await ask(found('192.0.2.1', 60), 'a');
  assert.equal(dns.asked, 4);
});
