import { dayOfMonth, workdayOnOrBefore } from './calendario.ts';
import type { DayNumber } from './calendario.ts';
import type { Parcelamento } from './compras.ts';
import { condominio, corretora, energia, ensino, imobiliaria, saneamento, telefonia } from './empresas.ts';
import { estabelecimentos } from './estabelecimentos.ts';
import { operacoes, texto } from './lancamento.ts';
import type { Lancamento, Operacao, Texto } from './lancamento.ts';
import { nomeFicticio } from './nomes.ts';
import type { Pessoa } from './nucleo.ts';
import type { Prng } from './prng.ts';

const DAYS_FROM_CLOSING_TO_DUE = 7;
/** What somebody without income of their own gets from the family, in reais a month. */
const AJUDA_MENSAL = 950;

const contas = {
  luz: texto(energia.nome),
  agua: texto(saneamento.nome),
  telefone: telefonia.map(({ nome }) => texto(nome)),
  condominio: texto(condominio.nome),
  aluguel: texto(imobiliaria.nome),
  ensino: texto(ensino.nome),
  corretora: texto(corretora.nome),
};
const lojas = estabelecimentos.filter(([loja]) => loja.presencial).map(([loja]) => texto(loja.nome));

/** What comes back every month: on a day of the month, an amount of centavos that varies by at most `varia`. */
interface Mensal {
  readonly dia: number;
  readonly operacao: Operacao;
  readonly centavos: number;
  readonly varia: number;
  readonly emDiaUtil: boolean;
}

/** What may happen on any day, with its chance and its usual amount in centavos. */
interface Avulso {
  readonly chance: number;
  readonly operacao: (conhecido: Texto, loja: Texto) => Operacao;
  readonly centavos: number;
}

const daytime = (prng: Prng): number => prng.between(7 * 3600, 22 * 3600);
const beforeOpening = (prng: Prng): number => prng.between(5 * 3600, 8 * 3600);

function entradas(prng: Prng, pessoa: Pessoa, conhecidos: readonly Texto[], recebeu: number): Mensal[] {
  const { tipo, pagador } = pessoa.ocupacao;
  const dia = prng.pick([1, 5, 5, 5, 7, 10, 15, 20, 25, 28]);
  const fixo = (operacao: Operacao): Mensal[] => [{ dia, operacao, centavos: recebeu, varia: 0, emDiaUtil: true }];
  const fonte = pagador === null ? null : texto(pagador);
  if (tipo === 'NENHUMA') return fixo(operacoes.pixRecebido(prng.pick(conhecidos)));
  if (tipo === 'AUTONOMO') return [];
  if (tipo === 'PRO_LABORE') return fixo(operacoes.proLabore(fonte));
  if (tipo === 'SALARIO' && prng.chance(0.12)) return fixo(operacoes.portabilidade(fonte));
  return fixo(
    tipo === 'SALARIO' || tipo === 'SERVIDOR_PUBLICO' ? operacoes.salario(fonte) : operacoes.beneficio(fonte),
  );
}

function contasDoMes(prng: Prng, pessoa: Pessoa, renda: number, banco: Texto): Mensal[] {
  const bill = (chance: number, operacao: Operacao, share: number, minimum: number, varia: number): Mensal[] =>
    prng.chance(chance)
      ? [
          {
            dia: prng.between(2, 27),
            operacao,
            centavos: Math.round(Math.max(renda * share, minimum)),
            varia,
            emDiaUtil: false,
          },
        ]
      : [];
  const morada = prng.fraction();
  return [
    ...bill(0.85, operacoes.contaDeLuz(contas.luz), 0.03, 5_500, 0.25),
    ...bill(0.7, operacoes.contaDeAgua(contas.agua), 0.015, 4_200, 0.15),
    ...bill(0.95, operacoes.contaDeTelefone(prng.pick(contas.telefone)), 0.02, 4_990, 0),
    ...bill(morada < 0.3 ? 1 : 0, operacoes.aluguel(contas.aluguel), 0.2, 40_000, 0),
    ...bill(morada > 0.7 ? 1 : 0, operacoes.condominio(contas.condominio), 0.07, 18_000, 0.05),
    ...bill(pessoa.idade < 30 ? 0.25 : 0.05, operacoes.mensalidade(contas.ensino), 0.12, 19_900, 0),
    ...bill(0.6, operacoes.tarifa(banco), 0, 2_990, 0),
  ];
}

function avulsos(pessoa: Pessoa, renda: number, aplica: boolean): Avulso[] {
  const gasto = renda * 0.022;
  return [
    { chance: 0.2, operacao: operacoes.pixEnviado, centavos: -gasto * 1.4 },
    { chance: 0.09, operacao: (_, loja) => operacoes.compraNoDebito(loja), centavos: -gasto },
    { chance: 0.02, operacao: () => operacoes.saque(null), centavos: -gasto * 2.5 },
    { chance: 0.008, operacao: operacoes.ted, centavos: -gasto * 6 },
    { chance: 0.012, operacao: operacoes.transferencia, centavos: -gasto * 2 },
    {
      chance: pessoa.ocupacao.tipo === 'AUTONOMO' ? 0.3 : 0.05,
      operacao: operacoes.pixRecebido,
      centavos: pessoa.ocupacao.tipo === 'AUTONOMO' ? renda / 9.5 : gasto,
    },
    { chance: 0.008, operacao: () => operacoes.deposito(null), centavos: gasto * 4 },
    { chance: 0.0006, operacao: () => operacoes.emprestimo(null), centavos: renda * 2.5 },
    { chance: aplica ? 0.005 : 0, operacao: () => operacoes.resgate(contas.corretora), centavos: gasto * 15 },
  ];
}

/** The card's bills: each takes the instalments of what was bought up to a week before it is due. */
function faturas(dueDays: readonly DayNumber[], parcelamentos: readonly Parcelamento[]): Map<DayNumber, number> {
  const totals = new Map<DayNumber, number>();
  for (const { day, centavosPorParcela, parcelas } of parcelamentos) {
    const first = dueDays.findIndex((due) => due - DAYS_FROM_CLOSING_TO_DUE >= day);
    if (first < 0) continue;
    for (const due of dueDays.slice(first, first + parcelas))
      totals.set(due, (totals.get(due) ?? 0) + centavosPorParcela);
  }
  return totals;
}

/** A cash machine pays in notes of R$ 10. */
const emNotas = (centavos: number): number => Math.max(Math.round(centavos / 1_000), 1) * 1_000;

export interface Periodo {
  readonly from: DayNumber;
  /** The first day that has not happened yet. */
  readonly until: DayNumber;
  /** Monthly income and bills are known ahead, to this day. */
  readonly scheduledUntil: DayNumber;
  readonly parcelamentos: readonly Parcelamento[];
  readonly banco: Texto;
  /** Has money invested. */
  readonly aplica: boolean;
}

/**
 * All that would happen to the person's account in a period, in the order of time: income and bills on their days of
 * the month, PIX, cards and cash in between.
 */
export function rotina(prng: Prng, pessoa: Pessoa, periodo: Periodo): Lancamento[] {
  const { from, until, scheduledUntil, parcelamentos, banco, aplica } = periodo;
  const renda = (pessoa.ocupacao.rendaMensal || AJUDA_MENSAL) * 100;
  const conhecidos = Array.from({ length: 5 }, () => texto(nomeFicticio(prng)));
  const mensais = [
    ...entradas(prng, pessoa, conhecidos, renda),
    ...contasDoMes(prng, pessoa, renda, banco).map((conta) => ({ ...conta, centavos: -conta.centavos })),
    ...(aplica
      ? [
          {
            dia: 28,
            operacao: operacoes.rendimento(contas.corretora),
            centavos: renda * 0.03,
            varia: 0.3,
            emDiaUtil: false,
          },
        ]
      : []),
  ];
  const possiveis = avulsos(pessoa, renda, aplica);
  const diaDaFatura = prng.between(3, 26);
  const lancamentos: Lancamento[] = [];
  const add = (day: DayNumber, operacao: Operacao, centavos: number, adiavel: boolean, secondOfDay = daytime(prng)) =>
    lancamentos.push({ ...operacao, day, secondOfDay, centavos: Math.round(centavos), adiavel });

  const dueDays: DayNumber[] = [];
  // Two days more: a salary due on a weekend is paid on the Friday before.
  for (let day = from; day <= scheduledUntil + 2; day++) {
    const diaDoMes = dayOfMonth(day);
    if (diaDoMes === diaDaFatura && day <= scheduledUntil) dueDays.push(day);
    for (const { dia, operacao, centavos, varia, emDiaUtil } of mensais) {
      if (dia !== diaDoMes) continue;
      const when = emDiaUtil ? workdayOnOrBefore(day) : day;
      if (when < from || when > scheduledUntil) continue;
      const valor = centavos * (1 + varia * (prng.fraction() * 2 - 1));
      add(when, operacao, valor, false, emDiaUtil ? beforeOpening(prng) : daytime(prng));
    }
    if (day >= until) continue;
    for (const { chance, operacao, centavos } of possiveis) {
      if (!prng.chance(chance)) continue;
      const feita = operacao(prng.pick(conhecidos), prng.pick(lojas));
      const valor = prng.logNormal(Math.abs(centavos), 0.7);
      add(
        day,
        feita,
        Math.sign(centavos) * Math.max(feita.tipo === 'SAQUE' ? emNotas(valor) : valor, 500),
        centavos < 0,
      );
    }
  }
  for (const [due, centavos] of faturas(dueDays, parcelamentos)) add(due, operacoes.fatura(banco), -centavos, false);
  // The last month is never empty for an account in use, whatever the other postings turned out to be.
  add(until - prng.between(1, 7), operacoes.pixEnviado(prng.pick(conhecidos)), -prng.between(500, 6_000), false);
  return lancamentos.sort((a, b) => a.day - b.day || a.secondOfDay - b.secondOfDay);
}
