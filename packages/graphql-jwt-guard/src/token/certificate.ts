import { hash, X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { TLSSocket } from 'node:tls';

/** A proxy that ends TLS and sends the client's certificate in a header. It must drop this header of its clients. */
export interface CertificateProxy {
  /** The name of the header. */
  readonly header: string;
  /** Addresses of the proxy: IPv4, IPv6 or CIDR. The header of any other sender is ignored. */
  readonly addresses: readonly string[];
}

/** @throws TypeError for a text that is neither an address nor a CIDR */
function addressList(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of addresses) {
    const [address = '', prefix, ...rest] = text.split('/');
    const version = isIP(address);
    const bits = Number(prefix ?? (version === 4 ? 32 : 128));
    const isPrefix = prefix === undefined || /^\d{1,3}$/.test(prefix);
    if (version === 0 || rest.length > 0 || !isPrefix || bits > (version === 4 ? 32 : 128))
      throw new TypeError('an address of the proxy is neither an IP address nor a CIDR');
    list.addSubnet(address, bits, version === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}

const [PEM_BEGIN, PEM_END] = ['-----BEGIN CERTIFICATE-----', '-----END CERTIFICATE-----'];
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Reads a certificate in a header: base64 between colons (RFC 9440), a PEM that is percent-encoded (nginx, AWS), or
 * base64 of the DER (HAProxy, Traefik).
 */
function derOf(value: string): Buffer | undefined {
  let text: string;
  try {
    text = decodeURIComponent(value).trim();
  } catch {
    return undefined;
  }
  if (text.startsWith(PEM_BEGIN) && text.endsWith(PEM_END)) text = text.slice(PEM_BEGIN.length, -PEM_END.length);
  else if (text.startsWith(':') && text.endsWith(':')) text = text.slice(1, -1);
  const base64 = text.replaceAll(/\s/g, '');
  return BASE64.test(base64) ? Buffer.from(base64, 'base64') : undefined;
}

/** The thumbprint `x5t#S256` of a certificate (RFC 8705 section 3.1); undefined if these bytes are none. */
function thumbprintOf(der: Buffer | undefined): string | undefined {
  if (der === undefined) return undefined;
  try {
    // The parser reads the first certificate and ignores what follows it.
    return hash('sha256', new X509Certificate(der).raw, 'base64url');
  } catch {
    return undefined;
  }
}

/** Gives the thumbprint of the certificate with which the client of a request opened its connection. */
export type CertificateReader = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string | undefined;

/**
 * Creates a reader of client certificates. They come from the header of a trusted proxy, or from a TLS socket of this
 * process: create that server with `requestCert: true`.
 *
 * @throws TypeError for an address that is malformed
 */
export function certificateReader(proxy?: CertificateProxy): CertificateReader {
  const name = proxy?.header.toLowerCase();
  const proxies = addressList(proxy?.addresses ?? []);
  const isProxy = (address: string | undefined): boolean =>
    address !== undefined && proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

  return ({ headers, socket }) => {
    if (name !== undefined && isProxy(socket.remoteAddress)) {
      // Not the certificate of the connection: that is the proxy's own.
      const value = headers[name];
      return typeof value === 'string' ? thumbprintOf(derOf(value)) : undefined;
    }
    return socket instanceof TLSSocket ? thumbprintOf(socket.getPeerX509Certificate()?.raw) : undefined;
  };
}
