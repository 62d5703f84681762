import { once } from 'node:events';
import { createServer as createHttpServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { certificateReader, type CertificateProxy, InvalidTokenError, type RequestProof } from '../../src/index.ts';
import { bearer, newSigner, type Signer } from './signer.ts';
import { selfSigned } from './self-signed.ts';
import { verifierOf } from './verifier-under-test.ts';

const ours = selfSigned('loja');
const other = selfSigned('outra');

/** What the reader gives for a request over TCP with these headers. */
async function readOverTcp(proxy: CertificateProxy | undefined, headers: Record<string, string | string[]>) {
  const read = certificateReader(proxy);
  const server = createHttpServer((request, response) => response.end(read(request) ?? 'none'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = httpRequest({ host: '127.0.0.1', port, headers, agent: false }).end();
  const [response] = (await once(client, 'response')) as [IncomingMessage];
  const text = (await response.toArray()).join('');
  server.close();
  return text;
}

/** What the reader gives for a request over TLS with this client certificate. */
async function readOverTls(proxy: CertificateProxy | undefined, client: object, headers = {}): Promise<string> {
  const read = certificateReader(proxy);
  const { pem: cert, keyPem: key } = selfSigned('localhost');
  const options = { cert, key, requestCert: true, rejectUnauthorized: false };
  const server = createHttpsServer(options, (request, response) => response.end(read(request) ?? 'none'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const request = httpsRequest({
    host: '127.0.0.1',
    port,
    headers,
    agent: false,
    rejectUnauthorized: false,
    ...client,
  });
  const [response] = (await once(request.end(), 'response')) as [IncomingMessage];
  const text = (await response.toArray()).join('');
  server.close();
  return text;
}

const proxy = { header: 'Client-Cert', addresses: ['127.0.0.1'] };
const base64 = ours.der.toString('base64');

describe('A client certificate is read', () => {
  it.each([
    ['in the form of RFC 9440', `:${base64}:`],
    ['as a percent-encoded PEM (nginx)', encodeURIComponent(ours.pem)],
    ['as a percent-encoded PEM with plain +, / and = (AWS)', encodeURI(ours.pem)],
    ['as base64 of the DER (HAProxy, Traefik)', base64],
  ])('from the header of a trusted proxy %s', async (_, value) => {
    expect(await readOverTcp(proxy, { 'client-cert': value })).toBe(ours.thumbprint);
  });

  it.each([
    ['127.0.0.1'],
    ['127.0.0.0/8'],
    ['10.0.0.1', '127.0.0.1/32'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['0.0.0.0/0'],
  ])('from a proxy in the list %j', async (...addresses) => {
    expect(await readOverTcp({ ...proxy, addresses }, { 'client-cert': base64 })).toBe(ours.thumbprint);
  });

  it('from the TLS connection of the client', async () => {
    expect(await readOverTls(undefined, { cert: ours.pem, key: ours.keyPem })).toBe(ours.thumbprint);
    expect(await readOverTls(undefined, {})).toBe('none');
  });
});

describe('A client certificate is not read', () => {
  it.each([[[]], [['10.0.0.1']], [['127.0.0.2/32', '::1']]])(
    'from a sender that is not in the list %j',
    async (addresses) => {
      expect(await readOverTcp({ ...proxy, addresses }, { 'client-cert': base64 })).toBe('none');
    },
  );

  it('from a header that is not configured', async () => {
    expect(await readOverTcp(undefined, { 'client-cert': base64 })).toBe('none');
    expect(await readOverTcp(proxy, { 'x-client-cert': base64 })).toBe('none');
  });

  it.each([
    ['nothing', ''],
    ['a text', 'certificate'],
    ['base64 of no certificate', Buffer.from('certificate').toString('base64')],
    ['half a certificate', base64.slice(0, 200)],
    ['a malformed percent encoding', '%zz'],
    ['two certificates', `:${base64}:, :${base64}:`],
  ])('from a header with %s', async (_, value) => {
    expect(await readOverTcp(proxy, { 'client-cert': value })).toBe('none');
  });

  it('from a header that occurs twice', async () => {
    expect(await readOverTcp(proxy, { 'client-cert': [base64, base64] })).toBe('none');
  });

  it('from the connection of a trusted proxy: that is its own certificate', async () => {
    expect(await readOverTls(proxy, { cert: other.pem, key: other.keyPem })).toBe('none');
    const headers = { 'client-cert': base64 };
    expect(await readOverTls(proxy, { cert: other.pem, key: other.keyPem }, headers)).toBe(ours.thumbprint);
  });

  it('from the header of a client that has a connection of its own', async () => {
    const elsewhere = { ...proxy, addresses: ['10.0.0.1'] };
    const headers = { 'client-cert': base64 };
    expect(await readOverTls(elsewhere, { cert: other.pem, key: other.keyPem }, headers)).toBe(other.thumbprint);
  });

  it.each(['', '127.0.0', '127.0.0.1/33', '127.0.0.1/', '127.0.0.1/8/8', '127.0.0.1/-1', '::1/129', 'localhost'])(
    'from an address that is malformed: %j',
    (address) => {
      expect(() => certificateReader({ ...proxy, addresses: [address] })).toThrow(TypeError);
    },
  );
});

describe('A token that is bound to a client certificate', () => {
  let signer: Signer;
  beforeAll(async () => {
    signer = await newSigner('k1');
  });
  const request = (certificate: string | undefined): RequestProof => ({ method: 'GET', urls: [], dpop: undefined, certificate }); // prettier-ignore
  const bound = async (): Promise<string> => bearer(await signer.sign({ cnf: { 'x5t#S256': ours.thumbprint } }));

  it('is accepted with that certificate, in each request', async () => {
    const verifier = verifierOf([signer.jwk]);
    for (let times = 0; times < 2; times++) {
      await expect(verifier.verify(await bound(), request(ours.thumbprint))).resolves.toEqual({ sub: 'ana' });
      expect(verifier.verifyCached(await bound())).toBeUndefined();
    }
  });

  it('is refused with another certificate and without one, also when it is cached', async () => {
    const verifier = verifierOf([signer.jwk]);
    await verifier.verify(await bound(), request(ours.thumbprint));
    const reason = 'the token is bound to a client certificate that this connection does not have';
    for (const proof of [request(other.thumbprint), request(undefined), undefined]) {
      await expect(verifier.verify(await bound(), proof)).rejects.toThrow(new InvalidTokenError(reason));
    }
  });

  it('is accepted without it from a process that has checked it', async () => {
    await expect(verifierOf([signer.jwk]).verify(await bound(), 'checked')).resolves.toEqual({ sub: 'ana' });
  });

  it('and to a DPoP key needs both', async () => {
    const both = await signer.sign({ cnf: { 'x5t#S256': ours.thumbprint, jkt: 'A'.repeat(43) } });
    const verifier = verifierOf([signer.jwk], { dpop: {} });
    await expect(verifier.verify(bearer(both), request(ours.thumbprint))).rejects.toThrow('has the scheme DPoP');
    await expect(verifier.verify(`DPoP ${both}`, request(undefined))).rejects.toThrow('client certificate');
    await expect(verifier.verify(`DPoP ${both}`, request(ours.thumbprint))).rejects.toThrow(
      'the DPoP proof is missing',
    );
  });

  it('a token that is bound to nothing is accepted with any certificate', async () => {
    const token = bearer(await signer.sign());
    await expect(verifierOf([signer.jwk]).verify(token, request(other.thumbprint))).resolves.toEqual({ sub: 'ana' });
  });
});
