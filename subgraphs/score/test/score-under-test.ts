import type { Cpf } from '@pessoa/domain/cpf';
import { asRouter } from '@pessoa/testkit/as-router';
import { cpfSequence } from '@pessoa/testkit/cpf-sequence';
import { type ServiceClient, serviceClient } from '@pessoa/testkit/service-client';
import { insert, openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment, type TestEnvironment } from '@pessoa/testkit/test-environment';
import { readConfig } from '../src/config.ts';
import { startScore } from '../src/score-subgraph.ts';

/**
 * A running Score subgraph over databases of the test's own. By default a request has a token with every scope, and the
 * clock stands on 22 November 2026.
 */
export interface ScoreUnderTest extends ServiceClient {
  readonly url: string;
  readonly metricsUrl: string | undefined;
  readonly bases: TestBases;
  readonly environment: TestEnvironment;
  readonly token: TestEnvironment['token'];
  readonly setNow: (instant: string) => void;
  /** Adds a person to Base B with these rows and no others. */
  readonly newTitular: (perfil?: PerfilRows) => Promise<Cpf>;
  close(): Promise<void>;
}

/** The rows of one person in Base B, without their CPF. */
export interface PerfilRows {
  readonly nascimento?: string;
  readonly endereco?: Record<string, unknown>;
  readonly bens?: readonly Record<string, unknown>[];
  readonly fontesDeRenda?: readonly Record<string, unknown>[];
}

/** Time enough for a busy machine. */
export const PATIENT = {
  BASE_B_ACQUIRE_MILLIS: '10000',
  BASE_B_STATEMENT_MILLIS: '10000',
  AUDIT_TIMEOUT_MILLIS: '10000',
};
/** The default time-outs, which production has: an empty variable counts as absent. */
export const IMPATIENT = { BASE_B_ACQUIRE_MILLIS: '', BASE_B_STATEMENT_MILLIS: '' };
/** For tests of Base B alone. */
export const WITHOUT_CACHE = { CACHE_MEMORY_BYTES: '0' };

/** @param variables environment variables in place of the test's own */
export async function openScore(
  variables: (bases: TestBases) => Record<string, string> | Promise<Record<string, string>> = () => ({}),
): Promise<ScoreUnderTest> {
  const bases = await openTestBases();
  const environment = await createTestEnvironment(bases);
  const clock = { instant: '2026-11-22T15:00:00Z', now: () => new Date(clock.instant) };
  const env = { ...environment.env, ...PATIENT, ...(await variables(bases)) };
  const service = await startScore(readConfig(env), environment.logger, clock);
  const nextCpf = cpfSequence(101_010_101);
  let items = 0;
  const nextId = (kind: string): string => `${kind}-${String(++items).padStart(4, '0')}`;
  return {
    url: service.url,
    metricsUrl: service.metricsUrl,
    bases,
    environment,
    token: environment.token,
    ...serviceClient(service.url, await environment.token(), asRouter(env, 'score')),
    setNow: (instant) => void (clock.instant = instant),
    async newTitular({ nascimento, endereco, bens = [], fontesDeRenda = [] } = {}) {
      const { owner } = bases.baseB;
      const cpf = nextCpf();
      await insert(owner, 'titular', { cpf, nascimento });
      if (endereco) await insert(owner, 'endereco', { cpf, ...endereco });
      await insert(owner, 'bem', ...bens.map((bem) => ({ id: nextId('bem'), cpf, ...CARRO, ...bem })));
      await insert(
        owner,
        'fonte_de_renda',
        ...fontesDeRenda.map((fonte) => ({ id: nextId('fonte'), cpf, ...SALARIO, ...fonte })),
      );
      return cpf;
    },
    async close() {
      await service.close();
      await environment.close();
      await bases.drop();
    },
  };
}

const CARRO = { tipo: 'VEICULO', descricao: 'Automóvel Fictício 2020', onerado: false };
const SALARIO = { tipo: 'SALARIO', valor: '4200.00', periodicidade: 'MENSAL', comprovada: true };

/** The example of docs/score-model.md, which prints its score for 30 June 2026. */
export const EXEMPLO: PerfilRows = {
  nascimento: '1990-06-30',
  bens: [{ valor_estimado: '48000.00', saldo_devedor: '20500.00', onerado: true }],
  fontesDeRenda: [
    { valor: '4200.00', desde: '2023-06-30' },
    { tipo: 'AUTONOMO', valor: '6000.00', periodicidade: 'ANUAL', comprovada: false },
  ],
};
