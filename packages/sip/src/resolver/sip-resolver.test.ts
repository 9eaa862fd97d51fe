import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SipUri } from '../message/uri/sip-uri.ts';
import { uriOf } from '../testing/requests.ts';
import type { Destination, ResolveResult } from '../transport/transport.ts';
import type { DnsAnswer, DnsClient, DnsFailureCode, RecordOf, RecordType } from './dns-client.ts';
import { SipResolver, type SipResolverOptions } from './sip-resolver.ts';

type Table = Readonly<Record<string, readonly unknown[] | DnsFailureCode>>;

/** Answers from a table with keys such as "SRV _sip._udp.example.com"; anything else does not exist. */
class TableDns implements DnsClient {
  readonly asked: string[] = [];
  private readonly table: Table;

  constructor(table: Table) {
    this.table = table;
  }

  query<T extends RecordType>(type: T, name: string): Promise<DnsAnswer<RecordOf[T]>> {
    this.asked.push(`${type} ${name}`);
    const found = this.table[`${type} ${name}`] ?? 'no-such-name';
    if (typeof found === 'string') return Promise.resolve({ ok: false, code: found });
    return Promise.resolve({ ok: true, records: found as readonly RecordOf[T][], ttlSeconds: 60 });
  }
}

const srv = (target: string, port = 5060, priority = 1, weight = 1) => ({ target, port, priority, weight });
const naptr = (service: string, replacement: string, order = 1, preference = 1) => ({
  order,
  preference,
  flags: 's',
  service,
  replacement,
});

const sip = (text: string): SipUri => {
  const uri = uriOf(text);
  assert.ok(uri instanceof SipUri);
  return uri;
};

function resolve(uri: string, table: Table = {}, options: Partial<SipResolverOptions> = {}) {
  const dns = new TableDns(table);
  const resolver = new SipResolver({ dns, unit: () => 0.999, ...options });
  return { dns, result: resolver.resolve(sip(uri)) };
}

const brief = (destination: Destination): string =>
  `${destination.protocol} ${destination.address} ${destination.port}${destination.serverName === undefined ? '' : ` ${destination.serverName}`}`;

const places = (result: ResolveResult): readonly string[] =>
  result.ok ? result.destinations.map(brief) : [`${result.code}: ${result.detail}`];

async function expect(uri: string, table: Table, expected: readonly string[], options = {}): Promise<void> {
  assert.deepEqual(places(await resolve(uri, table, options).result), expected);
}

describe('what the URI fixes needs no DNS, or little (RFC 3263 §4.1, §4.2)', () => {
  for (const [uri, expected] of [
    ['sip:192.0.2.1', 'UDP 192.0.2.1 5060'],
    ['sip:192.0.2.1:5070', 'UDP 192.0.2.1 5070'],
    ['sip:192.0.2.1;transport=tcp', 'TCP 192.0.2.1 5060'],
    ['sip:192.0.2.1;transport=TLS', 'TLS 192.0.2.1 5061 192.0.2.1'],
    ['sips:192.0.2.1', 'TLS 192.0.2.1 5061 192.0.2.1'],
    ['sips:[2001:db8::1]:5071;transport=tcp', 'TLS 2001:db8::1 5071 2001:db8::1'],
    ['sip:[2001:db8::1]', 'UDP 2001:db8::1 5060'],
    ['sip:a.example;maddr=192.0.2.9', 'UDP 192.0.2.9 5060'],
  ] as const) {
    test(uri, async () => {
      const { dns, result } = resolve(uri);
      assert.deepEqual(places(await result), [expected]);
      assert.deepEqual(dns.asked, []);
    });
  }

  test('a port goes straight to addresses, IPv4 first', async () => {
    const table = { 'A a.example': ['192.0.2.1', '192.0.2.2'], 'AAAA a.example': ['2001:db8::1'] };
    const { dns, result } = resolve('sip:A.Example.:5070', table);
    assert.deepEqual(places(await result), [
      'UDP 192.0.2.1 5070',
      'UDP 192.0.2.2 5070',
      'UDP 2001:db8::1 5070',
    ]);
    assert.deepEqual(dns.asked, ['A a.example', 'AAAA a.example']);
    await expect('sips:a.example:5071', table, ['TLS 2001:db8::1 5071 a.example'], { families: [6] });
  });

  test('a transport goes to SRV without NAPTR', async () => {
    const table = { 'SRV _sip._tcp.a.example': [srv('h.example', 5080)], 'A h.example': ['192.0.2.1'] };
    const { dns, result } = resolve('sip:a.example;transport=tcp', table);
    assert.deepEqual(places(await result), ['TCP 192.0.2.1 5080']);
    assert.ok(!dns.asked.some((question) => question.startsWith('NAPTR')));
  });

  test('what we do not have is refused in words', async () => {
    await expect('sip:a.example;transport=sctp', {}, [
      'unsupported: the transport that the URI asks for is not supported',
    ]);
    await expect('sip:192.0.2.1;transport=tcp', {}, ['unsupported: TCP is not available here'], {
      protocols: ['UDP'],
    });
    await expect('sip:[2001:db8::1]', {}, ['unsupported: no address of a family that is available here'], {
      families: [4],
    });
  });
});

describe('NAPTR chooses the protocol, SRV the host (RFC 3263 §4)', () => {
  const table: Table = {
    'NAPTR a.example': [
      naptr('SIP+D2U', '_sip._udp.a.example', 50, 50),
      naptr('SIPS+D2T', '_sips._tcp.a.example', 10, 50),
      naptr('SIP+D2T', '_sip._tcp.a.example', 20, 50),
      naptr('SIP+D2S', '_sip._sctp.a.example', 5, 50),
    ],
    'SRV _sips._tcp.a.example': [srv('tls.b.example', 5061)],
    'SRV _sip._tcp.a.example': [srv('two.b.example', 5060, 20), srv('one.b.example', 5062, 10)],
    'SRV _sip._udp.a.example': [srv('one.b.example', 5060)],
    'A one.b.example': ['192.0.2.1'],
    'A two.b.example': ['192.0.2.2'],
    'A tls.b.example': ['192.0.2.3'],
  };

  test('in their order, and TLS must prove the domain of the URI, not the host', () =>
    expect('sip:a.example', table, [
      'TLS 192.0.2.3 5061 a.example',
      'TCP 192.0.2.1 5062',
      'TCP 192.0.2.2 5060',
      'UDP 192.0.2.1 5060',
    ]));

  test('only what we support', () =>
    expect('sip:a.example', table, ['UDP 192.0.2.1 5060'], { protocols: ['UDP'] }));

  test('sips never leaves TLS', () => expect('sips:a.example', table, ['TLS 192.0.2.3 5061 a.example']));

  test('without NAPTR, the SRV records of everything we support', () =>
    expect('sip:a.example', { ...table, 'NAPTR a.example': 'no-records' }, [
      'UDP 192.0.2.1 5060',
      'TCP 192.0.2.1 5062',
      'TCP 192.0.2.2 5060',
      'TLS 192.0.2.3 5061 a.example',
    ]));

  test('a name server that chokes on NAPTR does not hide the SRV records', () =>
    expect('sip:a.example', { ...table, 'NAPTR a.example': 'server-failure' }, ['UDP 192.0.2.1 5060'], {
      protocols: ['UDP'],
    }));

  test('without any SRV record, the domain itself', async () => {
    await expect('sip:a.example', { 'A a.example': ['192.0.2.4'] }, ['UDP 192.0.2.4 5060']);
    await expect('sips:a.example', { 'A a.example': ['192.0.2.4'] }, ['TLS 192.0.2.4 5061 a.example']);
  });

  test('a host of a service that has no address is passed over', () =>
    expect('sip:a.example;transport=tcp', { ...table, 'A one.b.example': 'no-records' }, [
      'TCP 192.0.2.2 5060',
    ]));
});

describe('failures say which question and why', () => {
  test('no such name', async () => {
    const result = await resolve('sip:nobody.example').result;
    assert.ok(!result.ok);
    assert.equal(result.code, 'not-found');
    assert.equal(result.detail, 'A nobody.example does not exist');
    assert.ok(result.queries?.some(({ type, outcome }) => type === 'NAPTR' && outcome === 'no-such-name'));
  });

  test('a service that is decidedly not offered is not sought elsewhere (RFC 2782)', async () => {
    const table = { 'SRV _sip._udp.a.example': [srv('.', 0)], 'A a.example': ['192.0.2.1'] };
    const result = await resolve('sip:a.example', table, { protocols: ['UDP'] }).result;
    assert.ok(!result.ok);
    assert.equal(result.code, 'not-found');
  });

  test('DNS that does not answer is not taken for an absent record', async () => {
    const table: Table = { 'SRV _sip._udp.a.example': 'timed-out', 'A a.example': ['192.0.2.1'] };
    await expect('sip:a.example', table, ['failed: SRV _sip._udp.a.example got no answer in time'], {
      protocols: ['UDP'],
    });
  });

  test('the number of destinations is bounded, repeats are left out', async () => {
    const many = Array.from({ length: 200 }, (_, i) => `192.0.2.${i}`);
    const result = await resolve('sip:a.example:5060', { 'A a.example': [...many, ...many] }).result;
    assert.ok(result.ok);
    assert.equal(result.destinations.length, 32);
    assert.equal(new Set(result.destinations.map(brief)).size, 32);
  });
});
