import { addYears } from '@pessoa/domain/data';
import type { Data } from '@pessoa/domain/data';
import { bensDe } from './bens.ts';
import { dayNumber, dayText } from './calendario.ts';
import { comprasDe } from './compras.ts';
import { consultasDe } from './consultas.ts';
import { cpfAt } from './cpf-sequence.ts';
import { dividasDe } from './dividas.ts';
import { enderecoFicticio } from './endereco.ts';
import { fontesDeRenda } from './fontes-de-renda.ts';
import { movimentacoesDe } from './movimentacoes.ts';
import { municipios } from './municipios.ts';
import { nomeFicticio } from './nomes.ts';
import type { Pessoa } from './nucleo.ts';
import { ocupacaoDe } from './ocupacao.ts';
import { Prng } from './prng.ts';
import type { EnderecoRow, PessoaFicticia } from './rows.ts';

/** How far back bank postings and card purchases go. */
export const EVENT_DAYS = 180;
const SHARE_WITH_ACCOUNT = 0.93;

const porPeso = municipios.map((municipio) => [municipio, municipio.peso] as const);
const situacoes = [
  ['REGULAR', 930],
  ['PENDENTE_REGULARIZACAO', 40],
  ['SUSPENSA', 12],
  ['TITULAR_FALECIDO', 8],
  ['CANCELADA_POR_MULTIPLICIDADE', 5],
  ['CANCELADA_DE_OFICIO', 3],
  ['NULA', 2],
] as const;

// One sequence for each aspect: a change to how debts are made leaves everybody's income as it was.
const IDENTITY = 1;
const BASE_A = 2;
const BASE_B = 3;
const PURCHASES = 4;
const ACCOUNT = 5;
const LOOKUPS = 6;

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

/** Usually the same in both bases; else older, or of another municipality of the same state where the person once lived. */
function enderecoNaBaseB(prng: Prng, pessoa: Pessoa, naBaseA: EnderecoRow): EnderecoRow[] {
  const kind = prng.fraction();
  if (kind < 0.04) return [];
  if (kind < 0.7) return [naBaseA];
  const sameState = municipios.filter(({ uf }) => uf === pessoa.municipio.uf);
  return [enderecoFicticio(prng, pessoa.cpf, prng.pick(sameState), pessoa.hoje)];
}

/**
 * One coherent fictitious person: the same for the same index, seed and day, whoever else is made. With another `hoje`
 * the person is the same and every date moves along; only the days of salary and bills follow the calendar.
 *
 * @param index 0 to POPULATION_MAX - 1
 * @throws RangeError for an index outside that
 */
export function pessoa(index: number, seed: number, hoje: Data): PessoaFicticia {
  const identity = new Prng(seed, index, IDENTITY);
  const municipio = identity.weighted(porPeso);
  const idade = idadeDe(identity);
  const core: Pessoa = {
    index,
    cpf: cpfAt(index, seed, municipio.uf),
    hoje: dayNumber(hoje),
    idade,
    municipio,
    ocupacao: ocupacaoDe(identity, idade),
    ativa: identity.chance(SHARE_WITH_ACCOUNT),
  };
  const { cpf } = core;
  const baseA = new Prng(seed, index, BASE_A);
  const endereco = enderecoFicticio(baseA, cpf, municipio, core.hoje);
  const baseB = new Prng(seed, index, BASE_B);
  const bem = bensDe(baseB, core);
  const firstDay = core.hoje - EVENT_DAYS;
  const compras = comprasDe(new Prng(seed, index, PURCHASES), core, firstDay);
  const aplica = bem.some(({ tipo }) => tipo === 'APLICACAO_FINANCEIRA');
  return {
    cpf,
    baseA: {
      pessoa: [{ cpf, nome: nomeFicticio(identity), situacaoCadastral: identity.weighted(situacoes) }],
      endereco: [endereco],
      divida: dividasDe(baseA, core),
    },
    baseB: {
      titular: [{ cpf, nascimento: nascimento(baseB, idade, hoje) }],
      endereco: enderecoNaBaseB(baseB, core, endereco),
      bem,
      fonteDeRenda: fontesDeRenda(baseB, core, bem),
    },
    baseC: {
      titular: [{ cpf }],
      consulta: consultasDe(new Prng(seed, index, LOOKUPS), core),
      movimentacao: movimentacoesDe(new Prng(seed, index, ACCOUNT), core, {
        firstDay,
        parcelamentos: compras.parcelamentos,
        aplica,
      }),
      compraCartao: compras.rows,
    },
  };
}
