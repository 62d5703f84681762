import { dayOfMonth, instantText } from './calendario.ts';
import type { DayNumber } from './calendario.ts';
import type { Parcelamento } from './compras.ts';
import { dinheiro } from './dinheiro.ts';
import { bancos } from './empresas.ts';
import { operacoes, texto } from './lancamento.ts';
import type { Lancamento } from './lancamento.ts';
import type { Pessoa } from './nucleo.ts';
import type { Prng } from './prng.ts';
import { rotina } from './rotina.ts';
import { rowId } from './row-id.ts';
import type { MovimentacaoRow } from './rows.ts';

const JUROS_AO_MES = 0.08;
const SCHEDULED_DAYS = 8;
const SHARE_PROCESSING = 0.15;
const contas = bancos.map((banco) => ({ banco, nome: texto(banco.nome) }));

/** Charged on the first of a month to an account in the red. */
const juros = (lancamento: Lancamento, saldo: number, banco: Lancamento['contraparte']): Lancamento => ({
  ...operacoes.jurosDoLimite(banco),
  day: lancamento.day - dayOfMonth(lancamento.day) + 1,
  secondOfDay: 4 * 3600,
  centavos: Math.round(saldo * JUROS_AO_MES),
  adiavel: false,
});

/**
 * The account's postings from `firstDay` to the day before `hoje`, oldest first, each with the balance after it, and what
 * is scheduled for the days after `hoje`. None at all for somebody without an account in use.
 */
export function movimentacoesDe(
  prng: Prng,
  pessoa: Pessoa,
  { firstDay, parcelamentos, aplica }: { firstDay: DayNumber; parcelamentos: readonly Parcelamento[]; aplica: boolean },
): MovimentacaoRow[] {
  if (!pessoa.ativa) return [];
  const { hoje, cpf, ocupacao } = pessoa;
  const { banco, nome } = prng.pick(contas);
  const limite = -ocupacao.rendaMensal * 40;
  let saldo = Math.round((200 + prng.fraction() * 1.2 * ocupacao.rendaMensal) * 100);
  let month = 0;
  const rows: MovimentacaoRow[] = [];

  const post = (lancamento: Lancamento, situacao: string): void => {
    const { centavos, descricao, contraparte } = lancamento;
    const settled = situacao === 'TRANSACAO_EFETIVADA';
    if (settled) saldo += centavos;
    rows.push({
      id: rowId('mv', pessoa.index, rows.length),
      cpf,
      dataHora: instantText(lancamento.day, lancamento.secondOfDay),
      natureza: centavos < 0 ? 'DEBITO' : 'CREDITO',
      tipo: lancamento.tipo,
      valor: dinheiro(Math.abs(centavos)),
      descricao: descricao.texto,
      canal: lancamento.canal,
      instituicaoNome: banco.nome,
      instituicaoIspb: banco.ispb,
      instituicaoCompe: banco.compe,
      situacao,
      contraparte: contraparte?.texto ?? null,
      saldoApos: settled ? dinheiro(saldo) : null,
      palavras: contraparte ? [...descricao.palavras, ...contraparte.palavras] : descricao.palavras,
    });
  };

  const lancamentos = rotina(prng, pessoa, {
    from: firstDay,
    until: hoje,
    scheduledUntil: hoje + SCHEDULED_DAYS,
    parcelamentos,
    banco: nome,
    aplica,
  });
  const processing = prng.chance(SHARE_PROCESSING);
  for (const lancamento of lancamentos) {
    const { day, centavos, adiavel } = lancamento;
    if (day >= hoje) {
      if (day > hoje && !adiavel) post(lancamento, 'LANCAMENTO_FUTURO');
      continue;
    }
    const startsMonth = dayOfMonth(day) < month;
    month = dayOfMonth(day);
    if (startsMonth && saldo < 0) post(juros(lancamento, saldo, nome), 'TRANSACAO_EFETIVADA');
    if (adiavel && saldo + centavos < limite) continue;
    post(lancamento, processing && day === hoje - 1 && centavos < 0 ? 'TRANSACAO_PROCESSANDO' : 'TRANSACAO_EFETIVADA');
  }
  return rows;
}
