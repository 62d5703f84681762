import type { Cpf } from '@pessoa/domain/cpf';
import type { RunningService } from '@pessoa/service/processes/process';
import { asRouter } from '@pessoa/testkit/as-router';
import { cpfSequence } from '@pessoa/testkit/cpf-sequence';
import { type ServiceClient, serviceClient } from '@pessoa/testkit/service-client';
import { insert, openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment, type TestEnvironment } from '@pessoa/testkit/test-environment';
import { readConfig } from '../src/config.ts';
import { startDebt } from '../src/debt-subgraph.ts';

/**
 * A running Debt subgraph over the bases of one test. Requests carry a token with every scope unless the test passes another.
 * The clock stands at 22 November 2026, 15:00 UTC, until `setNow` changes it.
 */
export interface DebtUnderTest extends ServiceClient {
  readonly url: string;
  readonly bases: TestBases;
  readonly environment: TestEnvironment;
  readonly token: TestEnvironment['token'];
  readonly setNow: (instant: string) => void;
  /** Inserts a person into Base A, with an address only if `fields` has one. */
  readonly newPessoa: (fields?: { nome?: string; endereco?: Record<string, unknown> }) => Promise<Cpf>;
  /** Inserts a debt that third parties may see, unless `fields` differ. @returns its id */
  readonly newDivida: (cpf: Cpf, fields?: Record<string, unknown>) => Promise<string>;
  close(): Promise<void>;
}

const CREDOR = { id: 'credor-1', nome: 'Banco Fictício', cnpj: '11222333000181' };

/** Time limits for a machine that is busy with other tests. */
export const PATIENT = {
  BASE_A_ACQUIRE_MILLIS: '10000',
  BASE_A_STATEMENT_MILLIS: '10000',
  AUDIT_TIMEOUT_MILLIS: '10000',
};
/** The default time limits: an empty variable counts as absent. */
export const IMPATIENT = { BASE_A_ACQUIRE_MILLIS: '', BASE_A_STATEMENT_MILLIS: '' };

/** @param variables environment variables that replace those of the test environment */
export async function openDebt(
  variables: (bases: TestBases) => Record<string, string> | Promise<Record<string, string>> = () => ({}),
): Promise<DebtUnderTest> {
  const bases = await openTestBases();
  const environment = await createTestEnvironment(bases);
  const clock = { instant: '2026-11-22T15:00:00Z', now: () => new Date(clock.instant) };
  const env = { ...environment.env, ...PATIENT, ...(await variables(bases)) };
  const service: RunningService = await startDebt(readConfig(env), environment.logger, clock);
  await insert(bases.baseA.owner, 'credor', CREDOR);
  const nextCpf = cpfSequence(101_010_101);
  let dividas = 0;
  return {
    url: service.url,
    bases,
    environment,
    token: environment.token,
    ...serviceClient(service.url, await environment.token(), asRouter(env, 'debt')),
    setNow: (instant) => void (clock.instant = instant),
    async newPessoa({ nome = 'Ana Fictícia', endereco } = {}) {
      const cpf = nextCpf();
      await insert(bases.baseA.owner, 'pessoa', { cpf, nome, situacao_cadastral: 'REGULAR' });
      if (endereco) await insert(bases.baseA.owner, 'endereco', { cpf, ...endereco });
      return cpf;
    },
    async newDivida(cpf, fields = {}) {
      const id = `divida-${String(++dividas).padStart(4, '0')}`;
      await insert(bases.baseA.owner, 'divida', { id, cpf, credor_id: CREDOR.id, ...VISIBLE, ...fields });
      return id;
    },
    async close() {
      await service.close();
      await environment.close();
      await bases.drop();
    },
  };
}

const VISIBLE = {
  contrato: '0012345678',
  modalidade: 'CARTAO_CREDITO',
  natureza: 'PEFIN',
  situacao: 'EM_ABERTO',
  valor_original: '100.00',
  vencimento: '2026-01-10',
  data_comunicacao: '2026-02-01',
  data_inclusao: '2026-02-11',
  principal: true,
};
