import { instantText } from './calendar.ts';
import type { DayNumber } from './calendar.ts';
import { bancos } from './empresas.ts';
import { estabelecimentos } from './estabelecimentos.ts';
import { formatCentavos } from './format-centavos.ts';
import type { PersonCore } from './person-core.ts';
import type { Prng } from './prng.ts';
import { rowId } from './row-id.ts';
import type { CompraCartaoRow } from './rows.ts';

/** The instalments of one purchase. The first is on the first card bill after its day. */
export interface InstalmentPlan {
  readonly day: DayNumber;
  readonly centavosPorParcela: number;
  readonly parcelas: number;
}

export interface Compras {
  readonly rows: readonly CompraCartaoRow[];
  readonly instalmentPlans: readonly InstalmentPlan[];
}

const bandeiras = [
  ['VISA', 36],
  ['MASTERCARD', 40],
  ['ELO', 16],
  ['AMERICAN_EXPRESS', 3],
  ['HIPERCARD', 3],
  ['BANDEIRA_PROPRIA', 2],
] as const;
const reaisByCurrency = { USD: 5.4, EUR: 6.1 };
const NO_PURCHASES: Compras = { rows: [], instalmentPlans: [] };

interface Cartao {
  readonly bandeira: string;
  readonly finalCartao: string;
  readonly emissor: (typeof bancos)[number];
}

const cartao = (prng: Prng): Cartao => ({
  bandeira: prng.weighted(bandeiras),
  finalCartao: prng.between(0, 9_999).toString().padStart(4, '0'),
  emissor: prng.pick(bancos),
});

/** Card purchases from `firstDay` to the day before `hoje`, oldest first; more of them with a higher income. */
export function comprasDe(prng: Prng, pessoa: PersonCore, firstDay: DayNumber): Compras {
  const { ocupacao } = pessoa;
  if (!pessoa.hasActiveAccount || !prng.chance(ocupacao.rendaMensal > 0 ? 0.85 : 0.4)) return NO_PURCHASES;
  const cartoes = prng.chance(0.3) ? [cartao(prng), cartao(prng)] : [cartao(prng)];
  const scale = Math.min(Math.max((ocupacao.rendaMensal || 1_200) / 4_000, 0.45), 2.5);
  const perDay = 0.1 + 0.06 * scale;
  const rows: CompraCartaoRow[] = [];
  const instalmentPlans: InstalmentPlan[] = [];
  for (let day = firstDay; day < pessoa.hoje; day++) {
    if (!prng.chance(perDay)) continue;
    const loja = prng.weighted(estabelecimentos);
    const centavos = Math.max(Math.round(prng.logNormal(loja.mediana * scale ** 0.4, 0.6) * 100), 300);
    const parcelas =
      centavos > 12_000 && prng.chance(0.55)
        ? prng.between(Math.min(2, loja.parcelasMaximas), loja.parcelasMaximas)
        : 1;
    const { bandeira, finalCartao, emissor } = prng.pick(cartoes);
    const aprovada = !prng.chance(0.04);
    rows.push({
      id: rowId('cc', pessoa.index, rows.length),
      cpf: pessoa.cpf,
      dataHora: instantText(day, prng.between(8 * 3600, 22 * 3600)),
      valor: formatCentavos(centavos),
      valorMoedaOrigem: loja.moeda ? formatCentavos(Math.round(centavos / reaisByCurrency[loja.moeda])) : null,
      moedaOrigem: loja.moeda ?? null,
      estabelecimento: loja.nome,
      mcc: loja.mcc,
      bandeira,
      finalCartao,
      emissorNome: emissor.nome,
      emissorIspb: emissor.ispb,
      emissorCompe: emissor.compe,
      formaPagamento: parcelas > 1 ? 'A_PRAZO' : 'A_VISTA',
      parcelas,
      presencial: loja.presencial,
      aprovada,
    });
    if (aprovada) instalmentPlans.push({ day, centavosPorParcela: Math.round(centavos / parcelas), parcelas });
  }
  return { rows, instalmentPlans };
}
