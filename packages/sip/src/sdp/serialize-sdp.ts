// Lines back to SDP text, in the order RFC 8866 §5 prescribes whatever order they came in.
import type { Attribute, Connection, OtherLine, SessionDescription } from './description.ts';

const SESSION_ORDER = 'vosiuepcbtrzka';
const MEDIA_ORDER = 'micbka';

function rank(order: string, type: string): number {
  const at = order.indexOf(type);
  return at === -1 ? order.length : at;
}

/** A value with a line break would become lines of its own: it is written as one line with spaces. */
function oneLine(value: string): string {
  return value.replace(/[\r\n\0]+/g, ' ');
}

export function formatConnection(connection: Connection): string {
  const suffix = connection.suffix === undefined ? '' : `/${connection.suffix}`;
  return `IN ${connection.addressType} ${connection.address}${suffix}`;
}

function attributeLines(attributes: readonly Attribute[]): OtherLine[] {
  return attributes.map(({ name, value }) => ({
    type: 'a',
    value: value === undefined ? name : `${name}:${value}`,
  }));
}

function connectionLines(connection: Connection | undefined): OtherLine[] {
  return connection ? [{ type: 'c', value: formatConnection(connection) }] : [];
}

/** A stable sort: lines of one type keep their order. */
function write(lines: readonly OtherLine[], order: string): string {
  return [...lines]
    .sort((a, b) => rank(order, a.type) - rank(order, b.type))
    .map(({ type, value }) => `${type}=${oneLine(value)}\r\n`)
    .join('');
}

/** Returns text with CRLF line ends; its UTF-8 bytes are the SIP body. */
export function serializeSdp(description: SessionDescription): string {
  const { username, sessionId, version, addressType, address } = description.origin;
  const session: OtherLine[] = [
    { type: 'v', value: '0' },
    { type: 'o', value: `${username || '-'} ${sessionId} ${version} IN ${addressType} ${address}` },
    { type: 's', value: description.name || '-' },
    ...connectionLines(description.connection),
    ...description.times.map((value) => ({ type: 't', value })),
    ...description.other,
    ...attributeLines(description.attributes),
  ];
  const sections = description.media.map((media) => {
    const ports = media.portCount === 1 ? `${media.port}` : `${media.port}/${media.portCount}`;
    const head = [media.kind, ports, media.protocol, ...media.formats].join(' ');
    const lines: OtherLine[] = [
      { type: 'm', value: head },
      ...connectionLines(media.connection),
      ...media.other,
      ...attributeLines(media.attributes),
    ];
    return write(lines, MEDIA_ORDER);
  });
  return write(session, SESSION_ORDER) + sections.join('');
}
