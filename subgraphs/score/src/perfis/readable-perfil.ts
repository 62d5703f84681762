import { type Data, utcDayOf, readData } from '@pessoa/domain/data';
import {
  between,
  digits,
  held,
  neverNegative,
  oneOf,
  promised,
  ValueFault,
  type ValueRule,
} from '@pessoa/subgraph/graphql/held-value';
import { idade } from '../modelo/idade.ts';
import { tiposDeBem } from '../modelo/medidas.ts';
import { pagamentosPorAno } from '../modelo/renda-mensal.ts';
import { allReadable, type Bem, type Endereco, type FonteDeRenda, type Perfil } from './perfil.ts';

// The model counts what it cannot read as missing. An absence lowers the note, or leaves a row out of a sum, and nobody
// could tell it from a fault of the base: so the model is given only what can be read.

export const percentual = between(1, 100);
const CEP = digits(8);
const tipoDeBem = oneOf(new Set(tiposDeBem));
const periodicidade = oneOf(new Set(pagamentosPorAno.keys()));
const day: ValueRule<string> = { fault: 'not a day', holds: (text) => readData(text) !== undefined };
const instant: ValueRule<Date> = {
  fault: 'not an instant',
  holds: (value) => !Number.isNaN(value.getTime()) && readData(utcDayOf(value)) !== undefined,
};

/** @throws ValueFault for a birth day that nobody alive can have on this day */
export function idadeOf({ nascimento }: Pick<Perfil, 'nascimento'>, hoje: Data): number | null {
  if (nascimento === null) return null;
  const anos = idade(nascimento, hoje);
  if (anos === undefined) throw new ValueFault('not a day of the last 130 years');
  return anos;
}

/** The assets, whose amounts and share can be summed. @throws PublicError, ValueFault */
export const summableBens = ({ bens }: Pick<Perfil, 'bens'>): Bem[] =>
  allReadable(bens).map((bem) => {
    held(bem.valorEstimadoCentavos, neverNegative);
    held(bem.saldoDevedorCentavos, neverNegative);
    held(bem.percentualPropriedade, percentual);
    return bem;
  });

/** The sources of income, which can be summed. @throws PublicError, ValueFault */
export const summableFontes = ({ fontesDeRenda }: Pick<Perfil, 'fontesDeRenda'>): FonteDeRenda[] =>
  allReadable(fontesDeRenda).map((fonte) => {
    held(fonte.valorCentavos, neverNegative);
    held(promised(fonte.periodicidade), periodicidade);
    return fonte;
  });

/** The profile, if the model can read all that it reads of one. @throws PublicError, ValueFault */
export function readablePerfil(perfil: Perfil, hoje: Data): Perfil & { bens: Bem[]; fontesDeRenda: FonteDeRenda[] } {
  idadeOf(perfil, hoje);
  if (perfil.endereco) checkEndereco(perfil.endereco);
  const bens = summableBens(perfil);
  for (const { tipo } of bens) held(promised(tipo), tipoDeBem);
  const fontesDeRenda = summableFontes(perfil);
  for (const { desde, comprovada } of fontesDeRenda) {
    held(desde, day);
    promised(comprovada);
  }
  return { ...perfil, bens, fontesDeRenda };
}

function checkEndereco(endereco: Endereco): void {
  held(endereco.cep, CEP);
  held(endereco.atualizadoEm, instant);
}
