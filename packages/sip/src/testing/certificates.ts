import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

// Certificates made on the spot, so that a test can have one that expired an hour ago. DER by hand (X.690): Node reads
// certificates but does not write them.

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_ID = 0x06;
const UTF8_STRING = 0x0c;
const GENERALIZED_TIME = 0x18;
const BOOLEAN = 0x01;
/** [0] and [3], constructed and explicit */
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;

const COMMON_NAME = '2.5.4.3';
const ECDSA_SHA256 = '1.2.840.10045.4.3.2';
const BASIC_CONSTRAINTS = '2.5.29.19';
const SUBJECT_ALT_NAME = '2.5.29.17';

export interface CertificateInit {
  readonly commonName: string;
  /** `example.com`, `sip:example.com` or `192.0.2.1`; without any there is no subjectAltName. */
  readonly names?: readonly string[] | undefined;
  readonly validFrom?: Date | undefined;
  readonly validTo?: Date | undefined;
  readonly isAuthority?: boolean | undefined;
}

export interface IssuedCertificate {
  /** PEM */
  readonly certificate: string;
  /** PEM */
  readonly privateKey: string;
  readonly commonName: string;
  readonly key: KeyObject;
}

const HOUR_MS = 3_600_000;

/** Signed by `issuer`, else by itself. */
export function issueCertificate(init: CertificateInit, issuer?: IssuedCertificate): IssuedCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = issuer?.key ?? privateKey;
  const from = init.validFrom ?? new Date(Date.now() - HOUR_MS);
  const to = init.validTo ?? new Date(Date.now() + 24 * HOUR_MS);
  const algorithm = der(SEQUENCE, objectId(ECDSA_SHA256));
  const body = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.concat([Buffer.from([1]), randomBytes(12)])),
    algorithm,
    distinguishedName(issuer?.commonName ?? init.commonName),
    der(SEQUENCE, time(from), time(to)),
    distinguishedName(init.commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(EXTENSIONS, der(SEQUENCE, ...extensions(init))),
  );
  const signature = sign('sha256', body, signer);
  const certificate = der(SEQUENCE, body, algorithm, bitString(signature));
  return {
    certificate: pem('CERTIFICATE', certificate),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    commonName: init.commonName,
    key: privateKey,
  };
}

function extensions({ isAuthority, names }: CertificateInit): readonly Buffer[] {
  const constraints = isAuthority === true ? der(SEQUENCE, der(BOOLEAN, Buffer.from([0xff]))) : der(SEQUENCE);
  const list = [extension(BASIC_CONSTRAINTS, constraints)];
  if (names !== undefined) list.push(extension(SUBJECT_ALT_NAME, der(SEQUENCE, ...names.map(generalName))));
  return list;
}

const extension = (id: string, value: Buffer): Buffer =>
  der(SEQUENCE, objectId(id), der(OCTET_STRING, value));

/** RFC 5280 §4.2.1.6: [2] dNSName, [6] URI, [7] iPAddress. */
function generalName(name: string): Buffer {
  if (isIP(name) === 4) return der(0x87, Buffer.from(name.split('.').map(Number)));
  return der(name.startsWith('sip:') ? 0x86 : 0x82, Buffer.from(name, 'latin1'));
}

function distinguishedName(commonName: string): Buffer {
  const attribute = der(SEQUENCE, objectId(COMMON_NAME), der(UTF8_STRING, Buffer.from(commonName)));
  return der(SEQUENCE, der(SET, attribute));
}

/** YYYYMMDDHHMMSSZ */
function time(date: Date): Buffer {
  const digits = date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
  return der(GENERALIZED_TIME, Buffer.from(`${digits}Z`));
}

const bitString = (bytes: Buffer): Buffer => der(BIT_STRING, Buffer.from([0]), bytes);

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const octets = [first * 40 + second];
  for (const part of rest) {
    const groups = [part & 0x7f];
    for (let left = part >>> 7; left > 0; left >>>= 7) groups.unshift(0x80 | (left & 0x7f));
    octets.push(...groups);
  }
  return der(OBJECT_ID, Buffer.from(octets));
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const header =
    length < 128
      ? [tag, length]
      : length < 256
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(header), content]);
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
