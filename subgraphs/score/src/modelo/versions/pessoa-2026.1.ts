import type { Fator, Modelo } from '../modelo.ts';

// The first version. Its scale is 700 points at 16 good to 1 bad, and every 85 points double the odds, close to the default rates
// that Boa Vista publishes by class. Bins, betas and weights of evidence are an expert's, not fitted to data of our own:
// docs/decisions/0007-score-formula.md has the formula and the reasons.

const rendaMensal: Fator = {
  codigo: 'RENDA_MENSAL',
  nome: 'Renda mensal',
  unit: 'centavos',
  beta: 1,
  // Above the bin of no income and below every bin of an income: nobody gains by hiding what they earn.
  missingBin: { woe: -1.05, pontos: -129 },
  faixas: [
    { from: 0n, faixaDoValor: 'sem renda', woe: -1.2, pontos: -147 },
    { from: 1n, faixaDoValor: 'de R$ 0,01 a R$ 999,99', woe: -1, pontos: -123 },
    { from: 1_000_00n, faixaDoValor: 'de R$ 1.000,00 a R$ 1.999,99', woe: -0.65, pontos: -80 },
    { from: 2_000_00n, faixaDoValor: 'de R$ 2.000,00 a R$ 2.999,99', woe: -0.3, pontos: -37 },
    { from: 3_000_00n, faixaDoValor: 'de R$ 3.000,00 a R$ 4.999,99', woe: 0.1, pontos: 12 },
    { from: 5_000_00n, faixaDoValor: 'de R$ 5.000,00 a R$ 7.999,99', woe: 0.5, pontos: 61 },
    { from: 8_000_00n, faixaDoValor: 'de R$ 8.000,00 a R$ 11.999,99', woe: 0.85, pontos: 104 },
    { from: 12_000_00n, faixaDoValor: 'de R$ 12.000,00 a R$ 19.999,99', woe: 1.15, pontos: 141 },
    { from: 20_000_00n, faixaDoValor: 'R$ 20.000,00 ou mais', woe: 1.4, pontos: 172 },
  ],
  motivo: 'A soma das suas fontes de renda está abaixo da faixa de renda mensal que mais pontua.',
  missingMotivo: 'Não há renda informada; informe e comprove suas fontes de renda.',
};

const estabilidade: Fator = {
  codigo: 'ESTABILIDADE',
  nome: 'Tempo na fonte de renda',
  unit: 'meses',
  beta: 0.85,
  missingBin: { woe: -0.8, pontos: -83 },
  faixas: [
    { group: 'comprovada', from: 0n, faixaDoValor: 'comprovada, menos de 6 meses', woe: -0.35, pontos: -36 },
    {
      group: 'comprovada',
      from: 6n,
      faixaDoValor: 'comprovada, de 6 meses a menos de 2 anos',
      woe: -0.1,
      pontos: -10,
    },
    {
      group: 'comprovada',
      from: 24n,
      faixaDoValor: 'comprovada, de 2 anos a menos de 5 anos',
      woe: 0.25,
      pontos: 26,
    },
    {
      group: 'comprovada',
      from: 60n,
      faixaDoValor: 'comprovada, de 5 anos a menos de 10 anos',
      woe: 0.6,
      pontos: 63,
    },
    { group: 'comprovada', from: 120n, faixaDoValor: 'comprovada, 10 anos ou mais', woe: 0.9, pontos: 94 },
    { group: 'declarada', from: 0n, faixaDoValor: 'declarada, menos de 1 ano', woe: -0.7, pontos: -73 },
    {
      group: 'declarada',
      from: 12n,
      faixaDoValor: 'declarada, de 1 ano a menos de 3 anos',
      woe: -0.45,
      pontos: -47,
    },
    {
      group: 'declarada',
      from: 36n,
      faixaDoValor: 'declarada, de 3 anos a menos de 10 anos',
      woe: -0.2,
      pontos: -21,
    },
    { group: 'declarada', from: 120n, faixaDoValor: 'declarada, 10 anos ou mais', woe: 0.05, pontos: 5 },
  ],
  motivo: 'O tempo na sua fonte de renda é curto, ou a fonte não está comprovada.',
  missingMotivo: 'Não há fonte de renda com data de início informada.',
};

const patrimonioLiquido: Fator = {
  codigo: 'PATRIMONIO_LIQUIDO',
  nome: 'Patrimônio líquido',
  unit: 'centavos',
  beta: 0.75,
  // Above the bin of a negative net worth and below every other bin.
  missingBin: { woe: -0.5, pontos: -46 },
  faixas: [
    { from: null, faixaDoValor: 'negativo', woe: -0.8, pontos: -74 },
    { from: 0n, faixaDoValor: 'de R$ 0,00 a R$ 9.999,99', woe: -0.4, pontos: -37 },
    { from: 10_000_00n, faixaDoValor: 'de R$ 10.000,00 a R$ 49.999,99', woe: -0.05, pontos: -5 },
    { from: 50_000_00n, faixaDoValor: 'de R$ 50.000,00 a R$ 199.999,99', woe: 0.35, pontos: 32 },
    { from: 200_000_00n, faixaDoValor: 'de R$ 200.000,00 a R$ 499.999,99', woe: 0.75, pontos: 69 },
    { from: 500_000_00n, faixaDoValor: 'de R$ 500.000,00 a R$ 1.499.999,99', woe: 1.1, pontos: 101 },
    { from: 1_500_000_00n, faixaDoValor: 'R$ 1.500.000,00 ou mais', woe: 1.4, pontos: 129 },
  ],
  motivo: 'O valor dos seus bens, menos o que se deve sobre eles, está abaixo da faixa que mais pontua.',
  missingMotivo: 'Não há bens com valor informado.',
};

const diversidadeDeBens: Fator = {
  codigo: 'DIVERSIDADE_DE_BENS',
  nome: 'Diversidade de bens',
  unit: 'tipos',
  beta: 0.5,
  missingBin: { woe: -0.45, pontos: -28 },
  faixas: [
    { from: 1n, faixaDoValor: '1 tipo', woe: -0.1, pontos: -6 },
    { from: 2n, faixaDoValor: '2 tipos', woe: 0.35, pontos: 21 },
    { from: 3n, faixaDoValor: '3 tipos', woe: 0.65, pontos: 40 },
    { from: 4n, faixaDoValor: '4 tipos ou mais', woe: 0.9, pontos: 55 },
  ],
  motivo: 'Seus bens são de poucos tipos.',
  missingMotivo: 'Não há bens informados.',
};

const endereco: Fator = {
  codigo: 'ENDERECO',
  nome: 'Endereço: completude e tempo desde a confirmação',
  unit: 'meses',
  beta: 0.65,
  missingBin: { woe: -0.7, pontos: -56 },
  faixas: [
    { group: 'completo', from: 0n, faixaDoValor: 'completo, menos de 1 ano', woe: 0.35, pontos: 28 },
    { group: 'completo', from: 12n, faixaDoValor: 'completo, de 1 ano a menos de 2 anos', woe: 0.15, pontos: 12 },
    {
      group: 'completo',
      from: 24n,
      faixaDoValor: 'completo, de 2 anos a menos de 5 anos',
      woe: -0.05,
      pontos: -4,
    },
    { group: 'completo', from: 60n, faixaDoValor: 'completo, 5 anos ou mais', woe: -0.25, pontos: -20 },
    { group: 'incompleto', from: 0n, faixaDoValor: 'incompleto, menos de 2 anos', woe: -0.35, pontos: -28 },
    {
      group: 'incompleto',
      from: 24n,
      faixaDoValor: 'incompleto, de 2 anos a menos de 5 anos',
      woe: -0.5,
      pontos: -40,
    },
    { group: 'incompleto', from: 60n, faixaDoValor: 'incompleto, 5 anos ou mais', woe: -0.6, pontos: -48 },
  ],
  motivo: 'Seu endereço está incompleto, ou foi confirmado há muito tempo.',
  missingMotivo: 'Não há endereço com data de confirmação.',
};

const idade: Fator = {
  codigo: 'IDADE',
  nome: 'Idade',
  unit: 'anos',
  // Small, and the points never fall with age. Art. 7-A does not exclude age, but this factor is the most likely to be
  // contested.
  beta: 0.25,
  missingBin: { woe: 0, pontos: 0 },
  faixas: [
    { from: 0n, faixaDoValor: 'até 24 anos', woe: -0.45, pontos: -14 },
    { from: 25n, faixaDoValor: 'de 25 a 29 anos', woe: -0.2, pontos: -6 },
    { from: 30n, faixaDoValor: 'de 30 a 39 anos', woe: 0.05, pontos: 2 },
    { from: 40n, faixaDoValor: 'de 40 a 54 anos', woe: 0.25, pontos: 8 },
    { from: 55n, faixaDoValor: '55 anos ou mais', woe: 0.4, pontos: 12 },
  ],
  motivo: 'A idade entra na nota com peso pequeno e ainda não alcança a faixa que mais pontua.',
  missingMotivo: 'Não há data de nascimento informada.',
};

export const pessoa20261: Modelo = {
  version: 'pessoa-2026.1',
  pontosBase: 530,
  scale: { pontos: 700, odds: 16, pointsPerDoubling: 85 },
  populationOdds: 4,
  faixas: [
    { faixa: 'BAIXO', from: 0 },
    { faixa: 'REGULAR', from: 301 },
    { faixa: 'BOM', from: 501 },
    { faixa: 'EXCELENTE', from: 701 },
  ],
  fatores: [rendaMensal, estabilidade, patrimonioLiquido, diversidadeDeBens, endereco, idade],
};
