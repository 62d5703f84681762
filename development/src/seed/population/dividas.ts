import { dayText } from './calendar.ts';
import { debtOrigins } from './credores.ts';
import type { DebtOrigin } from './credores.ts';
import { formatCentavos } from './format-centavos.ts';
import type { PersonCore } from './person-core.ts';
import type { Prng } from './prng.ts';
import { rowId } from './row-id.ts';
import type { DividaRow } from './rows.ts';

const FIVE_YEARS = 1826;
const SHARE_WITH_DEBTS = 0.35;
const weightedOrigins = debtOrigins.map((origem) => [origem, origem.peso] as const);

/** Days since the debt fell due: most are young, some older than the five years of CDC art. 43, a few close to that limit. */
function daysOverdue(prng: Prng): number {
  return prng.weighted([
    [prng.between(40, 365), 42],
    [prng.between(366, 1_095), 30],
    [prng.between(1_096, FIVE_YEARS - 3), 14],
    [FIVE_YEARS + prng.between(-2, 2), 2],
    [prng.between(FIVE_YEARS + 3, 2_700), 12],
  ]);
}

function situacaoByAge(prng: Prng, days: number): string {
  if (days > FIVE_YEARS)
    return prng.weighted([
      ['BAIXADA_POR_PRAZO', 55],
      ['EM_ABERTO', 25],
      ['QUITADA', 20],
    ]);
  return prng.weighted([
    ['EM_ABERTO', 55],
    ['QUITADA', 17],
    ['ACORDO_VIGENTE', 10],
    ['EM_NEGOCIACAO', 9],
    ['CONTESTADA', 6],
    ['SUSPENSA_JUDICIALMENTE', 3],
  ]);
}

/** The day when the consumer was informed: usually some days before `inclusao`, sometimes after it, sometimes never. */
function communicationDay(prng: Prng, inclusao: number, hoje: number): number | null {
  const kind = prng.fraction();
  if (kind < 0.06) return null;
  if (kind < 0.11) return Math.min(inclusao + prng.between(1, 20), hoje);
  return inclusao - prng.between(10, 20);
}

function dividaRow(prng: Prng, pessoa: PersonCore, ordinal: number, origem: DebtOrigin): DividaRow {
  const { cpf, hoje, municipio } = pessoa;
  const days = daysOverdue(prng);
  const vencimento = hoje - days;
  const inclusao = Math.min(vencimento + prng.between(25, 90), hoje - 1);
  const comunicacao = communicationDay(prng, inclusao, hoje);
  const [from, to] = origem.faixa;
  const centavos = Math.round(Math.exp(Math.log(from) + prng.fraction() * (Math.log(to) - Math.log(from))) * 100);
  const situacao = situacaoByAge(prng, days);
  // A fine of 2 % and interest of 1 % a month, at most twice the amount, so that old debts stay plausible.
  const centavosWithCharges = Math.round(centavos * Math.min(1.02 + (days / 30) * 0.01, 2));
  return {
    id: rowId('dv', pessoa.index, ordinal),
    cpf,
    credorId: prng.pick(origem.credores).id,
    contrato: `${prng.between(10, 99)}${prng.next().toString().padStart(10, '0')}`,
    modalidade: origem.modalidade,
    natureza: prng.weighted(origem.naturezas),
    situacao,
    valorOriginal: formatCentavos(centavos),
    valorAtualizado: situacao === 'QUITADA' || prng.chance(0.1) ? null : formatCentavos(centavosWithCharges),
    vencimento: dayText(vencimento),
    dataInclusao: dayText(inclusao),
    dataComunicacao: comunicacao === null ? null : dayText(comunicacao),
    parcelasEmAtraso: prng.chance(0.3) ? null : Math.min(1 + Math.floor(days / 90), 24),
    principal: !prng.chance(0.05),
    uf: prng.chance(0.04) ? null : municipio.uf,
  };
}

/** The debts of a person: about a third of the people have one to six. */
export function dividasDe(prng: Prng, pessoa: PersonCore): DividaRow[] {
  if (!prng.chance(SHARE_WITH_DEBTS)) return [];
  const count = prng.weighted([
    [1, 42],
    [2, 27],
    [3, 15],
    [4, 9],
    [5, 5],
    [6, 2],
  ]);
  return Array.from({ length: count }, (_, ordinal) =>
    dividaRow(prng, pessoa, ordinal, prng.weighted(weightedOrigins)),
  );
}
