import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { SipUri } from '../message/uri/sip-uri.ts';
import { TestDnsServer, type Zone } from '../testing/dns-server.ts';
import { uriOf } from '../testing/requests.ts';
import { DnsCache } from './dns-cache.ts';
import { NodeDnsClient } from './node-dns-client.ts';
import { SipResolver } from './sip-resolver.ts';

const signal = new AbortController().signal;

async function serve(t: { after(fn: () => Promise<unknown>): void }, zone: Zone) {
  const server = await TestDnsServer.open(zone, 77);
  t.after(() => server.close());
  const client = new NodeDnsClient({ servers: [server.address], timeoutMs: 100, tries: 1, hostsFile: false });
  return { server, client };
}

test('a domain is resolved through a real name server, and the second time from memory', async (t) => {
  const { server, client } = await serve(t, {
    'carrier.example': {
      NAPTR: [
        {
          order: 20,
          preference: 1,
          flags: 'S',
          service: 'SIP+D2U',
          replacement: '_sip._udp.carrier.example',
        },
        {
          order: 10,
          preference: 1,
          flags: 's',
          service: 'SIPS+D2T',
          replacement: '_sips._tcp.carrier.example',
        },
      ],
    },
    '_sip._udp.carrier.example': {
      SRV: [
        { priority: 20, weight: 0, port: 5060, target: 'b.carrier.example' },
        { priority: 10, weight: 5, port: 5080, target: 'a.carrier.example' },
      ],
    },
    '_sips._tcp.carrier.example': {
      SRV: [{ priority: 1, weight: 1, port: 5061, target: 'a.carrier.example' }],
    },
    'a.carrier.example': { A: ['192.0.2.1', '192.0.2.2'], AAAA: ['2001:db8::7'] },
    'b.carrier.example': { A: ['192.0.2.3'] },
  });
  const dns = new DnsCache(client, { nowMs: () => performance.now() });
  const resolver = new SipResolver({ dns, unit: Math.random });
  const uri = uriOf('sip:+15550100@carrier.example');
  assert.ok(uri instanceof SipUri);
  const first = await resolver.resolve(uri);
  assert.ok(first.ok);
  const summary = first.destinations.map(({ protocol, address, port }) => `${protocol} ${address} ${port}`);
  // A name server may turn the addresses of one name around.
  assert.deepEqual(summary.slice(0, 3).toSorted(), [
    'TLS 192.0.2.1 5061',
    'TLS 192.0.2.2 5061',
    'TLS 2001:db8::7 5061',
  ]);
  assert.deepEqual(summary.slice(3, 6).toSorted(), [
    'UDP 192.0.2.1 5080',
    'UDP 192.0.2.2 5080',
    'UDP 2001:db8::7 5080',
  ]);
  assert.equal(summary[6], 'UDP 192.0.2.3 5060');
  assert.equal(first.destinations[0]?.serverName, 'carrier.example');
  const asked = server.asked.length;
  assert.deepEqual((await resolver.resolve(uri)).ok, true);
  assert.equal(server.asked.length, asked);
});

test('TTLs of addresses are known', async (t) => {
  const { client } = await serve(t, { 'a.example': { A: ['192.0.2.1'], AAAA: ['2001:db8::1'] } });
  assert.deepEqual(await client.query('A', 'a.example', signal), {
    ok: true,
    records: ['192.0.2.1'],
    ttlSeconds: 77,
  });
  assert.deepEqual(await client.query('AAAA', 'a.example', signal), {
    ok: true,
    records: ['2001:db8::1'],
    ttlSeconds: 77,
  });
});

for (const [title, name, code] of [
  ['no such name', 'nobody.example', 'no-such-name'],
  ['no such record', 'empty.example', 'no-records'],
  ['a server that fails', 'broken.example', 'server-failure'],
  ['a server that refuses', 'secret.example', 'refused'],
  ['a server that is silent', 'slow.example', 'timed-out'],
] as const) {
  test(`${title} is a value`, async (t) => {
    const { client } = await serve(t, {
      'empty.example': {},
      'broken.example': 'SERVFAIL',
      'secret.example': 'REFUSED',
      'slow.example': 'silence',
    });
    assert.deepEqual(await client.query('SRV', name, signal), { ok: false, code });
  });
}

test('an abort ends the wait', async (t) => {
  const { client } = await serve(t, { 'slow.example': 'silence' });
  const stop = new AbortController();
  const asked = client.query('A', 'slow.example', stop.signal);
  stop.abort();
  assert.deepEqual(await asked, { ok: false, code: 'aborted' });
  assert.deepEqual(await client.query('A', 'slow.example', stop.signal), { ok: false, code: 'aborted' });
});

test('the hosts file is looked into first', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'tronco-hosts-'));
  t.after(() => rm(folder, { recursive: true }));
  const hostsFile = join(folder, 'hosts');
  await writeFile(
    hostsFile,
    '# lab\n192.0.2.50 PBX.lab pbx # the old one\n2001:db8::50\tpbx.lab\nnonsense x\n',
  );
  const server = await TestDnsServer.open({ 'other.lab': { A: ['192.0.2.60'] } });
  t.after(() => server.close());
  const client = new NodeDnsClient({ servers: [server.address], hostsFile });
  const a = await client.query('A', 'pbx.lab', signal);
  assert.deepEqual(a.ok && a.records, ['192.0.2.50']);
  const aaaa = await client.query('AAAA', 'pbx.lab', signal);
  assert.deepEqual(aaaa.ok && aaaa.records, ['2001:db8::50']);
  assert.deepEqual(server.asked, []);
  assert.equal((await client.query('A', 'other.lab', signal)).ok, true);
});
