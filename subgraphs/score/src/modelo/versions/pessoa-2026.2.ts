import type { Fator, Modelo } from '../modelo.ts';

// The second version. It counts once what the first counts twice: time at the source without age, worth without the number of
// kinds of assets. No point depends on the birth date. What is missing weighs as somebody of whom it is missing, and not as
// the worst that it could be. docs/decisions/0040-pessoa-2026-2.md has the reasons and the law. The weights are an expert's: they were
// not fitted to any sample.

const rendaMensal: Fator = {
  codigo: 'RENDA_MENSAL',
  nome: 'Renda mensal',
  unit: 'centavos',
  beta: 1,
  // Above an income that hardly feeds one person, below the usual ones: unknown is not low.
  missingBin: { woe: -0.25, pontos: -31 },
  faixas: [
    { from: 0n, faixaDoValor: 'sem renda', woe: -0.9, pontos: -110 },
    { from: 1n, faixaDoValor: 'de R$ 0,01 a R$ 999,99', woe: -0.6, pontos: -74 },
    { from: 1_000_00n, faixaDoValor: 'de R$ 1.000,00 a R$ 1.999,99', woe: -0.2, pontos: -25 },
    { from: 2_000_00n, faixaDoValor: 'de R$ 2.000,00 a R$ 2.999,99', woe: 0.05, pontos: 6 },
    { from: 3_000_00n, faixaDoValor: 'de R$ 3.000,00 a R$ 4.999,99', woe: 0.3, pontos: 37 },
    { from: 5_000_00n, faixaDoValor: 'de R$ 5.000,00 a R$ 7.999,99', woe: 0.6, pontos: 74 },
    { from: 8_000_00n, faixaDoValor: 'de R$ 8.000,00 a R$ 11.999,99', woe: 0.85, pontos: 104 },
    { from: 12_000_00n, faixaDoValor: 'de R$ 12.000,00 a R$ 19.999,99', woe: 1.1, pontos: 135 },
    { from: 20_000_00n, faixaDoValor: 'R$ 20.000,00 ou mais', woe: 1.3, pontos: 159 },
  ],
  motivo: 'A soma das suas fontes de renda está abaixo da faixa de renda mensal que mais pontua.',
  missingMotivo: 'Não há renda informada; informe e comprove suas fontes de renda.',
};

const estabilidade: Fator = {
  codigo: 'ESTABILIDADE',
  nome: 'Tempo na fonte de renda',
  unit: 'meses',
  beta: 1,
  // Just below the least of a known source: an income counts here from R$ 100,00 on, and a raise past that must not cost points.
  missingBin: { woe: -0.35, pontos: -43 },
  // It ends at five years: who is 25 can reach the best bin. Beyond, time tells of age more than of the source.
  faixas: [
    { group: 'comprovada', from: 0n, faixaDoValor: 'comprovada, menos de 6 meses', woe: -0.15, pontos: -18 },
    { group: 'comprovada', from: 6n, faixaDoValor: 'comprovada, de 6 meses a menos de 2 anos', woe: 0.05, pontos: 6 },
    { group: 'comprovada', from: 24n, faixaDoValor: 'comprovada, de 2 anos a menos de 5 anos', woe: 0.25, pontos: 31 },
    { group: 'comprovada', from: 60n, faixaDoValor: 'comprovada, 5 anos ou mais', woe: 0.4, pontos: 49 },
    { group: 'declarada', from: 0n, faixaDoValor: 'declarada, menos de 1 ano', woe: -0.3, pontos: -37 },
    { group: 'declarada', from: 12n, faixaDoValor: 'declarada, de 1 ano a menos de 3 anos', woe: -0.2, pontos: -25 },
    { group: 'declarada', from: 36n, faixaDoValor: 'declarada, 3 anos ou mais', woe: -0.1, pontos: -12 },
  ],
  motivo: 'O tempo na sua fonte de renda é curto, ou a fonte não está comprovada.',
  missingMotivo: 'Não há fonte de renda com data de início informada.',
};

const patrimonioLiquido: Fator = {
  codigo: 'PATRIMONIO_LIQUIDO',
  nome: 'Patrimônio líquido',
  unit: 'centavos',
  // It partly repeats income, out of which it is saved.
  beta: 0.8,
  missingBin: { woe: -0.2, pontos: -20 },
  // It ends at half a million: more is of no more use against a month without income.
  faixas: [
    { from: null, faixaDoValor: 'negativo', woe: -0.5, pontos: -49 },
    { from: 0n, faixaDoValor: 'de R$ 0,00 a R$ 9.999,99', woe: -0.1, pontos: -10 },
    { from: 10_000_00n, faixaDoValor: 'de R$ 10.000,00 a R$ 49.999,99', woe: 0.1, pontos: 10 },
    { from: 50_000_00n, faixaDoValor: 'de R$ 50.000,00 a R$ 199.999,99', woe: 0.35, pontos: 34 },
    { from: 200_000_00n, faixaDoValor: 'de R$ 200.000,00 a R$ 499.999,99', woe: 0.6, pontos: 59 },
    { from: 500_000_00n, faixaDoValor: 'R$ 500.000,00 ou mais', woe: 0.75, pontos: 74 },
  ],
  motivo: 'O valor dos seus bens, menos o que se deve sobre eles, está abaixo da faixa que mais pontua.',
  missingMotivo: 'Não há bens com valor informado.',
};

const endereco: Fator = {
  codigo: 'ENDERECO',
  nome: 'Endereço: completude e tempo desde a confirmação',
  unit: 'meses',
  // It says how well somebody can be reached, and little of whether they pay.
  beta: 0.5,
  missingBin: { woe: -0.45, pontos: -28 },
  faixas: [
    { group: 'completo', from: 0n, faixaDoValor: 'completo, menos de 1 ano', woe: 0.2, pontos: 12 },
    { group: 'completo', from: 12n, faixaDoValor: 'completo, de 1 ano a menos de 2 anos', woe: 0.1, pontos: 6 },
    { group: 'completo', from: 24n, faixaDoValor: 'completo, de 2 anos a menos de 5 anos', woe: -0.05, pontos: -3 },
    { group: 'completo', from: 60n, faixaDoValor: 'completo, 5 anos ou mais', woe: -0.2, pontos: -12 },
    { group: 'incompleto', from: 0n, faixaDoValor: 'incompleto, menos de 2 anos', woe: -0.15, pontos: -9 },
    {
      group: 'incompleto',
      from: 24n,
      faixaDoValor: 'incompleto, de 2 anos a menos de 5 anos',
      woe: -0.25,
      pontos: -15,
    },
    { group: 'incompleto', from: 60n, faixaDoValor: 'incompleto, 5 anos ou mais', woe: -0.35, pontos: -21 },
  ],
  motivo: 'Seu endereço está incompleto, ou foi confirmado há muito tempo.',
  missingMotivo: 'Não há endereço com data de confirmação.',
};

export const pessoa20262: Modelo = {
  version: 'pessoa-2026.2',
  pontosBase: 530,
  scale: { pontos: 700, odds: 16, pointsPerDoubling: 85 },
  populationOdds: 4,
  faixas: [
    { faixa: 'BAIXO', from: 0 },
    { faixa: 'REGULAR', from: 301 },
    { faixa: 'BOM', from: 501 },
    { faixa: 'EXCELENTE', from: 701 },
  ],
  fatores: [rendaMensal, estabilidade, patrimonioLiquido, endereco],
};
