import { addYears } from '@pessoa/domain/data';
import type { Cpf } from '@pessoa/domain/cpf';
import type { Data } from '@pessoa/domain/data';
import { pessoa } from './pessoa.ts';
import type { PessoaFicticia } from './rows.ts';

const HOJE = '2026-11-22' as Data;
const OPEN = new Set(['EM_ABERTO', 'EM_NEGOCIACAO', 'ACORDO_VIGENTE', 'CONTESTADA']);

/** Has something of everything that a third party with consent may see. */
function isRich({ baseA, baseB, baseC }: PessoaFicticia): boolean {
  const shown = baseA.divida.filter(
    ({ situacao, vencimento, dataInclusao, dataComunicacao }) =>
      OPEN.has(situacao) &&
      vencimento > addYears(HOJE, -4) &&
      dataComunicacao !== null &&
      dataComunicacao <= dataInclusao,
  );
  const lookups = new Set(baseC.consulta.map(({ peloTitular }) => peloTitular));
  return (
    baseA.pessoa[0].situacaoCadastral === 'REGULAR' &&
    shown.length >= 2 &&
    baseA.divida.length > shown.length &&
    baseB.titular[0].nascimento !== null &&
    baseB.endereco.length === 1 &&
    baseB.bem.length >= 2 &&
    baseB.fonteDeRenda.length >= 1 &&
    lookups.size === 2 &&
    baseC.movimentacao.length >= 80 &&
    baseC.compraCartao.length >= 15
  );
}

/**
 * The CPF of somebody of this seed's population with debts, assets, income, lookups, postings and purchases, for examples;
 * the same person on any day. Among a handful of people there may be nobody like that; then it is the first one.
 *
 * @param pessoas how many people are loaded
 */
export function exemplo(seed: number, pessoas: number): Cpf {
  for (let index = 0; index < pessoas; index++) {
    const person = pessoa(index, seed, HOJE);
    if (isRich(person)) return person.cpf;
  }
  return pessoa(0, seed, HOJE).cpf;
}
