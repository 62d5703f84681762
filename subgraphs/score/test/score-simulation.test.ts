import type { Cpf } from '@pessoa/domain/cpf';
import { openStatementLog, type StatementLog } from '@pessoa/testkit/statement-log';
import { EXEMPLO, openScore, type ScoreUnderTest } from './score-under-test.ts';

const SIMULATION = `query ($cpf: CPF!, $mudancas: MudancasNoPerfil!) {
  pessoa(cpf: $cpf) {
    score {
      valor
      simular(mudancas: $mudancas) { valor faixa probabilidadeInadimplencia diferenca modelo fatores { codigo pontos } }
    }
  }
}`;

describe('A simulation of the score', () => {
  let score: ScoreUnderTest;
  let log: StatementLog;
  let cpf: Cpf;

  beforeAll(async () => {
    score = await openScore(async ({ baseB }) => {
      log = await openStatementLog(baseB.readerUrl);
      return { BASE_B_URL: log.url };
    });
    cpf = await score.newTitular(EXEMPLO);
  });
  beforeEach(() => score.setNow('2026-06-30T15:00:00Z'));
  afterAll(async () => {
    await score.close();
    await log.close();
  });

  const simulate = async (mudancas: object, token?: string) =>
    (await score.ask(SIMULATION, { variables: { cpf, mudancas }, ...(token !== undefined && { token }) })).body;

  it('is the score after the changes, with its factors and the difference', async () => {
    expect(
      await simulate({ rendaMensal: '5000.00', mesesDesdeConfirmacaoDoEndereco: 0, enderecoCompleto: true }),
    ).toEqual({
      data: {
        pessoa: {
          score: {
            valor: 503,
            simular: {
              valor: 503 + (61 - 12) + (28 + 56),
              faixa: 'BOM',
              probabilidadeInadimplencia: '0.0953',
              diferenca: 133,
              modelo: 'pessoa-2026.1',
              fatores: [
                { codigo: 'RENDA_MENSAL', pontos: 61 },
                { codigo: 'ESTABILIDADE', pontos: 26 },
                { codigo: 'PATRIMONIO_LIQUIDO', pontos: -5 },
                { codigo: 'DIVERSIDADE_DE_BENS', pontos: -6 },
                { codigo: 'ENDERECO', pontos: 28 },
                { codigo: 'IDADE', pontos: 2 },
              ],
            },
          },
        },
      },
    });
  });

  it('reads nothing more than the score, however many there are', async () => {
    const many = Array.from({ length: 5 }, (_, index) => `s${index}: simular(mudancas: { tiposDeBem: ${index + 1} }) { valor }`); // prettier-ignore
    log.clear();
    await score.ask(`{ pessoa(cpf: "${cpf}") { score { valor } } }`);
    const statements = log.statements().length;
    log.clear();
    const { body } = await score.ask(`{ pessoa(cpf: "${cpf}") { score { ${many.join(' ')} } } }`);
    const points = [-6, 21, 40, 55, 55]; // of one to five types of assets; the person has one
    const simulated = points.map((pontos, index) => [`s${index}`, { valor: 503 - -6 + pontos }]);
    expect(body).toEqual({ data: { pessoa: { score: Object.fromEntries(simulated) } } });
    expect(log.statements()).toHaveLength(statements);
  });

  it('needs the scope of the factors; without it the score stays', async () => {
    expect(await simulate({}, await score.token({ scope: 'score:read' }))).toMatchObject({
      data: { pessoa: { score: { valor: 503, simular: null } } },
      errors: [{ path: ['pessoa', 'score', 'simular'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }],
    });
  });

  it('outside a range is refused, and costs itself only', async () => {
    expect(await simulate({ tiposDeBem: 8 })).toMatchObject({
      data: { pessoa: { score: { valor: 503, simular: null } } },
      errors: [
        {
          message: expect.stringContaining('`tiposDeBem` is from 1 to 7.'),
          path: ['pessoa', 'score', 'simular'],
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    });
  });
});
