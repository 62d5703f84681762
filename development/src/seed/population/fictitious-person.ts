import { addYears } from '@pessoa/domain/data';
import type { Data } from '@pessoa/domain/data';
import { bensDe } from './bens.ts';
import { dayNumber, dayText } from './calendar.ts';
import { comprasDe } from './compras.ts';
import { consultasDe } from './consultas.ts';
import { cpfAt } from './cpf-sequence.ts';
import { dividasDe } from './dividas.ts';
import { enderecoFicticio } from './endereco.ts';
import { fontesDeRendaDe } from './fontes-de-renda.ts';
import { movimentacoesDe } from './movimentacoes.ts';
import { municipios } from './municipios.ts';
import { nomeFicticio } from './nomes.ts';
import { ocupacaoDe } from './ocupacao.ts';
import type { PersonCore } from './person-core.ts';
import { Prng } from './prng.ts';
import type { EnderecoRow, FictitiousPerson } from './rows.ts';

/** Postings and card purchases begin this many days before `hoje`. */
export const EVENT_DAYS = 180;
const SHARE_WITH_ACCOUNT = 0.93;

const weightedMunicipios = municipios.map((municipio) => [municipio, municipio.peso] as const);
const situacoes = [
  ['REGULAR', 930],
  ['PENDENTE_REGULARIZACAO', 40],
  ['SUSPENSA', 12],
  ['TITULAR_FALECIDO', 8],
  ['CANCELADA_POR_MULTIPLICIDADE', 5],
  ['CANCELADA_DE_OFICIO', 3],
  ['NULA', 2],
] as const;

// Each aspect has a random sequence of its own, so a change to the debts does not change the incomes.
const IDENTITY = 1;
const BASE_A = 2;
const BASE_B = 3;
const PURCHASES = 4;
const ACCOUNT = 5;
const INQUIRIES = 6;

function idadeDe(prng: Prng): number {
  return prng.weighted([
    [prng.between(18, 29), 24],
    [prng.between(30, 44), 31],
    [prng.between(45, 62), 28],
    [prng.between(63, 92), 17],
  ]);
}

function nascimento(prng: Prng, idade: number, hoje: Data): Data | null {
  const birthday = dayNumber(addYears(hoje, -idade)) - prng.between(0, 364);
  return prng.chance(0.03) ? null : dayText(birthday);
}

/** Usually the address of Base A. Else none, or another address in the same state. */
function enderecoInBaseB(prng: Prng, person: PersonCore, enderecoInBaseA: EnderecoRow): EnderecoRow[] {
  const kind = prng.fraction();
  if (kind < 0.04) return [];
  if (kind < 0.7) return [enderecoInBaseA];
  const sameState = municipios.filter(({ uf }) => uf === person.municipio.uf);
  return [enderecoFicticio(prng, person.cpf, prng.pick(sameState), person.hoje)];
}

/**
 * A fictitious person. Index, seed and day determine it completely. With another `hoje` it is the same person, and every date
 * moves along, but for the days of salary and bills, which follow the calendar.
 *
 * @param index 0 to POPULATION_MAX - 1
 * @throws RangeError for an index outside that
 */
export function fictitiousPerson(index: number, seed: number, hoje: Data): FictitiousPerson {
  const identity = new Prng(seed, index, IDENTITY);
  const municipio = identity.weighted(weightedMunicipios);
  const idade = idadeDe(identity);
  const person: PersonCore = {
    index,
    cpf: cpfAt(index, seed, municipio.uf),
    hoje: dayNumber(hoje),
    idade,
    municipio,
    ocupacao: ocupacaoDe(identity, idade),
    hasActiveAccount: identity.chance(SHARE_WITH_ACCOUNT),
  };
  const { cpf } = person;
  const baseA = new Prng(seed, index, BASE_A);
  const endereco = enderecoFicticio(baseA, cpf, municipio, person.hoje);
  const baseB = new Prng(seed, index, BASE_B);
  const bem = bensDe(baseB, person);
  const firstDay = person.hoje - EVENT_DAYS;
  const compras = comprasDe(new Prng(seed, index, PURCHASES), person, firstDay);
  const hasInvestments = bem.some(({ tipo }) => tipo === 'APLICACAO_FINANCEIRA');
  return {
    cpf,
    baseA: {
      pessoa: [{ cpf, nome: nomeFicticio(identity), situacaoCadastral: identity.weighted(situacoes) }],
      endereco: [endereco],
      divida: dividasDe(baseA, person),
    },
    baseB: {
      titular: [{ cpf, nascimento: nascimento(baseB, idade, hoje) }],
      endereco: enderecoInBaseB(baseB, person, endereco),
      bem,
      fonteDeRenda: fontesDeRendaDe(baseB, person, bem),
    },
    baseC: {
      titular: [{ cpf }],
      consulta: consultasDe(new Prng(seed, index, INQUIRIES), person),
      movimentacao: movimentacoesDe(new Prng(seed, index, ACCOUNT), person, {
        firstDay,
        instalmentPlans: compras.instalmentPlans,
        hasInvestments,
      }),
      compraCartao: compras.rows,
    },
  };
}
