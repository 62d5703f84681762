import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { forward } from './relay.ts';

/** A self-signed certificate and its key, as PEM files. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** Makes a self-signed certificate for this machine, by openssl. @param name of the files, and the common name */
export async function makeCertificate(
  folder: string,
  { certificate, key, name }: CertificateFiles & { name: string },
): Promise<CertificateFiles> {
  const files = { certificate: join(folder, certificate), key: join(folder, key) };
  const arguments_ = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  await promisify(execFile)('openssl', [...arguments_, ...subject, '-keyout', files.key, '-out', files.certificate]);
  return files;
}

/** A proxy that ends TLS, as an operator puts one in front of a service. */
export interface TlsFront {
  /** `https://localhost` and the port. */
  readonly url: string;
  /** From now on requests go to this URL. */
  forwardTo(target: string): void;
  close(): Promise<void>;
}

/** It asks for a client's certificate, and sends it on in `Client-Cert` (RFC 9440). It drops that header of its clients. */
export async function startTlsFront({ certificate, key }: CertificateFiles): Promise<TlsFront> {
  let target: string | undefined;
  const tls = { cert: readFileSync(certificate), key: readFileSync(key), requestCert: true, rejectUnauthorized: false };
  const server = createServer(tls, (incoming, outgoing) => {
    if (target === undefined) return void outgoing.writeHead(503).end();
    const { 'client-cert': _, ...headers } = incoming.headers;
    const der = (incoming.socket as TLSSocket).getPeerX509Certificate()?.raw;
    forward(target, incoming, outgoing, {
      ...headers,
      'x-forwarded-proto': 'https',
      ...(der && { 'client-cert': `:${der.toString('base64')}:` }),
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    forwardTo: (next) => (target = next),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
