import type { Cpf } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { type Clock, fixedClock } from '@pessoa/domain/data';
import type { TokenRequest } from '@pessoa/service/development/development-keys';
import type { RunningService } from '@pessoa/service/processes/process';
import { asRouter, type SignRequest } from '@pessoa/testkit/as-router';
import { graphql, type GraphqlAnswer, rest, type RestAnswer } from '@pessoa/testkit/graphql-client';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment, type TestEnvironment } from '@pessoa/testkit/test-environment';
import { readConfig } from '../src/config.ts';
import { startEvent } from '../src/event-subgraph.ts';

/** Noon of a Sunday in São Paulo. */
export const NOW = '2026-11-22T15:00:00Z';

export interface EventUnderTest {
  readonly bases: TestBases;
  readonly environment: TestEnvironment;
  readonly url: string;
  readonly metricsUrl: string | undefined;
  readonly sign: SignRequest;
  readonly cpfHash: (cpf: Cpf) => string;
  /**
   * Posts an operation about `cpf` as `$cpf`, by default as a third party with every scope and this person's consent.
   */
  ask(
    query: string,
    request: { cpf: Cpf; variables?: Record<string, unknown>; token?: TokenRequest },
  ): Promise<GraphqlAnswer>;
  get(path: string, token?: TokenRequest): Promise<RestAnswer>;
  close(): Promise<void>;
}

/** Time enough for a busy machine. Tests of time-outs set their own. */
const PATIENT = {
  BASE_C_ACQUIRE_MILLIS: '5000',
  BASE_C_STATEMENT_MILLIS: '5000',
  AUDIT_READER_TIMEOUT_MILLIS: '5000',
};

/** A running Event subgraph with databases of its own. */
export async function startEventUnderTest(
  options: {
    env?: Record<string, string>;
    clock?: Clock;
    /** Variables that depend on the test's databases. */
    envFrom?: (bases: TestBases) => Promise<Record<string, string>>;
  } = {},
): Promise<EventUnderTest> {
  const bases = await openTestBases();
  const environment = await createTestEnvironment(bases);
  const env: Record<string, string> = {
    ...environment.env,
    ...PATIENT,
    ...options.env,
    ...(await options.envFrom?.(bases)),
  };
  const event: RunningService = await startEvent(readConfig(env), environment.logger, options.clock ?? fixedClock(NOW));
  const sign = asRouter(env, 'event');
  return {
    bases,
    environment,
    url: event.url,
    metricsUrl: event.metricsUrl,
    sign,
    cpfHash: cpfHasher(Buffer.from(env['CPF_HASH_KEY']!, 'base64url')),
    async ask(query, { cpf, variables, token }) {
      const signed = await environment.token({ consentimento: [cpf], ...token });
      return graphql(event.url, { query, variables: { cpf, ...variables }, token: signed, sign });
    },
    get: async (path, token) => rest(event.url, path, await environment.token(token)),
    async close() {
      await event.close();
      await environment.close();
      await bases.drop();
    },
  };
}
