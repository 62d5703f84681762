import type { Data } from '@pessoa/domain/data';
import type { ScoredPerson } from '@pessoa/operations/evaluation/scored-person';
import type { Versao } from '@pessoa/score/modelo/modelo';
import { modelos } from '@pessoa/score/modelo/modelos';
import { scorePerfil } from '@pessoa/score/modelo/score-perfil';
import { labelledPeople, type LabelledSetName } from './labelled-sets.ts';

/** A person of a set as the product would answer, with the chance that no product knows. */
export interface ScoredLabelledPerson extends ScoredPerson {
  readonly trueChance: number;
}

/**
 * A set, scored in this process: the same function as the product's, without bases and requests.
 */
export const scoredSet = (name: LabelledSetName, people: number, hoje: Data, version: Versao): ScoredLabelledPerson[] =>
  labelledPeople(name, people, hoje).map(({ perfil, idade, inadimplente, chance }) => {
    const { valor, faixa, probabilidadeInadimplencia, fatores } = scorePerfil(modelos[version], perfil, hoje);
    return {
      inadimplente,
      valor,
      faixa,
      chance: Number(probabilidadeInadimplencia),
      idade: perfil.nascimento == null ? null : idade,
      fatores,
      trueChance: chance,
    };
  });
