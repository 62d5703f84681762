import type { Cpf } from '@pessoa/domain/cpf';
import type { Clock } from '@pessoa/domain/data';
import DataLoader from 'dataloader';
import type { PerfilRepository } from './perfis/perfil-repository.ts';
import type { Perfil } from './perfis/perfil.ts';

/** What one request reads of Base B, gathered over all its people; the note and the profile share it. */
export interface ScoreReads {
  readonly clock: Clock;
  /** undefined where the base does not know the CPF. */
  readonly perfil: DataLoader<Cpf, Perfil | undefined>;
}

export interface ScoreParts {
  readonly clock: Clock;
  readonly perfis: PerfilRepository;
}

export const scoreReads = ({ clock, perfis }: ScoreParts): ScoreReads => ({
  clock,
  perfil: new DataLoader<Cpf, Perfil | undefined>((cpfs) => perfis.perfis(cpfs)),
});
