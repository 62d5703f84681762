import type { Cpf } from '@pessoa/domain/cpf';
import type { Clock } from '@pessoa/domain/data';
import { tracedBatch } from '@pessoa/service/tracing/tracing';
import DataLoader from 'dataloader';
import type { PerfilRepository } from './perfis/perfil-repository.ts';
import type { Perfil } from './perfis/perfil.ts';
import type { Scoring } from './perfis/score.ts';

/** The loader of one request, which gathers all its people. `score` and `perfil` share it. */
export interface ScoreReads {
  readonly clock: Clock;
  readonly scoring: Scoring;
  /** Undefined for a CPF that the base does not know. DataLoader rejects where the repository returns a PublicError. */
  readonly perfil: DataLoader<Cpf, Perfil | undefined>;
}

export interface ScoreParts {
  readonly clock: Clock;
  readonly scoring: Scoring;
  readonly perfis: PerfilRepository;
}

export const scoreReads = ({ clock, scoring, perfis }: ScoreParts): ScoreReads => ({
  clock,
  scoring,
  perfil: new DataLoader<Cpf, Perfil | undefined>(tracedBatch('perfil', (cpfs) => perfis.findByCpfs(cpfs))),
});
