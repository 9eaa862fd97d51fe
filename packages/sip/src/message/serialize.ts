import { HeaderSyntaxError, type ReadonlySipHeaders } from './headers.ts';
import { contentLengthHeader } from './headers/numbers.ts';
import type { SipMessage } from './message.ts';

/**
 * The octets of a message. Content-Length is always that of the body, whatever the headers say: in place of the
 * one that is there, else as the last header. Header names keep their spelling, folds are gone.
 */
export function serializeMessage(message: SipMessage): Buffer {
  const startLine =
    message.kind === 'request'
      ? `${message.method} ${message.uri.toString()} SIP/2.0`
      : `SIP/2.0 ${message.status} ${message.reasonPhrase}`;
  return serializeParts(startLine, message.headers, message.body);
}

/** As `serializeMessage`, from the parts. */
export function serializeParts(startLine: string, headers: ReadonlySipHeaders, body: Buffer): Buffer {
  if (startLine.includes('\r') || startLine.includes('\n')) {
    throw new HeaderSyntaxError('a start line must not contain a line break');
  }
  let head = `${startLine}\r\n`;
  let lengthWritten = false;
  for (const line of headers) {
    if (line.key !== contentLengthHeader.key) {
      head += `${line.name}: ${line.value}\r\n`;
    } else if (!lengthWritten) {
      head += `${line.name}: ${body.length}\r\n`;
      lengthWritten = true;
    }
  }
  head += lengthWritten ? '\r\n' : `Content-Length: ${body.length}\r\n\r\n`;
  const headBytes = Buffer.from(head, 'utf8');
  return body.length === 0 ? headBytes : Buffer.concat([headBytes, body]);
}
