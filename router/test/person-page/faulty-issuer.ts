import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** Answers a call of the token endpoint. */
export type AnswerToken = (response: ServerResponse) => void | Promise<void>;

/** An issuer whose token endpoint answers as a test says: with refusals and failures that a whole issuer has on bad days only. */
export interface FaultyIssuer {
  readonly url: string;
  /** Default at the start: 503. */
  answerWith(answer: AnswerToken): void;
  /** How often the token endpoint was called. */
  tokenCalls(): number;
  /** Signs an ID token for the client `pagina`. */
  idToken(claims: JWTPayload): Promise<string>;
  close(): Promise<void>;
}

export const json =
  (status: number, body: object): AnswerToken =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

export async function startFaultyIssuer(): Promise<FaultyIssuer> {
  const { privateKey } = await generateKeyPair('RS256');
  let answer: AnswerToken = json(503, {});
  let calls = 0;
  const server = createServer((request, response) => {
    if (request.url !== '/token') {
      json(200, { issuer: url, authorization_endpoint: `${url}/auth`, token_endpoint: `${url}/token`, jwks_uri: `${url}/jwks` })(response); // prettier-ignore
      return;
    }
    calls += 1;
    request.resume().on('end', () => void answer(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    answerWith: (next) => void (answer = next),
    tokenCalls: () => calls,
    idToken: (claims) =>
      new SignJWT({ name: 'Alice Analista', ...claims })
        .setProtectedHeader({ alg: 'RS256' })
        .setIssuer(url)
        .setAudience('pagina')
        .setSubject('alice')
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
