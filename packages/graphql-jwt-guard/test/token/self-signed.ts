import { generateKeyPairSync, hash, sign } from 'node:crypto';

/** A client's certificate, signed by its own key. */
export interface ClientCertificate {
  readonly der: Buffer;
  readonly pem: string;
  readonly keyPem: string;
  /** As in the claim `cnf["x5t#S256"]`. */
  readonly thumbprint: string;
}

/** One DER value: its tag, its length in one to three bytes, its content. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.of(tag, ...size), content]);
}
const sequence = (...contents: readonly Uint8Array[]): Buffer => der(0x30, ...contents);
const ECDSA_WITH_SHA256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'));
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const utcTime = (text: string): Buffer => der(0x17, Buffer.from(text));

/** Makes an X.509 certificate, because Node reads them but makes none. */
export function selfSigned(commonName: string): ClientCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(commonName)))));
  const certificate = sequence(
    Uint8Array.of(0xa0, 3, 2, 1, 2), // version 3
    Uint8Array.of(2, 1, 1), // serial number
    ECDSA_WITH_SHA256,
    name,
    sequence(utcTime('200101000000Z'), utcTime('491231235959Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', certificate, privateKey);
  const bytes = sequence(certificate, ECDSA_WITH_SHA256, der(0x03, Uint8Array.of(0), signature));
  const lines = bytes.toString('base64').match(/.{1,64}/g)!;
  return {
    der: bytes,
    pem: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    thumbprint: hash('sha256', bytes, 'base64url'),
  };
}
