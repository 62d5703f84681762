import { accountRoutine } from './account-routine.ts';
import { dayOfMonth, instantText } from './calendar.ts';
import type { DayNumber } from './calendar.ts';
import type { InstalmentPlan } from './compras.ts';
import { bancos } from './empresas.ts';
import { formatCentavos } from './format-centavos.ts';
import type { PersonCore } from './person-core.ts';
import { postingKinds, splitText } from './planned-posting.ts';
import type { PlannedPosting } from './planned-posting.ts';
import type { Prng } from './prng.ts';
import { rowId } from './row-id.ts';
import type { MovimentacaoRow } from './rows.ts';

const MONTHLY_INTEREST = 0.08;
const SCHEDULED_DAYS = 8;
const SHARE_PROCESSING = 0.15;
const accounts = bancos.map((banco) => ({ banco, nome: splitText(banco.nome) }));

/** The interest on the first of a month for an account with a negative balance. */
const interestPosting = (
  lancamento: PlannedPosting,
  balanceCentavos: number,
  banco: PlannedPosting['contraparte'],
): PlannedPosting => ({
  ...postingKinds.jurosDoLimite(banco),
  day: lancamento.day - dayOfMonth(lancamento.day) + 1,
  secondOfDay: 4 * 3600,
  centavos: Math.round(balanceCentavos * MONTHLY_INTEREST),
  isPostponable: false,
});

/**
 * The account's postings from `firstDay` to the day before `hoje`, oldest first, each with the balance after it. Then the
 * scheduled postings of the days after `hoje`. Empty for a person without an active account.
 */
export function movimentacoesDe(
  prng: Prng,
  pessoa: PersonCore,
  {
    firstDay,
    instalmentPlans,
    hasInvestments,
  }: { firstDay: DayNumber; instalmentPlans: readonly InstalmentPlan[]; hasInvestments: boolean },
): MovimentacaoRow[] {
  if (!pessoa.hasActiveAccount) return [];
  const { hoje, cpf, ocupacao } = pessoa;
  const { banco, nome } = prng.pick(accounts);
  const overdraftCentavos = -ocupacao.rendaMensal * 40;
  let saldo = Math.round((200 + prng.fraction() * 1.2 * ocupacao.rendaMensal) * 100);
  let month = 0;
  const rows: MovimentacaoRow[] = [];

  const post = (lancamento: PlannedPosting, situacao: string): void => {
    const { centavos, descricao, contraparte } = lancamento;
    const isSettled = situacao === 'TRANSACAO_EFETIVADA';
    if (isSettled) saldo += centavos;
    rows.push({
      id: rowId('mv', pessoa.index, rows.length),
      cpf,
      dataHora: instantText(lancamento.day, lancamento.secondOfDay),
      natureza: centavos < 0 ? 'DEBITO' : 'CREDITO',
      tipo: lancamento.tipo,
      valor: formatCentavos(Math.abs(centavos)),
      descricao: descricao.text,
      canal: lancamento.canal,
      instituicaoNome: banco.nome,
      instituicaoIspb: banco.ispb,
      instituicaoCompe: banco.compe,
      situacao,
      contraparte: contraparte?.text ?? null,
      saldoApos: isSettled ? formatCentavos(saldo) : null,
      palavras: contraparte ? [...descricao.words, ...contraparte.words] : descricao.words,
    });
  };

  const lancamentos = accountRoutine(prng, pessoa, {
    from: firstDay,
    until: hoje,
    scheduledUntil: hoje + SCHEDULED_DAYS,
    instalmentPlans,
    banco: nome,
    hasInvestments,
  });
  const isProcessing = prng.chance(SHARE_PROCESSING);
  for (const lancamento of lancamentos) {
    const { day, centavos, isPostponable: adiavel } = lancamento;
    if (day >= hoje) {
      if (day > hoje && !adiavel) post(lancamento, 'LANCAMENTO_FUTURO');
      continue;
    }
    const startsMonth = dayOfMonth(day) < month;
    month = dayOfMonth(day);
    if (startsMonth && saldo < 0) post(interestPosting(lancamento, saldo, nome), 'TRANSACAO_EFETIVADA');
    if (adiavel && saldo + centavos < overdraftCentavos) continue;
    post(
      lancamento,
      isProcessing && day === hoje - 1 && centavos < 0 ? 'TRANSACAO_PROCESSANDO' : 'TRANSACAO_EFETIVADA',
    );
  }
  return rows;
}
