// Gets a token that is bound to a key of this process, and asks with it (RFC 9449): node dpop.ts CPF. It needs Node 24 or newer, and no
// package. The environment has URL, TOKEN_URL, CLIENT_ID, CLIENT_SECRET, SCOPE and TARGET.
import { generateKeyPairSync, hash, randomUUID, sign } from 'node:crypto';

const { URL: base = '', TOKEN_URL = '', CLIENT_ID = '', CLIENT_SECRET = '', SCOPE = '', TARGET = '' } = process.env;
const cpf = process.argv[2];

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = publicKey.export({ format: 'jwk' });

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A proof is for one method, one URL without its query, and one token; it works once and for 60 s. */
function proof(method: string, url: string, token?: string): string {
  const claims = {
    jti: randomUUID(),
    htm: method,
    htu: url,
    iat: Math.floor(Date.now() / 1_000),
    ...(token && { ath: hash('sha256', token, 'base64url') }),
  };
  const input = `${encode({ typ: 'dpop+jwt', alg: 'ES256', jwk })}.${encode(claims)}`;
  return `${input}.${sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

async function getToken(): Promise<string> {
  const form = new URLSearchParams(TARGET);
  form.set('grant_type', 'client_credentials');
  form.set('client_id', CLIENT_ID);
  form.set('client_secret', CLIENT_SECRET);
  form.set('scope', SCOPE);
  const response = await fetch(TOKEN_URL, { method: 'POST', headers: { dpop: proof('POST', TOKEN_URL) }, body: form });
  const answer = (await response.json()) as { token_type?: string; access_token?: string; error?: string };
  if (answer.token_type !== 'DPoP' || !answer.access_token)
    throw new Error(answer.error ?? 'the issuer did not bind the token');
  return answer.access_token;
}

const token = await getToken();
const url = `${base}/score/${cpf}`;
const response = await fetch(`${url}?campos=score`, {
  headers: {
    authorization: `DPoP ${token}`,
    dpop: proof('GET', url, token),
    'x-finalidade': 'CONCESSAO_CREDITO',
  },
});
console.log(response.status, await response.text());
