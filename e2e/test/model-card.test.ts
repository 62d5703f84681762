import { modelos, versoes } from '@pessoa/score/modelo/modelos';
import { tableRowsOf } from '../src/documents.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

interface Card {
  readonly versao: string;
  readonly fatores: readonly {
    readonly codigo: string;
    readonly pontosSemInformacao: number;
    readonly faixas: readonly { readonly faixaDoValor: string; readonly pontos: number }[];
  }[];
  readonly medidas: { readonly conjuntos: readonly { readonly conjunto: string; readonly gini: number }[] };
}

describe('GET /modelo/{versao}', () => {
  let graph: WholeGraph;
  beforeAll(async () => {
    graph = await startWholeGraph();
  });
  afterAll(() => graph.close());

  const doors = () => [graph.router.url, graph.subgraphs.score.url];
  const get = async (url: string, method = 'GET') => {
    const response = await fetch(url, { method });
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };

  it.each(versoes)('answers the card of %s without a token, the same on the router and on Score', async (version) => {
    const answers = await Promise.all(doors().map((door) => get(`${door}/modelo/${version}`)));
    const [{ status, type, text }] = answers as [(typeof answers)[0]];
    expect({ status, type }).toEqual({ status: 200, type: 'application/json; charset=utf-8' });
    expect(answers[1]).toEqual(answers[0]);
    const card = JSON.parse(text) as Card;
    expect(card.versao).toBe(version);
    expect(card.fatores).toEqual(
      modelos[version].fatores.map(({ codigo, missingBin, faixas }) =>
        expect.objectContaining({
          codigo,
          pontosSemInformacao: missingBin.pontos,
          faixas: faixas.map(({ faixaDoValor, pontos }) => expect.objectContaining({ faixaDoValor, pontos })),
        }),
      ),
    );
  });

  it('answers an unknown version with RECURSO_DESCONHECIDO, and names those that there are', async () => {
    for (const door of doors())
      for (const version of ['pessoa-2025.1', 'PESSOA-2026.1', '..%2Fscore', 'pessoa-2026.1.json']) {
        const { status, type, text } = await get(`${door}/modelo/${version}`);
        expect({ status, type }).toEqual({ status: 404, type: expect.stringContaining('application/problem+json') });
        expect(JSON.parse(text)).toMatchObject({
          code: 'RECURSO_DESCONHECIDO',
          detail: 'The versions of the model are `pessoa-2026.1`, `pessoa-2026.2`.',
        });
      }
  });

  it('answers HEAD, and no other method', async () => {
    const url = `${graph.router.url}/modelo/${versoes[0]}`;
    expect(await get(url, 'HEAD')).toMatchObject({ status: 200, text: '' });
    expect(await get(url, 'DELETE')).toMatchObject({ status: 405, text: expect.stringContaining('METODO_NAO_PERMITIDO') }); // prettier-ignore
  });

  it('has the figures of docs/model-card.md', async () => {
    const rows = tableRowsOf('docs/model-card.md').map((row) => row.join(' '));
    for (const version of versoes) {
      const card = JSON.parse((await get(`${graph.router.url}/modelo/${version}`)).text) as Card;
      for (const { conjunto, gini } of card.medidas.conjuntos)
        expect(rows).toContainEqual(expect.stringMatching(new RegExp(`^${conjunto} .* ${gini} \\(`)));
    }
  });
});
