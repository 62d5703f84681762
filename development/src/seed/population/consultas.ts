import { instantText } from './calendar.ts';
import { bancos, biros, imobiliaria, telefonia, tribunal, varejistas } from './empresas.ts';
import type { Empresa } from './empresas.ts';
import type { PersonCore } from './person-core.ts';
import type { Prng } from './prng.ts';
import { rowId } from './row-id.ts';
import type { ConsultaRow } from './rows.ts';

const TWO_YEARS = 730;
const HOLDER_SHARE = 0.15;

interface InquiryKind {
  readonly finalidade: string;
  readonly consulentes: readonly Empresa[];
  readonly produto: string;
}

const inquiryKinds: readonly (readonly [InquiryKind, peso: number])[] = [
  [{ finalidade: 'CONCESSAO_CREDITO', consulentes: bancos, produto: 'Relatório de crédito' }, 44],
  [{ finalidade: 'VENDA_A_PRAZO', consulentes: varejistas, produto: 'Consulta para crediário' }, 22],
  [{ finalidade: 'REVISAO_LIMITE', consulentes: bancos, produto: 'Score' }, 12],
  [{ finalidade: 'PREVENCAO_FRAUDE', consulentes: [...telefonia, ...bancos], produto: 'Validação cadastral' }, 10],
  [{ finalidade: 'LOCACAO', consulentes: [imobiliaria], produto: 'Ficha do locatário' }, 6],
  [{ finalidade: 'COBRANCA', consulentes: [...varejistas, ...telefonia], produto: 'Localização' }, 5],
  [{ finalidade: 'ORDEM_JUDICIAL', consulentes: [tribunal], produto: 'Ofício' }, 1],
];

/** Inquiries about a person in the last two years, oldest first. Some are the holder's own. */
export function consultasDe(prng: Prng, pessoa: PersonCore): ConsultaRow[] {
  const count = prng.weighted([
    [0, 4],
    [2, 20],
    [3, 22],
    [4, 20],
    [6, 18],
    [9, 12],
    [14, 4],
  ]);
  const ages = Array.from({ length: count }, () => 1 + Math.floor(prng.fraction() ** 2 * TWO_YEARS));
  return ages
    .sort((a, b) => b - a)
    .map((days, ordinal) => {
      const peloTitular = prng.chance(HOLDER_SHARE);
      const { finalidade, consulentes, produto } = prng.weighted(inquiryKinds);
      const { nome, cnpj } = prng.pick(consulentes);
      return {
        id: rowId('cs', pessoa.index, ordinal),
        cpf: pessoa.cpf,
        consulente: peloTitular ? 'O próprio titular' : nome,
        cnpjConsulente: peloTitular || prng.chance(0.05) ? null : cnpj,
        biro: prng.chance(0.9) ? prng.pick(biros) : null,
        dataHora: instantText(pessoa.hoje - days, prng.between(7 * 3600, 21 * 3600)),
        finalidade: peloTitular ? 'CONSULTA_DO_TITULAR' : finalidade,
        produto: peloTitular ? 'Autoconsulta' : prng.chance(0.9) ? produto : null,
        peloTitular,
      };
    });
}
