import { hash } from 'node:crypto';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import type { RunningService } from '@pessoa/service/processes/process';
import { graphql, rest } from '@pessoa/testkit/graphql-client';
import { dpopClient } from '../src/dpop-client.ts';
import { addPerson } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const PUBLIC_URL = 'https://api.pessoa.example';
/** A certificate of a client, in base64 of its DER. Its private key is nobody's. */
const CERTIFICATE =
  'MIIBdDCCARugAwIBAgIUAgfQkh68rGw6B561YD1MTjhVOMYwCgYIKoZIzj0EAwIwDzENMAsGA1UEAwwEbG9qYTAgFw0yNjExMjgxOTUzMDJaGA8yMTI2MTEwNDE5NTMwMlowDzENMAsGA1UEAwwEbG9qYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNxcYuCngyAqDNMf2KQGGodzOtgzdE6ubOxQLLU2Xpq723DesGc9eXmjNNtgjJTElAJ+xFIVJI1zxx729PDTfHWjUzBRMB0GA1UdDgQWBBQVE2D74qoqgKaz+a/zfsuhTH2sxzAfBgNVHSMEGDAWgBQVE2D74qoqgKaz+a/zfsuhTH2sxzAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIAWcSdB+M+k4HtZAVj3omf5f1Xg8634BECnVJHfxc6YrAiAhBXPGoYo89Ug+cC5/xAQ485B6lv78VyUOBL5cKPUFiw==';
const THUMBPRINT = hash('sha256', Buffer.from(CERTIFICATE, 'base64'), 'base64url');

describe('A token that is bound to a key', () => {
  let graph: WholeGraph;
  let router: RunningService;
  const client = dpopClient(PUBLIC_URL);

  beforeAll(async () => {
    graph = await startWholeGraph();
    router = await graph.startAnotherRouter({
      DPOP_URLS: PUBLIC_URL,
      CLIENT_CERTIFICATE_HEADER: 'client-cert',
      CLIENT_CERTIFICATE_PROXIES: '127.0.0.0/8',
    });
  });
  afterAll(() => graph.close());

  const everything = {
    nome: 'Bruno Fictício',
    dividas: { nodes: expect.any(Array) },
    score: { valor: expect.any(Number) },
    eventos: { ultimaCompraCartao: { valor: '250.00' } },
  };

  it('by DPoP gets answers of all three subgraphs from the router, which need no proof of it', async () => {
    const cpf = await addPerson(graph);
    const token = await graph.environment.token({ cnf: { jkt: client.jkt }, consentimento: [cpf] });
    const headers = client.headers(token, 'POST', '/graphql');
    const answer = await graphql(router.url, { query: EXAMPLE_QUERY, variables: { cpf }, headers });
    expect(answer).toMatchObject({ status: 200, body: { data: { pessoa: everything } } });
    expect(answer.body.errors).toBeUndefined();
    expect(await graphql(router.url, { query: EXAMPLE_QUERY, variables: { cpf }, headers })).toMatchObject({
      status: 401,
      body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    });
    const divida = await rest(router.url, `/divida/${cpf}`, undefined, client.headers(token, 'GET', `/divida/${cpf}`));
    expect(divida).toMatchObject({ status: 200, body: { nome: 'Bruno Fictício' } });
  });

  it('by a certificate gets answers of all three subgraphs from the router', async () => {
    const cpf = await addPerson(graph);
    const token = await graph.environment.token({ cnf: { 'x5t#S256': THUMBPRINT }, consentimento: [cpf] });
    const ask = (headers: Record<string, string>) =>
      graphql(router.url, { token, query: EXAMPLE_QUERY, variables: { cpf }, headers });
    const answer = await ask({ 'client-cert': `:${CERTIFICATE}:` });
    expect(answer).toMatchObject({ status: 200, body: { data: { pessoa: everything } } });
    expect(answer.body.errors).toBeUndefined();
    expect((await ask({})).status).toBe(401);
    // The graph's own router names no proxy.
    const headers = { 'client-cert': `:${CERTIFICATE}:` };
    expect((await graphql(graph.router.url, { token, query: EXAMPLE_QUERY, variables: { cpf }, headers })).status).toBe(
      401,
    );
  });

  it('is refused by the REST routes of a subgraph, which do not know the proofs of the router', async () => {
    const cpf = await addPerson(graph);
    const path = `/divida/${cpf}`;
    const byDpop = await graph.environment.token({ cnf: { jkt: client.jkt } });
    const byCertificate = await graph.environment.token({ cnf: { 'x5t#S256': THUMBPRINT } });
    const { url } = graph.subgraphs.debt;
    const answers = [
      await rest(url, path, undefined, client.headers(byDpop, 'GET', path)),
      await rest(url, path, byCertificate, { 'client-cert': `:${CERTIFICATE}:` }),
    ];
    expect(answers.map(({ status, body }) => [status, body['code']])).toEqual([
      [401, 'UNAUTHENTICATED'],
      [401, 'UNAUTHENTICATED'],
    ]);
  });
});
