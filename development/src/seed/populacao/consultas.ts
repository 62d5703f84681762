import { instantText } from './calendario.ts';
import { bancos, biros, imobiliaria, telefonia, tribunal, varejistas } from './empresas.ts';
import type { Empresa } from './empresas.ts';
import type { Pessoa } from './nucleo.ts';
import type { Prng } from './prng.ts';
import { rowId } from './row-id.ts';
import type { ConsultaRow } from './rows.ts';

const TWO_YEARS = 730;
const SHARE_BY_HOLDER = 0.15;

interface Motivo {
  readonly finalidade: string;
  readonly consulentes: readonly Empresa[];
  readonly produto: string;
}

const motivos: readonly (readonly [Motivo, peso: number])[] = [
  [{ finalidade: 'CONCESSAO_CREDITO', consulentes: bancos, produto: 'Relatório de crédito' }, 44],
  [{ finalidade: 'VENDA_A_PRAZO', consulentes: varejistas, produto: 'Consulta para crediário' }, 22],
  [{ finalidade: 'REVISAO_LIMITE', consulentes: bancos, produto: 'Score' }, 12],
  [{ finalidade: 'PREVENCAO_FRAUDE', consulentes: [...telefonia, ...bancos], produto: 'Validação cadastral' }, 10],
  [{ finalidade: 'LOCACAO', consulentes: [imobiliaria], produto: 'Ficha do locatário' }, 6],
  [{ finalidade: 'COBRANCA', consulentes: [...varejistas, ...telefonia], produto: 'Localização' }, 5],
  [{ finalidade: 'ORDEM_JUDICIAL', consulentes: [tribunal], produto: 'Ofício' }, 1],
];

/** Who looked this CPF up in the last two years, oldest first; the holder among them. */
export function consultasDe(prng: Prng, pessoa: Pessoa): ConsultaRow[] {
  const quantity = prng.weighted([
    [0, 4],
    [2, 20],
    [3, 22],
    [4, 20],
    [6, 18],
    [9, 12],
    [14, 4],
  ]);
  const ages = Array.from({ length: quantity }, () => 1 + Math.floor(prng.fraction() ** 2 * TWO_YEARS));
  return ages
    .sort((a, b) => b - a)
    .map((days, ordinal) => {
      const peloTitular = prng.chance(SHARE_BY_HOLDER);
      const { finalidade, consulentes, produto } = prng.weighted(motivos);
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
