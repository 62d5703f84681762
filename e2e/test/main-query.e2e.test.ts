import { fixedClock } from '@pessoa/domain/data';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { graphql } from '@pessoa/testkit/graphql-client';
import { addPerson } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

describe('the main query', () => {
  let graph: WholeGraph;
  beforeAll(async () => {
    graph = await startWholeGraph({ wiring: 'relayed', clock: fixedClock('2026-11-22T15:00:00Z') });
  });
  afterAll(() => graph.close());

  const counts = () => Object.values(graph.relays).map((relay) => relay.takeRequestCount());

  it('answers debts, score and events of a person in one round of three subgraph requests', async () => {
    const cpf = await addPerson(graph);
    const token = await graph.environment.token({ consentimento: [cpf] });
    counts();
    const { status, body } = await graphql(graph.router.url, { token, query: EXAMPLE_QUERY, variables: { cpf } });
    expect(counts()).toEqual([1, 1, 1]);
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        pessoa: {
          nome: 'Bruno Fictício',
          dividas: {
            nodes: [
              { credor: { nome: 'Banco Inventado' }, valorOriginal: '1234.56' },
              { credor: { nome: 'Banco Inventado' }, valorOriginal: '99.90' },
            ],
          },
          score: {
            valor: expect.any(Number),
            faixa: expect.stringMatching(/^(BOM|EXCELENTE|REGULAR)$/),
            motivos: expect.any(Array),
          },
          eventos: {
            ultimaConsulta: { dataHora: '2026-11-01T13:00:00.000Z' },
            movimentacaoFinanceira: { nodes: [{ valor: '12.50' }, { valor: '11.50' }, { valor: '10.50' }] },
            ultimaCompraCartao: { valor: '250.00' },
          },
        },
      },
    });
  });
});
