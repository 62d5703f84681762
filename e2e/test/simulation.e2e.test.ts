import { fixedClock } from '@pessoa/domain/data';
import { graphql } from '@pessoa/testkit/graphql-client';
import { addPerson } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const QUERY = `query ($cpf: CPF!, $melhor: MudancasNoPerfil!) {
  pessoa(cpf: $cpf) {
    score {
      valor
      agora: simular { valor diferenca }
      pior: simular(mudancas: { rendaMensal: "0.00", mesesNaFonteDeRenda: 0, rendaComprovada: false }) { diferenca }
      melhor: simular(mudancas: $melhor) { valor diferenca }
    }
  }
}`;
const MELHOR = {
  rendaMensal: '20000.00',
  patrimonioLiquido: '1500000.00',
  tiposDeBem: 4,
  mesesNaFonteDeRenda: 120,
  rendaComprovada: true,
};

interface Simulated {
  readonly valor: number;
  readonly agora: { readonly valor: number; readonly diferenca: number };
  readonly pior: { readonly diferenca: number };
  readonly melhor: { readonly valor: number; readonly diferenca: number };
}

describe('A simulation of the score through the router', () => {
  let graph: WholeGraph;
  let cpf: string;
  let token: string;
  beforeAll(async () => {
    graph = await startWholeGraph({ clock: fixedClock('2026-11-22T15:00:00Z') });
    cpf = await addPerson(graph);
    token = await graph.environment.token();
  });
  afterAll(() => graph.close());

  const ask = async (melhor: object) =>
    (await graphql(graph.router.url, { token, query: QUERY, variables: { cpf, melhor } })).body;

  it('answers several simulations of one operation, as a known operation too', async () => {
    const first = await ask(MELHOR);
    const { valor, agora, pior, melhor } = (first.data as { pessoa?: { score: Simulated } }).pessoa!.score;
    expect(agora).toEqual({ valor, diferenca: 0 });
    expect(pior.diferenca).toBeLessThan(0);
    expect(melhor.diferenca).toBeGreaterThan(0);
    expect(melhor.valor).toBe(valor + melhor.diferenca);
    for (let use = 2; use <= 4; use++) expect(await ask(MELHOR)).toEqual(first);
  });

  it('loses one simulation alone to a value outside its range', async () => {
    expect(await ask({ tiposDeBem: 8 })).toMatchObject({
      data: { pessoa: { score: { agora: { diferenca: 0 }, melhor: null } } },
      errors: [{ path: ['pessoa', 'score', 'melhor'], extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });

  it.each([
    ['an amount that is a number', { rendaMensal: 5_000 }],
    ['a change that does not exist', { idade: 70 }],
  ])('refuses %s without quoting it', async (_, mudancas) => {
    const body = await ask(mudancas);
    expect(body.data).toBeUndefined();
    expect(body.errors![0]!.extensions!.code).toBe('BAD_USER_INPUT');
    expect(JSON.stringify(body)).not.toMatch(/5000|70/);
  });
});
