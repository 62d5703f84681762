import { PublicError } from '@pessoa/domain/errors';
import type { Fonte } from '@pessoa/domain/services';
import { createBreaker, type SourceState } from '@pessoa/service/resilience/breaker';
import { sourceError } from '@pessoa/service/resilience/source-error';

/** Runs work on a source behind a breaker, and translates its errors to public codes. */
export interface SourceBreaker {
  /** @throws PublicError FONTE_INDISPONIVEL, FONTE_LENTA or FONTE_INVALIDA with the source's `fonte` */
  run<T>(work: () => Promise<T>): Promise<T>;
  state(): SourceState;
}

export function createSourceBreaker(fonte: Fonte): SourceBreaker {
  const breaker = createBreaker({
    isFailure: (error) => error instanceof PublicError && error.code.startsWith('FONTE_'),
    refusal: () => new PublicError('FONTE_INDISPONIVEL', { fonte }),
  });
  return {
    run: (work) =>
      breaker.run(async () => {
        try {
          return await work();
        } catch (error) {
          throw sourceError(error, fonte);
        }
      }),
    state: breaker.state,
  };
}
