import { addDays, addYears, type Data } from '@pessoa/domain/data';
import type { RawPerfil } from '@pessoa/score/modelo/permitted-perfil';
import type { Prng } from '../seed/population/prng.ts';
import type { Facts } from './facts.ts';
import { recorded } from './published-figures.ts';

const DAYS_PER_MONTH = 30.4375;

const monthsBefore = (hoje: Data, months: number, days: number): Data =>
  addDays(hoje, -Math.round(months * DAYS_PER_MONTH) - days);

const centavos = (reais: number): bigint => BigInt(Math.round(reais * 100));

export const hasRecordedIncome = ({ fontesDeRenda }: Pick<RawPerfil, 'fontesDeRenda'>): boolean =>
  fontesDeRenda.length > 0;

/** What Base B knows of a person: a part of the facts. */
export function recordOf(prng: Prng, facts: Facts, hoje: Data): RawPerfil {
  const birthday = addDays(addYears(hoje, -facts.idade), -prng.between(0, 364));
  const isThin = prng.chance(facts.idade < 25 ? recorded.thinFile.below25 : recorded.thinFile.others);
  return {
    nascimento: prng.chance(recorded.birthMissing) ? null : birthday,
    endereco: prng.chance(recorded.addressMissing) ? null : enderecoOf(prng, facts, hoje),
    fontesDeRenda: isThin ? [] : fontesOf(prng, facts, hoje),
    bens: isThin ? [] : bensOf(prng, facts),
  };
}

function enderecoOf(prng: Prng, { monthsAtAddress }: Facts, hoje: Data): NonNullable<RawPerfil['endereco']> {
  const isComplete = prng.chance(recorded.addressComplete);
  return {
    logradouro: 'Rua das Amostras Geradas',
    numero: isComplete ? String(prng.between(1, 999)) : null,
    cep: '01310100',
    atualizadoEm: new Date(`${monthsBefore(hoje, monthsAtAddress, prng.between(0, 25))}T12:00:00.000Z`),
  };
}

function fontesOf(prng: Prng, facts: Facts, hoje: Data): RawPerfil['fontesDeRenda'] {
  const kind = facts.isInformal ? 'informal' : 'formal';
  if (prng.chance(recorded.incomeMissing[kind])) return [];
  return [
    {
      tipo: facts.isInformal ? 'AUTONOMO' : 'SALARIO',
      valorCentavos: centavos(facts.income),
      periodicidade: 'MENSAL',
      desde: prng.chance(recorded.sinceMissing) ? null : monthsBefore(hoje, facts.monthsAtSource, prng.between(0, 25)),
      comprovada: prng.chance(recorded.incomeProved[kind]),
    },
  ];
}

const bensOf = (prng: Prng, { assets }: Facts): RawPerfil['bens'] =>
  assets
    .filter(() => prng.chance(recorded.assetRecorded))
    .map(({ tipo, value, balance }) => ({
      tipo,
      valorEstimadoCentavos: prng.chance(recorded.assetUnvalued) ? null : centavos(value),
      saldoDevedorCentavos: balance === 0 ? null : centavos(balance),
    }));
