import fc from 'fast-check';
import {
  createRequest,
  createResponse,
  makeVia,
  NameAddr,
  paramsOf,
  sipUri,
  TelUri,
  uriParamsOf,
  type SipMessage,
  type SipRequest,
  type Uri,
} from '../../src/index.ts';

const TOKEN_CHARACTERS = [..."abcXYZ019-.!%*_+`'~"];

export const token = fc
  .array(fc.constantFrom(...TOKEN_CHARACTERS), { minLength: 1, maxLength: 12 })
  .map((characters) => characters.join(''));

/** Any text that may be a display name or a parameter value: everything but line breaks. */
export const text = fc
  .oneof(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 20 }))
  .filter((value) => !value.includes('\r') && !value.includes('\n'));

const host = fc.oneof(
  fc.constantFrom('example.com', 'SIP-1.Example.COM', '192.0.2.1', '2001:db8::1'),
  fc.domain(),
  fc.ipV4(),
);

const port = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined });

const values = fc.dictionary(
  fc.constantFrom('transport', 'lr', 'user', 'maddr', 'x', 'Y-1', 'tag2'),
  fc.oneof(
    text.filter((value) => value !== ''),
    fc.constant(true as const),
  ),
  { maxKeys: 4, noNullPrototype: true },
);

export const sipUris = fc
  .record({
    scheme: fc.constantFrom('sip' as const, 'sips' as const),
    user: fc.option(
      text.filter((value) => value !== ''),
      { nil: undefined },
    ),
    host,
    port,
    params: values.map((record) => uriParamsOf(record)),
    headers: fc.array(fc.tuple(token, text), { maxLength: 3 }),
  })
  .map((init) => sipUri(init));

export const telUris = fc
  .tuple(fc.constantFrom('+1-201-555-0123', '+5511987654321', '7042', '*67#'), values)
  .map(([number, record]) => new TelUri(number, uriParamsOf(record)));

export const uris: fc.Arbitrary<Uri> = fc.oneof({ arbitrary: sipUris, weight: 4 }, telUris);

export const addresses = fc
  .tuple(uris, fc.option(text, { nil: undefined }), values)
  .map(([uri, displayName, record]) => new NameAddr(uri, displayName, paramsOf(record)));

const extraHeaders = fc.array(
  fc.tuple(
    fc.constantFrom('Subject', 'X-Custom', 'User-Agent', 'p-other'),
    text.map((value) => value.trim()),
  ),
  { maxLength: 4 },
);

export const requests: fc.Arbitrary<SipRequest> = fc
  .record({
    method: fc.oneof(fc.constantFrom('INVITE', 'OPTIONS', 'BYE'), token),
    uri: uris,
    host,
    port,
    transport: fc.constantFrom('UDP', 'TCP', 'TLS'),
    branch: token.map((value) => `z9hG4bK${value}`),
    from: addresses,
    to: addresses,
    callId: token,
    sequence: fc.nat(),
    maxForwards: fc.integer({ min: 0, max: 255 }),
    headers: extraHeaders,
    body: fc.uint8Array({ maxLength: 200 }).map((octets) => Buffer.from(octets)),
  })
  .map(({ host, port, transport, branch, ...init }) =>
    createRequest({ ...init, via: makeVia({ transport, host, port, branch }), contentType: 'application/x' }),
  );

export const messages: fc.Arbitrary<SipMessage> = fc
  .tuple(requests, fc.integer({ min: 100, max: 699 }), token, fc.boolean())
  .map(([request, status, toTag, respond]) =>
    respond ? createResponse(request, { status, toTag }) : request,
  );
