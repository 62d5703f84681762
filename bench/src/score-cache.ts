import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@pessoa/service/processes/free-port';
import { systemClock } from '@pessoa/domain/data';
import { openConnections } from '@pessoa/operations/system/connections';
import { INTERNAL_IDENTITY_HEADER, internalIdentitySigner } from '@pessoa/service/identity/internal-identity';
import autocannon from 'autocannon';
import { type MeasuredProcess, startMeasured } from './measured-process.ts';
import { median } from './measurements.ts';
import { startOwnRedis } from './own-redis.ts';
import type { BenchSystem } from './system.ts';

const CONNECTIONS = 16;
const REQUESTS_PER_ROUND = 2_000;
const WARM_UP_ROUNDS = 5;
const ROUNDS = 7;

/** Score and profile of one person: the content of `/score` without the factors. */
const QUERY = `query ($cpf: CPF!) { pessoa(cpf: $cpf) {
  score { valor faixa modelo calculadoEm desatualizado motivos { codigo descricao pontosPerdidos } }
  perfil {
    idade patrimonioLiquido rendaMensal desatualizado endereco { logradouro cidade uf cep }
    bens { tipo descricao valorEstimado saldoDevedor } fontesDeRenda { tipo pagador valor periodicidade }
  }
} }`;

const kinds = ['base', 'memory', 'redis'] as const;
type Kind = (typeof kinds)[number];

export interface ScoreCacheFigures {
  /** Microseconds of CPU per request in Score's process, by the origin of the profile. */
  readonly micros: Readonly<Record<Kind, number>>;
  /** Medians of the ratios to an answer from Base B. */
  readonly ratios: Readonly<Record<'memory' | 'redis', number>>;
}

/** Measures Score's CPU per answer from Base B, from its memory and from Redis, without the CPU of PostgreSQL and Redis. */
export async function measureScoreCache(system: BenchSystem): Promise<ScoreCacheFigures> {
  const redis = await startOwnRedis();
  const connections = await openConnections({ PESSOA_HOME: system.home });
  const services = new Map<Kind, MeasuredProcess>();
  try {
    const variables = {
      base: { CACHE_MEMORY_BYTES: '0' },
      memory: {},
      redis: { REDIS_URL: redis.url },
    };
    for (const kind of kinds) {
      const port = await freePort();
      const env = {
        ...system.env,
        BASE_B_URL: connections.baseB.url,
        SCORE_PORT: String(port),
        MEASURED_URL: `http://127.0.0.1:${port}`,
        // Generous limits: on a busy machine there would be errors, which cost less CPU than answers.
        BASE_B_ACQUIRE_MILLIS: '10000',
        BASE_B_STATEMENT_MILLIS: '10000',
        CACHE_MILLIS: '1000',
        ...variables[kind],
      };
      const service = await startMeasured('../../subgraphs/score/src/main.ts', env, './report-cpu.ts');
      services.set(kind, service);
      while ((await fetch(`${service.url}/health/ready`).catch(() => undefined))?.status !== 200) await sleep(100);
    }
    const requestOf = requester(system);
    const load = async (kind: Kind): Promise<number> => {
      const service = services.get(kind)!;
      const before = await service.cpuMicros();
      const { non2xx, errors, mismatches } = await autocannon({
        url: `${service.url}/graphql`,
        ...requestOf(),
        connections: CONNECTIONS,
        amount: REQUESTS_PER_ROUND,
        verifyBody: (body) => !String(body).includes('"errors"'), // an answer with a lost base has status 200
      });
      const failed = non2xx + errors + mismatches;
      if (failed > 0) throw new Error(`${failed} requests to Score failed`);
      return ((await service.cpuMicros()) - before) / REQUESTS_PER_ROUND;
    };
    await requireEqualAnswers([...services.values()], requestOf);
    for (let round = 0; round < WARM_UP_ROUNDS; round++) for (const kind of kinds) await load(kind);
    const rounds: Record<Kind, number>[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push({ base: await load('base'), memory: await load('memory'), redis: await load('redis') });
    }
    const medianOf = (figure: (round: Record<Kind, number>) => number): number => median(rounds.map(figure));
    return {
      micros: {
        base: medianOf(({ base }) => base),
        memory: medianOf(({ memory }) => memory),
        redis: medianOf((round) => round.redis),
      },
      ratios: {
        memory: medianOf(({ memory, base }) => memory / base),
        redis: medianOf((round) => round.redis / round.base),
      },
    };
  } finally {
    await Promise.all([...services.values()].map((service) => service.stop()));
    await connections.close();
    redis.stop();
  }
}

/** Makes requests like the router's. Its identity keeps Score from writing to the audit, and is valid for 30 s. */
function requester({ env, token, exampleCpf }: BenchSystem) {
  const identityFor = internalIdentitySigner(Buffer.from(env['INTERNAL_KEY']!, 'base64url'), systemClock);
  const authorization = `Bearer ${token}`;
  const body = JSON.stringify({ query: QUERY, variables: { cpf: exampleCpf } });
  const call = { subgraph: 'score', method: 'POST', path: '/graphql', authorization, finalidade: '' };
  return () => ({
    method: 'POST' as const,
    headers: {
      'content-type': 'application/json',
      authorization,
      [INTERNAL_IDENTITY_HEADER]: identityFor(call, body),
    },
    body,
  });
}

/** @throws Error when the services answer differently. Each is asked twice, because its second answer comes from the cache. */
async function requireEqualAnswers(
  services: readonly MeasuredProcess[],
  requestOf: ReturnType<typeof requester>,
): Promise<void> {
  const answers = new Set<string>();
  for (const service of [...services, ...services]) {
    const answer = (await (await fetch(`${service.url}/graphql`, requestOf())).json()) as { errors?: unknown };
    if (answer.errors) throw new Error(`Score's query fails: ${JSON.stringify(answer.errors)}`);
    answers.add(JSON.stringify(answer).replace(/"calculadoEm":"[^"]*"/, ''));
  }
  if (answers.size !== 1) throw new Error(`Score answers differently with a cache:\n${[...answers].join('\n')}`);
}
