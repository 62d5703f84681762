import { type Data, readData, utcDayOf } from '@pessoa/domain/data';
import {
  between,
  checkValue,
  digits,
  neverNegative,
  oneOf,
  requireValue,
  ValueFault,
  type ValueRule,
} from '@pessoa/subgraph/graphql/value-rules';
import { tiposDeBem } from '../modelo/measures.ts';
import { idadeOn } from '../modelo/readable-values.ts';
import { paymentsPerYear } from '../modelo/renda-mensal.ts';
import { allReadable, type Bem, type Endereco, type FonteDeRenda, type Perfil } from './perfil.ts';

// The model counts an unreadable value as missing. That lowers the score or leaves a row out of a sum, and nobody could
// tell it from a fault of the base. So an unreadable value fails here, before the model sees it. The day of an income or
// of an address is an exception: one after today, or 130 years back, counts as missing.

export const percentual = between(1, 100);
const CEP = digits(8);
const tipoDeBem = oneOf(new Set(tiposDeBem));
const periodicidade = oneOf(new Set(paymentsPerYear.keys()));
const day: ValueRule<string> = { fault: 'not a day', holds: (value) => readData(value) !== undefined };
const instant: ValueRule<Date> = {
  fault: 'not an instant',
  holds: (value) => !Number.isNaN(value.getTime()) && readData(utcDayOf(value)) !== undefined,
};

/**
 * @returns completed years; null without a birth date
 * @throws ValueFault for a birth date that no living person can have
 */
export function idadeOf({ nascimento }: Pick<Perfil, 'nascimento'>, hoje: Data): number | null {
  if (nascimento === null) return null;
  const anos = idadeOn(nascimento, hoje);
  if (anos === undefined) throw new ValueFault('not a day of the last 130 years');
  return anos;
}

/** The assets of a profile. @throws PublicError or ValueFault for an amount or share that cannot be summed */
export const summableBens = ({ bens }: Pick<Perfil, 'bens'>): Bem[] =>
  allReadable(bens).map((bem) => {
    checkValue(bem.valorEstimadoCentavos, neverNegative);
    checkValue(bem.saldoDevedorCentavos, neverNegative);
    checkValue(bem.percentualPropriedade, percentual);
    return bem;
  });

/** The incomes of a profile. @throws PublicError or ValueFault for an amount or period that cannot be summed */
export const summableFontesDeRenda = ({ fontesDeRenda }: Pick<Perfil, 'fontesDeRenda'>): FonteDeRenda[] =>
  allReadable(fontesDeRenda).map((renda) => {
    checkValue(renda.valorCentavos, neverNegative);
    checkValue(requireValue(renda.periodicidade), periodicidade);
    return renda;
  });

/** A profile whose items can all be read. */
export interface ReadablePerfil extends Perfil {
  readonly bens: readonly Bem[];
  readonly fontesDeRenda: readonly FonteDeRenda[];
}

/**
 * The profile, for every version of the model alike. One that counts neither age nor types of assets refuses an impossible one too: the row is
 * wrong, and a shadow or a change of version must not turn an error into a score.
 *
 * @throws PublicError or ValueFault for a value that a version would read and cannot
 */
export function readablePerfil(perfil: Perfil, hoje: Data): ReadablePerfil {
  idadeOf(perfil, hoje);
  if (perfil.endereco) checkEndereco(perfil.endereco);
  const bens = summableBens(perfil);
  for (const { tipo } of bens) checkValue(requireValue(tipo), tipoDeBem);
  const fontesDeRenda = summableFontesDeRenda(perfil);
  for (const { desde, comprovada } of fontesDeRenda) {
    checkValue(desde, day);
    requireValue(comprovada);
  }
  return { ...perfil, bens, fontesDeRenda };
}

function checkEndereco(endereco: Endereco): void {
  checkValue(endereco.cep, CEP);
  checkValue(endereco.atualizadoEm, instant);
}
