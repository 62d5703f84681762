import type { Data } from '@pessoa/domain/data';
import type { RawPerfil } from '../../src/modelo/permitted-perfil.ts';
import { scorePerfil as scoreByModel } from '../../src/modelo/score-perfil.ts';
import { pessoa20261 } from '../../src/modelo/versions/pessoa-2026.1.ts';

const HOJE = '2026-11-22' as Data;
const day = (text: string) => text as Data;
const scorePerfil = (perfil: RawPerfil, hoje: Data) => scoreByModel(pessoa20261, perfil, hoje);
const VAZIO: RawPerfil = { bens: [], fontesDeRenda: [] };
const salario = {
  tipo: 'SALARIO',
  valorCentavos: 3_000_00n,
  periodicidade: 'MENSAL',
  desde: day('2022-01-10'),
  comprovada: true,
};
const lugar = {
  logradouro: 'Rua das Amostras',
  numero: 'S/N',
  cep: '01310100',
  atualizadoEm: new Date('2026-01-10T12:00:00Z'),
};
const fator = (perfil: Partial<RawPerfil>, codigo: string) =>
  scorePerfil({ ...VAZIO, ...perfil }, HOJE).fatores.find((f) => f.codigo === codigo)!.faixaDoValor;

describe('A factor', () => {
  it('of a declared income of zero has a bin of its own, and is not missing', () => {
    expect(fator({ fontesDeRenda: [{ ...salario, valorCentavos: 0n }] }, 'RENDA_MENSAL')).toBe('sem renda');
    expect(fator({}, 'RENDA_MENSAL')).toBe('SEM_INFORMACAO');
  });

  it.each([
    ['2026-05-22', true, 'comprovada, de 6 meses a menos de 2 anos'],
    ['2026-05-23', true, 'comprovada, menos de 6 meses'],
    ['2026-11-22', true, 'comprovada, menos de 6 meses'],
    ['2026-11-23', true, 'SEM_INFORMACAO'],
    ['2016-11-22', true, 'comprovada, 10 anos ou mais'],
    ['2016-11-22', false, 'declarada, 10 anos ou mais'],
    ['2016-11-23', false, 'declarada, de 3 anos a menos de 10 anos'],
  ])('of stability with an income since %s (proved: %s) has the bin %s', (desde, comprovada, faixa) => {
    expect(fator({ fontesDeRenda: [{ ...salario, desde: day(desde), comprovada }] }, 'ESTABILIDADE')).toBe(faixa);
  });

  it('of stability counts the income with the most points, not the largest income', () => {
    const antiga = { ...salario, valorCentavos: 100_00n, desde: day('2010-01-01') };
    const nova = { ...salario, valorCentavos: 9_000_00n, desde: day('2026-10-01') };
    expect(fator({ fontesDeRenda: [nova, antiga] }, 'ESTABILIDADE')).toBe('comprovada, 10 anos ou mais');
  });

  it('of stability does not count an income of less than R$ 100,00 a month', () => {
    const troco = { ...salario, valorCentavos: 99_99n, desde: day('2010-01-01') };
    expect(fator({ fontesDeRenda: [troco] }, 'ESTABILIDADE')).toBe('SEM_INFORMACAO');
  });

  it('of assets counts types, not assets, and ignores types that the contract does not have', () => {
    const bens = ['VEICULO', 'VEICULO', 'IMOVEL', 'CRIPTOMOEDA'].map((tipo) => ({ tipo }));
    expect(fator({ bens }, 'DIVERSIDADE_DE_BENS')).toBe('2 tipos');
    expect(fator({ bens: [{ tipo: 'CRIPTOMOEDA' }] }, 'DIVERSIDADE_DE_BENS')).toBe('SEM_INFORMACAO');
  });

  it.each([
    [lugar, 'completo, menos de 1 ano'],
    [{ ...lugar, numero: ' ' }, 'incompleto, menos de 2 anos'],
    [{ ...lugar, cep: '1310100' }, 'incompleto, menos de 2 anos'],
    [{ ...lugar, logradouro: null, numero: null, cep: null }, 'SEM_INFORMACAO'],
    [{ ...lugar, atualizadoEm: null }, 'SEM_INFORMACAO'],
    [{ ...lugar, atualizadoEm: new Date('2025-11-23T02:59:59Z') }, 'completo, de 1 ano a menos de 2 anos'],
    [{ ...lugar, atualizadoEm: new Date('2025-11-23T03:00:00Z') }, 'completo, menos de 1 ano'],
    [{ ...lugar, atualizadoEm: new Date('2026-11-23T03:00:00Z') }, 'SEM_INFORMACAO'],
    [{ ...lugar, atualizadoEm: new Date(Number.NaN) }, 'SEM_INFORMACAO'],
  ])('of the address counts completeness, and months in São Paulo (case %#)', (endereco, faixa) => {
    expect(fator({ endereco }, 'ENDERECO')).toBe(faixa);
  });
});

describe('A score', () => {
  it('of a known person without any data names every factor as missing', () => {
    const score = scorePerfil(VAZIO, HOJE);
    expect(score.dadosAusentes).toEqual(score.fatores.map(({ codigo }) => codigo));
    expect(score.fatores.every(({ faixaDoValor }) => faixaDoValor === 'SEM_INFORMACAO')).toBe(true);
    expect(score.motivos.map(({ descricao }) => descricao)).toEqual([
      'Não há renda informada; informe e comprove suas fontes de renda.',
      'Não há fonte de renda com data de início informada.',
      'Não há bens com valor informado.',
      'Não há endereço com data de confirmação.',
    ]);
  });

  it('is limited to 1000 and keeps the sum before the limit', () => {
    const melhor: RawPerfil = {
      nascimento: day('1960-01-01'),
      endereco: {
        logradouro: 'Rua das Amostras',
        numero: '1',
        cep: '01310100',
        atualizadoEm: new Date('2026-11-01T12:00:00Z'),
      },
      bens: ['IMOVEL', 'VEICULO', 'BEM_RURAL', 'OUTROS'].map((tipo) => ({ tipo, valorEstimadoCentavos: 900_000_00n })),
      fontesDeRenda: [{ ...salario, valorCentavos: 50_000_00n, desde: day('2000-01-01') }],
    };
    expect(scorePerfil(melhor, HOJE)).toMatchObject({
      valor: 1000,
      valorAntesDoLimite: 1020,
      faixa: 'EXCELENTE',
      motivos: [],
    });
    expect(scorePerfil(melhor, HOJE).probabilidadeInadimplencia).toBe('0.0054');
  });

  it('gives at most four reasons, the largest loss first', () => {
    const { motivos, fatores } = scorePerfil({ ...VAZIO, fontesDeRenda: [salario] }, HOJE);
    const losses = fatores.map(({ pontos, pontosMaximos }) => pontosMaximos - pontos).toSorted((a, b) => b - a);
    expect(motivos.map(({ pontosPerdidos }) => pontosPerdidos)).toEqual(losses.slice(0, 4));
    expect(motivos[0]).toEqual({
      codigo: 'PATRIMONIO_LIQUIDO',
      descricao: 'Não há bens com valor informado.',
      pontosPerdidos: 175,
    });
  });

  it('falls into every band for ordinary circumstances', () => {
    const rendas = [900_00n, 1_500_00n, 2_500_00n, 4_000_00n, 9_000_00n];
    const fontes = [
      ['2026-01-01', false],
      ['2023-01-01', true],
      ['2015-01-01', true],
    ] as const;
    const patrimonios = [[], [30_000_00n], [40_000_00n, 300_000_00n]];
    const confirmacoes = [undefined, new Date('2024-01-01T12:00:00Z'), new Date('2026-06-01T12:00:00Z')];
    const faixas = rendas.flatMap((valorCentavos) =>
      fontes.flatMap(([desde, comprovada]) =>
        patrimonios.flatMap((valores) =>
          confirmacoes.map((atualizadoEm) => {
            const bens = valores.map((valorEstimadoCentavos, i) => ({
              tipo: ['VEICULO', 'IMOVEL'][i]!,
              valorEstimadoCentavos,
            }));
            const fontesDeRenda = [{ ...salario, valorCentavos, desde: day(desde), comprovada }];
            return scorePerfil({ endereco: { ...lugar, atualizadoEm }, bens, fontesDeRenda }, HOJE).faixa;
          }),
        ),
      ),
    );
    for (const band of ['BAIXO', 'REGULAR', 'BOM', 'EXCELENTE']) {
      expect(faixas.filter((faixa) => faixa === band).length / faixas.length).toBeGreaterThan(0.05);
    }
  });

  it('orders reasons of equal loss by code', () => {
    // Both lose 68: proved for two years or more (94 - 26), and an incomplete address of 24 to 59 months (28 - -40).
    const perfil: RawPerfil = {
      endereco: { cep: '01310100', atualizadoEm: new Date('2024-01-01T12:00:00Z') },
      bens: ['IMOVEL', 'VEICULO', 'BEM_RURAL', 'OUTROS'].map((tipo) => ({ tipo, valorEstimadoCentavos: 900_000_00n })),
      fontesDeRenda: [{ ...salario, valorCentavos: 30_000_00n }],
    };
    expect(scorePerfil(perfil, HOJE).motivos.map(({ codigo, pontosPerdidos }) => [codigo, pontosPerdidos])).toEqual([
      ['ENDERECO', 68],
      ['ESTABILIDADE', 68],
      ['IDADE', 12],
    ]);
  });

  it('changes with the day, and with nothing else of the clock', () => {
    const perfil = { ...VAZIO, nascimento: day('2001-11-23') };
    expect(scorePerfil(perfil, HOJE).valor).toBe(scorePerfil(VAZIO, HOJE).valor - 14);
    expect(scorePerfil(perfil, day('2026-11-23')).valor).toBe(scorePerfil(VAZIO, HOJE).valor - 6);
  });
});
