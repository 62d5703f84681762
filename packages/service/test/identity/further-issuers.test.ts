import type { TestServer } from '../http/test-server.ts';
import { newIssuer, serveTokenDoor, type TestIssuer } from './token-door.ts';

let ours: TestIssuer;
let theirs: TestIssuer;
let door: TestServer;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([newIssuer('https://idp.example'), newIssuer('https://parceiro.example')]);
  const partner = {
    name: 'parceiros',
    issuer: theirs.issuer,
    jwksUrl: theirs.jwksUrl,
    audiences: ['lote'],
    clientClaims: ['app'],
  };
  const unreachable = {
    name: 'banco',
    issuer: 'https://banco.example',
    jwksUrl: 'http://127.0.0.1:1/jwks',
    audiences: ['pessoa'],
  };
  door = await serveTokenDoor(ours, { JWT_FURTHER_ISSUERS: JSON.stringify([partner, unreachable]) });
});
afterAll(() => door.close());

async function ask(token: string) {
  const response = await fetch(`http://127.0.0.1:${door.port}/cliente/x`, { headers: { authorization: `Bearer ${token}` } }); // prettier-ignore
  return { status: response.status, body: (await response.json()) as { cliente?: string; code?: string } };
}

it('A client of a further issuer has an id that begins with the name of the issuer', async () => {
  expect(await ask(await ours.sign())).toMatchObject({ status: 200, body: { cliente: 'loja' } });
  expect(await ask(await theirs.sign({ aud: 'lote', app: 'loja' }))).toMatchObject({
    status: 200,
    body: { cliente: 'parceiros/loja' },
  });
});

it('A client of the principal issuer cannot have the id of a client of a further issuer', async () => {
  const forged = await ours.sign({ client_id: 'parceiros/loja' });
  expect(await ask(forged)).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
  expect(await ask(await ours.sign({ client_id: 'https://loja.example/app' }))).toMatchObject({
    status: 200,
    body: { cliente: 'https://loja.example/app' },
  });
});

it('A further issuer has its own audiences and names of claims', async () => {
  for (const claims of [{ app: 'loja' }, { aud: 'lote' }, { aud: 'lote', app: undefined, client_id: 'loja' }]) {
    expect(await ask(await theirs.sign(claims))).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
  }
});

it('Nobody signs the tokens of another issuer', async () => {
  const forged = await theirs.sign({ iss: ours.issuer });
  expect(await ask(forged)).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
});

it('An issuer whose keys cannot be read loses only its own tokens', async () => {
  const answer = await ask(await theirs.sign({ iss: 'https://banco.example' }));
  expect(answer).toMatchObject({ status: 503, body: { code: 'FONTE_INDISPONIVEL' } });
  expect((await ask(await ours.sign({ jti: 'other' }))).status).toBe(200);
});
