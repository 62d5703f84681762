import { graphql } from '@pessoa/testkit/graphql-client';
import { dpopClient } from '../src/dpop-client.ts';
import { addPerson } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const PUBLIC_URL = 'https://api.pessoa.example';

describe('Two routers with one Redis', () => {
  let graph: WholeGraph;
  beforeAll(async () => void (graph = await startWholeGraph()));
  afterAll(() => graph.close());

  it('take a DPoP proof once between them, and a new one each', async () => {
    const client = dpopClient(PUBLIC_URL);
    const routers = [1, 2].map(() => graph.startAnotherRouter({ DPOP_URLS: PUBLIC_URL }));
    const [one, other] = (await Promise.all(routers)).map(({ url }) => url) as [string, string];
    const cpf = await addPerson(graph);
    const token = await graph.environment.token({ cnf: { jkt: client.jkt } });
    const statusOf = async (url: string, headers: Record<string, string>): Promise<number> =>
      (await graphql(url, { query: '{ __typename }', headers })).status;
    const newProof = (): Record<string, string> => client.headers(token, 'POST', '/graphql');
    // Until a router is connected to Redis, it remembers alone.
    for (const url of [one, other]) expect(await statusOf(url, newProof())).toBe(200);
    const proofs = Array.from({ length: 10 }, newProof);
    for (const proof of proofs) expect(await statusOf(one, proof)).toBe(200);
    const again = await Promise.all(proofs.map((proof) => statusOf(other, proof)));
    expect(again).toEqual(proofs.map(() => 401));
    const answer = await graphql(other, { query: `{ pessoa(cpf: "${cpf}") { nome } }`, headers: newProof() });
    expect(answer).toMatchObject({ status: 200, body: { data: { pessoa: { nome: 'Bruno Fictício' } } } });
  });
});
