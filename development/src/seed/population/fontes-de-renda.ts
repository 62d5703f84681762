import { dayText } from './calendar.ts';
import { corretora, imobiliaria } from './empresas.ts';
import { formatCentavos } from './format-centavos.ts';
import type { PersonCore } from './person-core.ts';
import type { Prng } from './prng.ts';
import { rowId } from './row-id.ts';
import type { BemRow, FonteDeRendaRow } from './rows.ts';

const DAYS_PER_YEAR = 365.25;

/** The number of payments a month of each `periodicidade`. `valor` is the amount of one payment. */
const paymentsPerMonth = {
  DIARIA: 22,
  SEMANAL: 4.33,
  QUINZENAL: 2,
  MENSAL: 1,
  TRIMESTRAL: 1 / 3,
  SEMESTRAL: 1 / 6,
  ANUAL: 1 / 12,
};

export function fontesDeRendaDe(prng: Prng, pessoa: PersonCore, bens: readonly BemRow[]): FonteDeRendaRow[] {
  const { cpf, ocupacao, hoje } = pessoa;
  const rows: FonteDeRendaRow[] = [];
  const add = (
    fonte: Pick<FonteDeRendaRow, 'tipo' | 'pagador' | 'cnpjPagador' | 'ocupacao'>,
    rendaMensal: number,
    periodicidade: keyof typeof paymentsPerMonth,
    anos: number,
  ) =>
    rows.push({
      id: rowId('fr', pessoa.index, rows.length),
      cpf,
      ...fonte,
      valor: formatCentavos(Math.round((rendaMensal * 100) / paymentsPerMonth[periodicidade])),
      periodicidade,
      desde: prng.chance(0.08) ? null : dayText(hoje - Math.round(anos * DAYS_PER_YEAR) - 1),
      comprovada: prng.chance(fonte.tipo === 'AUTONOMO' ? 0.35 : 0.85),
    });

  if (ocupacao.rendaMensal > 0) {
    const isSelfEmployed = ocupacao.tipo === 'AUTONOMO';
    const periodicidade = isSelfEmployed ? prng.pick(['MENSAL', 'SEMANAL', 'QUINZENAL', 'DIARIA'] as const) : 'MENSAL';
    const { tipo, pagador, cnpjPagador, ocupacao: nome } = ocupacao;
    add({ tipo, pagador, cnpjPagador, ocupacao: nome }, ocupacao.rendaMensal, periodicidade, ocupacao.anosNaFonte);
  }
  const imoveis = bens.filter((bem) => bem.tipo === 'IMOVEL').length;
  if (imoveis > 1) {
    const aluguel = prng.between(700, 3_500);
    add(
      { tipo: 'ALUGUEL', pagador: imobiliaria.nome, cnpjPagador: imobiliaria.cnpj, ocupacao: null },
      aluguel,
      'MENSAL',
      prng.between(1, 9),
    );
  }
  const investedReais = Number(bens.find((bem) => bem.tipo === 'APLICACAO_FINANCEIRA')?.valorEstimado ?? 0);
  if (investedReais > 20_000) {
    const rhythm = prng.pick(['TRIMESTRAL', 'SEMESTRAL', 'ANUAL'] as const);
    add(
      { tipo: 'INVESTIMENTO', pagador: corretora.nome, cnpjPagador: corretora.cnpj, ocupacao: null },
      investedReais * 0.008,
      rhythm,
      prng.between(1, 6),
    );
  }
  return rows;
}
