import { dayOfMonth, workdayOnOrBefore } from './calendar.ts';
import type { DayNumber } from './calendar.ts';
import type { InstalmentPlan } from './compras.ts';
import { condominio, corretora, energia, ensino, imobiliaria, saneamento, telefonia } from './empresas.ts';
import { estabelecimentos } from './estabelecimentos.ts';
import { nomeFicticio } from './nomes.ts';
import type { PersonCore } from './person-core.ts';
import { postingKinds, splitText } from './planned-posting.ts';
import type { PlannedPosting, PostingKind, SplitText } from './planned-posting.ts';
import type { Prng } from './prng.ts';

const DAYS_FROM_CLOSING_TO_DUE = 7;
/** Reais a month that a person without income gets from the family. */
const FAMILY_ALLOWANCE = 950;

const recipients = {
  luz: splitText(energia.nome),
  agua: splitText(saneamento.nome),
  telefone: telefonia.map(({ nome }) => splitText(nome)),
  condominio: splitText(condominio.nome),
  aluguel: splitText(imobiliaria.nome),
  ensino: splitText(ensino.nome),
  corretora: splitText(corretora.nome),
};
const shops = estabelecimentos.filter(([loja]) => loja.presencial).map(([loja]) => splitText(loja.nome));

/** A posting of every month, whose amount varies by at most the share `variation`. */
interface MonthlyPosting {
  readonly dia: number;
  readonly operacao: PostingKind;
  readonly centavos: number;
  readonly variation: number;
  readonly isOnWorkday: boolean;
}

/** A posting that may happen on any day, with its probability and its median amount in centavos. */
interface OccasionalPosting {
  readonly chance: number;
  readonly operacao: (conhecido: SplitText, loja: SplitText) => PostingKind;
  readonly centavos: number;
}

const daytime = (prng: Prng): number => prng.between(7 * 3600, 22 * 3600);
const beforeOpening = (prng: Prng): number => prng.between(5 * 3600, 8 * 3600);

function monthlyIncome(
  prng: Prng,
  pessoa: PersonCore,
  acquaintances: readonly SplitText[],
  incomeCentavos: number,
): MonthlyPosting[] {
  const { tipo, pagador } = pessoa.ocupacao;
  const dia = prng.pick([1, 5, 5, 5, 7, 10, 15, 20, 25, 28]);
  const onPayday = (operacao: PostingKind): MonthlyPosting[] => [
    { dia, operacao, centavos: incomeCentavos, variation: 0, isOnWorkday: true },
  ];
  const fonte = pagador === null ? null : splitText(pagador);
  if (tipo === 'NENHUMA') return onPayday(postingKinds.pixRecebido(prng.pick(acquaintances)));
  if (tipo === 'AUTONOMO') return [];
  if (tipo === 'PRO_LABORE') return onPayday(postingKinds.proLabore(fonte));
  if (tipo === 'SALARIO' && prng.chance(0.12)) return onPayday(postingKinds.portabilidade(fonte));
  return onPayday(
    tipo === 'SALARIO' || tipo === 'SERVIDOR_PUBLICO' ? postingKinds.salario(fonte) : postingKinds.beneficio(fonte),
  );
}

function monthlyBills(prng: Prng, pessoa: PersonCore, renda: number, banco: SplitText): MonthlyPosting[] {
  const bill = (
    chance: number,
    operacao: PostingKind,
    share: number,
    minimum: number,
    variation: number,
  ): MonthlyPosting[] =>
    prng.chance(chance)
      ? [
          {
            dia: prng.between(2, 27),
            operacao,
            centavos: Math.round(Math.max(renda * share, minimum)),
            variation: variation,
            isOnWorkday: false,
          },
        ]
      : [];
  const housing = prng.fraction();
  return [
    ...bill(0.85, postingKinds.contaDeLuz(recipients.luz), 0.03, 5_500, 0.25),
    ...bill(0.7, postingKinds.contaDeAgua(recipients.agua), 0.015, 4_200, 0.15),
    ...bill(0.95, postingKinds.contaDeTelefone(prng.pick(recipients.telefone)), 0.02, 4_990, 0),
    ...bill(housing < 0.3 ? 1 : 0, postingKinds.aluguel(recipients.aluguel), 0.2, 40_000, 0),
    ...bill(housing > 0.7 ? 1 : 0, postingKinds.condominio(recipients.condominio), 0.07, 18_000, 0.05),
    ...bill(pessoa.idade < 30 ? 0.25 : 0.05, postingKinds.mensalidade(recipients.ensino), 0.12, 19_900, 0),
    ...bill(0.6, postingKinds.tarifa(banco), 0, 2_990, 0),
  ];
}

function occasionalPostings(pessoa: PersonCore, renda: number, hasInvestments: boolean): OccasionalPosting[] {
  const spending = renda * 0.022;
  return [
    { chance: 0.2, operacao: postingKinds.pixEnviado, centavos: -spending * 1.4 },
    { chance: 0.09, operacao: (_, loja) => postingKinds.compraNoDebito(loja), centavos: -spending },
    { chance: 0.02, operacao: () => postingKinds.saque(null), centavos: -spending * 2.5 },
    { chance: 0.008, operacao: postingKinds.ted, centavos: -spending * 6 },
    { chance: 0.012, operacao: postingKinds.transferencia, centavos: -spending * 2 },
    {
      chance: pessoa.ocupacao.tipo === 'AUTONOMO' ? 0.3 : 0.05,
      operacao: postingKinds.pixRecebido,
      centavos: pessoa.ocupacao.tipo === 'AUTONOMO' ? renda / 9.5 : spending,
    },
    { chance: 0.008, operacao: () => postingKinds.deposito(null), centavos: spending * 4 },
    { chance: 0.0006, operacao: () => postingKinds.emprestimo(null), centavos: renda * 2.5 },
    {
      chance: hasInvestments ? 0.005 : 0,
      operacao: () => postingKinds.resgate(recipients.corretora),
      centavos: spending * 15,
    },
  ];
}

/** The amounts of the card bills by due day. A bill has the instalments of purchases up to a week before it. */
function cardBills(dueDays: readonly DayNumber[], instalmentPlans: readonly InstalmentPlan[]): Map<DayNumber, number> {
  const totals = new Map<DayNumber, number>();
  for (const { day, centavosPorParcela, parcelas } of instalmentPlans) {
    const first = dueDays.findIndex((due) => due - DAYS_FROM_CLOSING_TO_DUE >= day);
    if (first < 0) continue;
    for (const due of dueDays.slice(first, first + parcelas))
      totals.set(due, (totals.get(due) ?? 0) + centavosPorParcela);
  }
  return totals;
}

/** Rounds to notes of R$ 10, at least one. */
const inBanknotes = (centavos: number): number => Math.max(Math.round(centavos / 1_000), 1) * 1_000;

export interface Period {
  readonly from: DayNumber;
  /** The day after the last posting that has happened. */
  readonly until: DayNumber;
  /** Monthly income and bills are scheduled up to this day, included. */
  readonly scheduledUntil: DayNumber;
  readonly instalmentPlans: readonly InstalmentPlan[];
  readonly banco: SplitText;
  readonly hasInvestments: boolean;
}

/**
 * The planned postings of a person's account in a period, oldest first: income and bills on their days of the month, and
 * PIX, cards and cash on any day.
 */
export function accountRoutine(prng: Prng, pessoa: PersonCore, period: Period): PlannedPosting[] {
  const { from, until, scheduledUntil, instalmentPlans, banco, hasInvestments } = period;
  const renda = (pessoa.ocupacao.rendaMensal || FAMILY_ALLOWANCE) * 100;
  const acquaintances = Array.from({ length: 5 }, () => splitText(nomeFicticio(prng)));
  const monthlyPostings = [
    ...monthlyIncome(prng, pessoa, acquaintances, renda),
    ...monthlyBills(prng, pessoa, renda, banco).map((conta) => ({ ...conta, centavos: -conta.centavos })),
    ...(hasInvestments
      ? [
          {
            dia: 28,
            operacao: postingKinds.rendimento(recipients.corretora),
            centavos: renda * 0.03,
            variation: 0.3,
            isOnWorkday: false,
          },
        ]
      : []),
  ];
  const occasional = occasionalPostings(pessoa, renda, hasInvestments);
  const billDay = prng.between(3, 26);
  const postings: PlannedPosting[] = [];
  const add = (
    day: DayNumber,
    operacao: PostingKind,
    centavos: number,
    isPostponable: boolean,
    secondOfDay = daytime(prng),
  ) => postings.push({ ...operacao, day, secondOfDay, centavos: Math.round(centavos), isPostponable });

  const dueDays: DayNumber[] = [];
  // Two more days, because a salary due on a weekend is paid on the Friday before it.
  for (let day = from; day <= scheduledUntil + 2; day++) {
    const today = dayOfMonth(day);
    if (today === billDay && day <= scheduledUntil) dueDays.push(day);
    for (const { dia, operacao, centavos, variation, isOnWorkday } of monthlyPostings) {
      if (dia !== today) continue;
      const when = isOnWorkday ? workdayOnOrBefore(day) : day;
      if (when < from || when > scheduledUntil) continue;
      const valor = centavos * (1 + variation * (prng.fraction() * 2 - 1));
      add(when, operacao, valor, false, isOnWorkday ? beforeOpening(prng) : daytime(prng));
    }
    if (day >= until) continue;
    for (const { chance, operacao, centavos } of occasional) {
      if (!prng.chance(chance)) continue;
      const kind = operacao(prng.pick(acquaintances), prng.pick(shops));
      const valor = prng.logNormal(Math.abs(centavos), 0.7);
      add(
        day,
        kind,
        Math.sign(centavos) * Math.max(kind.tipo === 'SAQUE' ? inBanknotes(valor) : valor, 500),
        centavos < 0,
      );
    }
  }
  for (const [due, centavos] of cardBills(dueDays, instalmentPlans))
    add(due, postingKinds.fatura(banco), -centavos, false);
  // One posting is certain, so the last month of an active account is never empty.
  add(until - prng.between(1, 7), postingKinds.pixEnviado(prng.pick(acquaintances)), -prng.between(500, 6_000), false);
  return postings.sort((a, b) => a.day - b.day || a.secondOfDay - b.secondOfDay);
}
