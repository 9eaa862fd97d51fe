import { BLANK, COLON, DIGIT, inClass, skipClass, SLASH } from '../chars.ts';
import type { Cursor } from '../cursor.ts';
import { Params, readParams } from '../params.ts';
import { hostForUri, skipHost } from '../uri/host.ts';
import { listHeader } from './header-type.ts';

/** A branch that starts so was made by an RFC 3261 element and identifies its transaction (§8.1.1.7). */
export const MAGIC_COOKIE = 'z9hG4bK';

/** One Via value (RFC 3261 §20.42). Immutable. */
export class Via {
  /** Normally "SIP/2.0". */
  readonly protocol: string;
  /** Upper case: UDP, TCP, TLS, SCTP, WS, WSS or an extension. */
  readonly transport: string;
  /** The sent-by host as written. */
  readonly host: string;
  readonly port: number | undefined;
  readonly params: Params;

  constructor(
    transport: string,
    host: string,
    port?: number,
    params: Params = Params.none,
    protocol = 'SIP/2.0',
  ) {
    this.transport = transport;
    this.host = host;
    this.port = port;
    this.params = params;
    this.protocol = protocol;
  }

  get branch(): string | undefined {
    return this.params.get('branch');
  }

  /** True when the branch alone may be used to match transactions (RFC 3261 §17.2.3). */
  get hasMagicBranch(): boolean {
    const branch = this.branch;
    return branch !== undefined && branch.length > MAGIC_COOKIE.length && branch.startsWith(MAGIC_COOKIE);
  }

  /** Where the datagram or connection really came from (RFC 3261 §18.2.1). */
  get received(): string | undefined {
    return this.params.get('received');
  }

  /** True when the client asked for the source port (RFC 3581 §3). */
  get wantsRport(): boolean {
    return this.params.has('rport');
  }

  /** The source port a server filled in. */
  get rport(): number | undefined {
    return this.params.number('rport');
  }

  get maddr(): string | undefined {
    return this.params.get('maddr');
  }

  get ttl(): number | undefined {
    return this.params.number('ttl');
  }

  /** `host:port` as transaction matching compares it: lower case, port only when written. */
  get sentBy(): string {
    const host = this.host.toLowerCase();
    return this.port === undefined ? host : `${host}:${this.port}`;
  }

  withParam(name: string, value?: string): Via {
    return new Via(this.transport, this.host, this.port, this.params.with(name, value), this.protocol);
  }

  toString(): string {
    const port = this.port === undefined ? '' : `:${this.port}`;
    return `${this.protocol}/${this.transport} ${this.host}${port}${this.params.toString()}`;
  }
}

export interface ViaInit {
  /** Upper case: "UDP". */
  readonly transport: string;
  readonly host: string;
  readonly port?: number | undefined;
  readonly branch: string;
  /** Ask for symmetric response routing (RFC 3581); default true. */
  readonly rport?: boolean;
}

export function makeVia(init: ViaInit): Via {
  const params = init.rport === false ? Params.none : Params.none.with('rport');
  return new Via(init.transport, hostForUri(init.host), init.port, params.with('branch', init.branch));
}

export function readVia(cursor: Cursor): Via | undefined {
  const hop = readHop(cursor);
  if (hop === undefined) return undefined;
  const params = readParams(cursor);
  if (params === undefined) return undefined;
  return new Via(hop.transport, hop.host, hop.port, params, hop.protocol);
}

/** What goes before the parameters; enough to answer a request whose parameters are malformed. */
export function readHop(cursor: Cursor): Via | undefined {
  const { text } = cursor;
  let protocol = 'SIP/2.0';
  if (text.startsWith('SIP/2.0/', cursor.pos)) {
    cursor.pos += 8;
  } else {
    const name = cursor.readToken('the protocol');
    if (name === undefined) return undefined;
    if (!cursor.takeSeparator(SLASH)) return cursor.fail('the protocol is not written as SIP/2.0/transport');
    const version = cursor.readToken('the protocol version');
    if (version === undefined) return undefined;
    if (!cursor.takeSeparator(SLASH)) return cursor.fail('the transport is missing');
    protocol = `${name.toUpperCase()}/${version}`;
  }
  const transport = cursor.readToken('the transport');
  if (transport === undefined) return undefined;
  if (!inClass(cursor.peek(), BLANK)) return cursor.fail('a blank must follow the transport');
  cursor.skipBlank();
  const hostEnd = skipHost(text, cursor.pos);
  if (hostEnd === -1) return cursor.fail('the sent-by host is missing or not valid');
  const host = text.slice(cursor.pos, hostEnd);
  cursor.pos = hostEnd;
  let port: number | undefined;
  if (cursor.takeSeparator(COLON)) {
    if (skipClass(text, cursor.pos, DIGIT) - cursor.pos > 9)
      return cursor.fail('the sent-by port is not valid');
    port = cursor.readNumber('the sent-by port', 65_535);
    if (port === undefined) return undefined;
  }
  return new Via(upperTransport(transport), host, port, Params.none, protocol);
}

function upperTransport(transport: string): string {
  return transport === 'UDP' || transport === 'TCP' || transport === 'TLS'
    ? transport
    : transport.toUpperCase();
}

export const viaHeader = listHeader<Via>('Via', readVia);
