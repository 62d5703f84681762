import type { Cpf } from '@pessoa/domain/cpf';
import { EXEMPLO, openScore, type ScoreUnderTest } from './score-under-test.ts';

const QUERY = `query ($cpf: CPF!, $mudancas: MudancasNoPerfil!) {
  pessoa(cpf: $cpf) {
    score { valor faixa modelo fatores { codigo } dadosAusentes simular(mudancas: $mudancas) { valor diferenca modelo fatores { codigo pontos } } }
  }
}`;
/** The points of docs/score-model-2026.2.md for the example. */
const SECOND = 530 + 37 + 31 + 10 - 28;

describe.each([
  [
    'pessoa-2026.1',
    503,
    ['RENDA_MENSAL', 'ESTABILIDADE', 'PATRIMONIO_LIQUIDO', 'DIVERSIDADE_DE_BENS', 'ENDERECO', 'IDADE'],
  ],
  ['pessoa-2026.2', SECOND, ['RENDA_MENSAL', 'ESTABILIDADE', 'PATRIMONIO_LIQUIDO', 'ENDERECO']],
] as const)('Score with SCORE_MODEL=%s', (version, valor, codigos) => {
  let score: ScoreUnderTest;
  let cpf: Cpf;
  beforeAll(async () => {
    score = await openScore(() => ({ SCORE_MODEL: version }));
    score.setNow('2026-06-30T15:00:00Z');
    cpf = await score.newTitular(EXEMPLO);
  });
  afterAll(() => score.close());

  const ask = async (mudancas: object = {}) => (await score.ask(QUERY, { variables: { cpf, mudancas } })).body;

  it('answers with that version, which each answer names, and simulates with the same', async () => {
    const factors = codigos.map((codigo) => ({ codigo }));
    expect(await ask()).toMatchObject({
      data: {
        pessoa: {
          score: {
            valor,
            modelo: version,
            fatores: factors,
            simular: { valor, diferenca: 0, modelo: version, fatores: factors.map((factor) => expect.objectContaining(factor)) }, // prettier-ignore
          },
        },
      },
    });
  });

  it('simulates a change by the points of that version', async () => {
    const gain = version === 'pessoa-2026.1' ? 61 - 12 : 74 - 37;
    expect(await ask({ rendaMensal: '5000.00' })).toMatchObject({
      data: { pessoa: { score: { valor, simular: { valor: valor + gain, diferenca: gain } } } },
    });
  });

  it.each([{ nascimento: '2999-01-01' }, { bens: [{ tipo: 'XPTO' }] }])(
    'has no score for a row that Base B got wrong, whether a point of the version depends on it or not: %j',
    async (wrong) => {
      const wrongCpf = await score.newTitular({ ...EXEMPLO, ...wrong });
      const { body } = await score.ask(`{ pessoa(cpf: "${wrongCpf}") { score { valor } } }`);
      expect(body).toMatchObject({
        data: { pessoa: { score: null } },
        errors: [{ path: ['pessoa', 'score'], extensions: { code: 'FONTE_INVALIDA' } }],
      });
    },
  );

  it('has no metric of a shadow', async () => {
    await ask();
    expect(await (await fetch(`${score.metricsUrl}/metrics`)).text()).not.toContain('pessoa_score_shadow');
  });
});

describe('Score with a shadow model', () => {
  let score: ScoreUnderTest;
  beforeAll(async () => {
    score = await openScore(() => ({ SCORE_SHADOW_MODEL: 'pessoa-2026.2' }));
    score.setNow('2026-06-30T15:00:00Z');
  });
  afterAll(() => score.close());

  const metrics = async (): Promise<string[]> =>
    (await (await fetch(`${score.metricsUrl}/metrics`)).text())
      .split('\n')
      .filter((line) => line.startsWith('pessoa_score_shadow'));

  it('answers with the first, and counts how the second differs: points and bands, and nothing of a person', async () => {
    const [example, empty] = [await score.newTitular(EXEMPLO), await score.newTitular()];
    const { body } = await score.ask(`{ pessoas(cpfs: ["${example}", "${empty}"]) { score { valor modelo } } }`);
    expect(body).toEqual({
      data: {
        pessoas: [
          { score: { valor: 503, modelo: 'pessoa-2026.1' } },
          { score: { valor: 188, modelo: 'pessoa-2026.1' } },
        ],
      },
    });
    const lines = await metrics();
    const labels = 'model="pessoa-2026.1",shadow="pessoa-2026.2"';
    // 503 and 580 are both BOM; 188 is BAIXO, 408 REGULAR.
    expect(lines.filter((line) => line.startsWith('pessoa_score_shadow_bands_total')).toSorted()).toEqual([
      expect.stringContaining(`${labels},band="BAIXO",shadow_band="REGULAR"`),
      expect.stringContaining(`${labels},band="BOM",shadow_band="BOM"`),
    ]);
    expect(lines).toContainEqual(expect.stringMatching(/^pessoa_score_shadow_difference_points_count\{.*\} 2$/));
    const sum = SECOND - 503 + (408 - 188);
    expect(lines).toContainEqual(
      expect.stringMatching(new RegExp(`^pessoa_score_shadow_difference_points_sum\\{.*\\} ${sum}$`)),
    );
    for (const cpf of [example, empty]) expect(lines.join('\n')).not.toContain(cpf);
  });

  it('counts each computed score once, a profile or a simulation not at all', async () => {
    const cpf = await score.newTitular(EXEMPLO);
    const count = async () => Number(/ (\d+)$/.exec((await metrics()).find((line) => line.includes('points_count'))!)![1]); // prettier-ignore
    const before = await count();
    await score.ask(`{ pessoa(cpf: "${cpf}") { perfil { idade } } }`);
    expect(await count()).toBe(before);
    await score.ask(`{ pessoa(cpf: "${cpf}") { score { a: simular { valor } b: simular(mudancas: { rendaMensal: "1.00" }) { valor } } } }`); // prettier-ignore
    expect(await count()).toBe(before + 1);
  });
});
