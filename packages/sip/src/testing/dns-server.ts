import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIP, SocketAddress } from 'node:net';
import type { NaptrRecord, RecordOf, RecordType, SrvRecord } from '../resolver/dns-client.ts';

// A name server on loopback (RFC 1035), just large enough to prove the path through the real client.

const TYPES: Readonly<Record<number, RecordType>> = { 1: 'A', 28: 'AAAA', 33: 'SRV', 35: 'NAPTR' };
const CODES: Readonly<Record<RecordType, number>> = { A: 1, AAAA: 28, SRV: 33, NAPTR: 35 };
const IN = 1;
const RESPONSE = 0x8400;
const NXDOMAIN = 3;

/** What a name answers. A response code instead of records makes the server fail; `silence` drops the question. */
export interface Zone {
  readonly [name: string]:
    | { readonly [T in RecordType]?: readonly RecordOf[T][] }
    | 'SERVFAIL'
    | 'REFUSED'
    | 'silence';
}

const RCODES = { SERVFAIL: 2, REFUSED: 5 } as const;

export class TestDnsServer {
  /** Every question, as "SRV _sip._udp.example.com". */
  readonly asked: string[] = [];
  private readonly socket: Socket = createSocket('udp4');
  private zone: Zone;
  private readonly ttlSeconds: number;

  private constructor(zone: Zone, ttlSeconds: number) {
    this.zone = zone;
    this.ttlSeconds = ttlSeconds;
    this.socket.on('message', (query, { port, address }) => {
      const answer = this.answer(query);
      if (answer !== undefined) this.socket.send(answer, port, address);
    });
  }

  static async open(zone: Zone, ttlSeconds = 300): Promise<TestDnsServer> {
    const server = new TestDnsServer(zone, ttlSeconds);
    server.socket.bind(0, '127.0.0.1');
    await once(server.socket, 'listening');
    return server;
  }

  /** For the `servers` of a client. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  serve(zone: Zone): void {
    this.zone = zone;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.socket.close(() => resolve()));
  }

  private answer(query: Buffer): Buffer | undefined {
    const { name, end } = readName(query, 12);
    const type = TYPES[query.readUInt16BE(end)];
    const question = query.subarray(12, end + 4);
    this.asked.push(`${type ?? 'other'} ${name}`);
    const entry = this.zone[name.toLowerCase()];
    if (entry === 'silence') return undefined;
    if (typeof entry === 'string') return message(query, RCODES[entry], question, []);
    if (entry === undefined || type === undefined) return message(query, NXDOMAIN, question, []);
    const datas = (entry[type] ?? []).map((record) => recordData(type, record));
    const records = datas.map((data) => resourceRecord(CODES[type], this.ttlSeconds, data));
    return message(query, 0, question, records);
  }
}

function message(query: Buffer, code: number, question: Buffer, records: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  // Recursion desired comes back as it was asked for.
  header.writeUInt16BE(RESPONSE | (query.readUInt16BE(2) & 0x0100) | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question, ...records]);
}

function resourceRecord(type: number, ttlSeconds: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  // A pointer to the name in the question (RFC 1035 §4.1.4).
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(IN, 4);
  head.writeUInt32BE(ttlSeconds, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function recordData(type: RecordType, record: RecordOf[RecordType]): Buffer {
  if (typeof record === 'string') return addressBytes(record);
  return type === 'SRV' ? srvBytes(record as SrvRecord) : naptrBytes(record as NaptrRecord);
}

function srvBytes({ priority, weight, port, target }: SrvRecord): Buffer {
  return Buffer.concat([shorts(priority, weight, port), nameBytes(target)]);
}

function naptrBytes({ order, preference, flags, service, replacement }: NaptrRecord): Buffer {
  const regexp = '';
  return Buffer.concat([
    shorts(order, preference),
    ...[flags, service, regexp].map((text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])),
    nameBytes(replacement),
  ]);
}

function shorts(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, i * 2);
  return bytes;
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const canonical = new SocketAddress({ address, family: 'ipv6' }).address;
  const [left = '', right] = canonical.split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => parseInt(group, 16));
  const head = groups(left);
  const tail = right === undefined ? [] : groups(right);
  return shorts(...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail);
}

function nameBytes(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  const parts = labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([...parts, Buffer.from([0])]);
}

function readName(bytes: Buffer, from: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = from;
  for (let length = bytes.readUInt8(at); length > 0; length = bytes.readUInt8(at)) {
    labels.push(bytes.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), end: at + 1 };
}
