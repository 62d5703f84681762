import { readFileSync } from 'node:fs';
import { cpfFromBase } from '@pessoa/domain/cpf';
import { EXEMPLO, openScore, type PerfilRows, type ScoreUnderTest } from './score-under-test.ts';

const UNKNOWN = cpfFromBase('909090909');
const SCORE = `score {
  valor faixa probabilidadeInadimplencia modelo calculadoEm pontosBase
  fatores { codigo nome faixaDoValor pontos pontosMaximos } motivos { codigo descricao pontosPerdidos }
  dadosAusentes desatualizado }`;

/** Vectors with an unknown type of asset, a birth 130 years ago or tomorrow, or an amount below zero. */
const UNREADABLE: ReadonlySet<string> = new Set([
  ...[6, 11, 12, 18].map((row) => `bin edges, row ${row}`),
  'future days and negative amounts count as missing',
]);

describe('The score of a person', () => {
  let score: ScoreUnderTest;

  beforeAll(async () => void (score = await openScore()));
  afterEach(() => score.setNow('2026-11-22T15:00:00Z'));
  afterAll(() => score.close());

  it('is the one that docs/score-model.md computes by hand, with its factors and reasons', async () => {
    const cpf = await score.newTitular(EXEMPLO);
    score.setNow('2026-06-30T15:00:00Z');
    const { status, body } = await score.ask(`{ pessoa(cpf: "${cpf}") { cpf ${SCORE} } }`);
    expect(status).toBe(200);
    const fator = (codigo: string, nome: string, faixaDoValor: string, pontos: number, pontosMaximos: number) =>
      ({ codigo, nome, faixaDoValor, pontos, pontosMaximos }); // prettier-ignore
    expect(body).toEqual({
      data: {
        pessoa: {
          cpf,
          score: {
            valor: 503,
            faixa: 'BOM',
            probabilidadeInadimplencia: '0.2376',
            modelo: 'pessoa-2026.1',
            calculadoEm: '2026-06-30T15:00:00.000Z',
            pontosBase: 530,
            fatores: [
              fator('RENDA_MENSAL', expect.any(String), 'de R$ 3.000,00 a R$ 4.999,99', 12, 172),
              fator('ESTABILIDADE', expect.any(String), 'comprovada, de 2 anos a menos de 5 anos', 26, 94),
              fator('PATRIMONIO_LIQUIDO', expect.any(String), 'de R$ 10.000,00 a R$ 49.999,99', -5, 129),
              fator('DIVERSIDADE_DE_BENS', expect.any(String), '1 tipo', -6, 55),
              fator('ENDERECO', expect.any(String), 'SEM_INFORMACAO', -56, 28),
              fator('IDADE', expect.any(String), 'de 30 a 39 anos', 2, 12),
            ],
            motivos: [
              { codigo: 'RENDA_MENSAL', descricao: expect.any(String), pontosPerdidos: 160 },
              { codigo: 'PATRIMONIO_LIQUIDO', descricao: expect.any(String), pontosPerdidos: 134 },
              { codigo: 'ENDERECO', descricao: expect.any(String), pontosPerdidos: 84 },
              { codigo: 'ESTABILIDADE', descricao: expect.any(String), pontosPerdidos: 68 },
            ],
            dadosAusentes: ['ENDERECO'],
            desatualizado: false,
          },
        },
      },
    });
  });

  it.each(goldenVectors().filter(([caso]) => UNREADABLE.has(caso)))(
    'fails for the golden vector "%s": an unreadable value, which the model counts as missing, is a fault of Base B',
    async (_, { hoje, rows }) => {
      const cpf = await score.newTitular(rows);
      score.setNow(`${hoje}T15:00:00Z`);
      const { body } = await score.ask(`{ pessoa(cpf: "${cpf}") { score { valor } } }`);
      expect(body).toMatchObject({
        data: { pessoa: { score: null } },
        errors: [{ path: ['pessoa', 'score'], extensions: { code: 'FONTE_INVALIDA', fonte: 'score' } }],
      });
    },
  );

  const readable = goldenVectors().filter(([caso]) => !UNREADABLE.has(caso));
  it.each(readable)(
    'is that of the golden vector "%s", read from Base B',
    async (_, { hoje, rows, score: expected }) => {
      const cpf = await score.newTitular(rows);
      score.setNow(`${hoje}T15:00:00Z`);
      const { body } = await score.ask(
        `{ pessoa(cpf: "${cpf}") { score { valor faixa probabilidadeInadimplencia dadosAusentes fatores { codigo faixaDoValor pontos } } } }`,
      );
      const fatores = Object.entries(expected.fatores).map(([codigo, [faixaDoValor, pontos]]) => ({
        codigo,
        faixaDoValor,
        pontos,
      }));
      const { valor, faixa, probabilidadeInadimplencia, dadosAusentes } = expected;
      expect(body).toEqual({
        data: { pessoa: { score: { valor, faixa, probabilidadeInadimplencia, dadosAusentes, fatores } } },
      });
    },
  );

  it('exists for a person of whom Base B has only the CPF, and names every factor as missing', async () => {
    const cpf = await score.newTitular();
    const { body } = await score.ask(
      `{ pessoa(cpf: "${cpf}") { score { valor faixa dadosAusentes motivos { codigo } } } }`,
    );
    expect(body).toEqual({
      data: {
        pessoa: {
          score: {
            valor: 188,
            faixa: 'BAIXO',
            dadosAusentes: [
              'RENDA_MENSAL',
              'ESTABILIDADE',
              'PATRIMONIO_LIQUIDO',
              'DIVERSIDADE_DE_BENS',
              'ENDERECO',
              'IDADE',
            ],
            motivos: ['RENDA_MENSAL', 'ESTABILIDADE', 'PATRIMONIO_LIQUIDO', 'ENDERECO'].map((codigo) => ({ codigo })),
          },
        },
      },
    });
  });

  it('is null, without error, for a CPF that Base B does not know', async () => {
    const { status, body } = await score.ask(`{ pessoa(cpf: "${UNKNOWN}") { cpf score { valor } perfil { idade } } }`);
    expect(body).toEqual({ data: { pessoa: { cpf: UNKNOWN, score: null, perfil: null } } });
    expect(status).toBe(200);
  });

  it('changes with the day of São Paulo, and its `calculadoEm` is the instant of the answer', async () => {
    const cpf = await score.newTitular({ nascimento: '2001-11-23' });
    const scoreAt = async (instant: string) => {
      score.setNow(instant);
      const { body } = await score.ask(
        `{ pessoa(cpf: "${cpf}") { score { valor calculadoEm fatores { codigo faixaDoValor } } perfil { idade } } }`,
      );
      return (body.data as unknown as { pessoa: Record<string, Record<string, unknown>> }).pessoa;
    };
    const before = await scoreAt('2026-11-23T02:59:59.999Z');
    const after = await scoreAt('2026-11-23T03:00:00Z');
    expect(before).toMatchObject({ perfil: { idade: 24 }, score: { calculadoEm: '2026-11-23T02:59:59.999Z' } });
    expect(after).toMatchObject({ perfil: { idade: 25 }, score: { calculadoEm: '2026-11-23T03:00:00.000Z' } });
    expect(after['score']!['valor']).not.toBe(before['score']!['valor']);
  });

  it('does not depend on what the law excludes: district, city, state and the type of income', async () => {
    const street = {
      logradouro: 'Rua das Amostras',
      numero: '1',
      cep: '01310100',
      atualizado_em: '2026-01-01T12:00:00Z',
    };
    const ana = await score.newTitular({
      endereco: { ...street, bairro: 'Jardins', cidade: 'São Paulo', uf: 'SP', codigo_ibge: '3550308' },
      fontesDeRenda: [{ tipo: 'SALARIO', ocupacao: 'Engenheira', pagador: 'Empresa Fictícia' }],
    });
    const bia = await score.newTitular({
      endereco: { ...street, bairro: 'Sertão', cidade: 'Codó', uf: 'MA', codigo_ibge: '2103307' },
      fontesDeRenda: [{ tipo: 'BENEFICIO_SOCIAL' }],
    });
    const { body } = await score.ask(
      'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { score { valor fatores { codigo pontos } } } }',
      {
        variables: { cpfs: [ana, bia] },
      },
    );
    const [first, second] = (body.data as unknown as { pessoas: unknown[] }).pessoas;
    expect(second).toEqual(first);
  });
});

interface GoldenVector {
  readonly caso: string;
  readonly hoje: string;
  readonly perfil: {
    readonly nascimento?: string | null;
    readonly endereco?: {
      readonly logradouro?: string;
      readonly numero?: string;
      readonly cep?: string;
      readonly atualizadoEm?: string;
    } | null;
    readonly bens: readonly {
      tipo: string;
      valorEstimadoCentavos?: string;
      saldoDevedorCentavos?: string;
      percentualPropriedade?: number;
    }[];
    readonly fontesDeRenda: readonly {
      tipo: string;
      valorCentavos: string;
      periodicidade: string;
      desde?: string;
      comprovada: boolean;
    }[];
  };
  /** The expected score. */
  readonly nota: {
    readonly valor: number;
    readonly faixa: string;
    readonly probabilidadeInadimplencia: string;
    readonly fatores: Readonly<Record<string, readonly [faixaDoValor: string, pontos: number]>>;
    readonly dadosAusentes: readonly string[];
  };
}

/** The golden vectors of the model as rows of Base B. */
function goldenVectors(): [string, { hoje: string; rows: PerfilRows; score: GoldenVector['nota'] }][] {
  const text = readFileSync(new URL('modelo/golden-vectors/pessoa-2026.1.json', import.meta.url), 'utf8');
  const { vetores } = JSON.parse(text) as { vetores: GoldenVector[] };
  const amount = (centavos: string | undefined) => (centavos === undefined ? null : `${centavos}e-2`);
  return vetores.map(({ caso, hoje, perfil, nota }) => {
    const { nascimento, endereco, bens, fontesDeRenda } = perfil;
    const rows: PerfilRows = {
      ...(nascimento && { nascimento }),
      ...(endereco && {
        endereco: {
          logradouro: endereco.logradouro,
          numero: endereco.numero,
          cep: endereco.cep,
          atualizado_em: endereco.atualizadoEm,
        },
      }),
      bens: bens.map((bem) => ({
        tipo: bem.tipo,
        valor_estimado: amount(bem.valorEstimadoCentavos),
        saldo_devedor: amount(bem.saldoDevedorCentavos),
        percentual_propriedade: bem.percentualPropriedade,
      })),
      fontesDeRenda: fontesDeRenda.map((fonte) => ({
        tipo: fonte.tipo,
        valor: amount(fonte.valorCentavos),
        periodicidade: fonte.periodicidade,
        desde: fonte.desde,
        comprovada: fonte.comprovada,
      })),
    };
    return [caso, { hoje, rows, score: nota }];
  });
}
