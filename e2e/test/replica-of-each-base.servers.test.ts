import { isDeepStrictEqual } from 'node:util';
import { baseC } from '@pessoa/bases/base-c';
import { readConfig as readEventConfig } from '@pessoa/event/config';
import { startEvent } from '@pessoa/event/event-subgraph';
import { readConfig as readScoreConfig } from '@pessoa/score/config';
import { startScore } from '@pessoa/score/score-subgraph';
import { asRouter } from '@pessoa/testkit/as-router';
import { serviceClient } from '@pessoa/testkit/service-client';
import { openTestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment } from '@pessoa/testkit/test-environment';
import { ask, type ReplicaServers, runReplica, runReplicaStatus, startReplicaServers } from '../src/replica-servers.ts';
import { until } from '../src/replicated-debt.ts';

/** Resources that a test opened, closed after it. */
const opened: { close(): Promise<void> }[] = [];
function open<Opened extends { close(): Promise<void> }>(thing: Opened): Opened {
  opened.push(thing);
  return thing;
}
afterEach(async () => {
  for (const thing of opened.splice(0).toReversed()) await thing.close();
});

describe('Replicas of all bases', () => {
  let servers: ReplicaServers;
  beforeAll(async () => {
    servers = await startReplicaServers();
  }, 60_000);
  afterAll(() => servers.close());

  it('are made for each base', async () => {
    await ask(servers.publisher.superuserUrl('base_b'), "INSERT INTO titular (cpf) VALUES ('52998224725')");
    await ask(
      servers.publisher.superuserUrl('base_c'),
      `INSERT INTO titular (cpf) VALUES ('52998224725');
       INSERT INTO movimentacao (id, cpf, data_hora, natureza, tipo, valor, situacao, palavras)
       VALUES ('m1', '52998224725', now(), 'CREDITO', 'PIX', 1, 'TRANSACAO_EFETIVADA', '{sao,joao}')`,
    );
    for (const base of ['base-a', 'base-b', 'base-c']) {
      const { code, stdout } = await runReplica(servers.env, base);
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: expect.stringContaining(`${base}: every table is copied and followed`),
      });
    }
    const columns = baseC.contract['movimentacao']!.join(', ');
    expect(await ask(servers.env['BASE_C_REPLICA_URL']!, `SELECT ${columns} FROM movimentacao`)).toMatchObject([
      { id: 'm1', palavras: ['sao', 'joao'] },
    ]);
    const all = await runReplicaStatus(servers.env);
    expect(all.code).toBe(0);
    expect(all.stdout.split('\n').map((line) => line.slice(0, 7))).toEqual(['base-a:', 'base-b:', 'base-c:', '']);
  });

  it('are read by Score and Event; Score marks answers that are 10 s behind', async () => {
    const bases = await openTestBases(); // for the audit
    open({ close: () => bases.drop() });
    const environment = open(await createTestEnvironment(bases));
    const patient = Object.fromEntries(['B', 'C'].flatMap((base) => [[`BASE_${base}_ACQUIRE_MILLIS`, '8000'], [`BASE_${base}_STATEMENT_MILLIS`, '8000']])); // prettier-ignore
    const { BASE_A_URL: _, ...ofBases } = servers.env;
    const env = {
      ...environment.env,
      ...ofBases,
      ...patient,
      // A profile that is in a cache is read from no base.
      REDIS_URL: '',
      CACHE_MEMORY_BYTES: '0',
      AUDIT_TIMEOUT_MILLIS: '10000',
      AUDIT_READER_TIMEOUT_MILLIS: '10000',
    };
    const services = [
      open(await startScore(readScoreConfig(env), environment.logger)),
      open(await startEvent(readEventConfig(env), environment.logger)),
    ];
    const token = await environment.token({ consentimento: ['52998224725'] });
    const score = serviceClient(services[0]!.url, token, asRouter(env, 'score'));
    const event = serviceClient(services[1]!.url, token, asRouter(env, 'event'));
    const readsOf = async (service: number) =>
      (await (await fetch(`${services[service]!.metricsUrl}/metrics`)).text()).match(/^pessoa_base_reads_total.*$/gm) ??
      [];
    const perfil = async () =>
      (await score.ask('{ pessoa(cpf: "52998224725") { score { desatualizado } perfil { desatualizado } } }')).body;
    const movimentos = async () =>
      (await event.ask('{ pessoa(cpf: "52998224725") { eventos { movimentacaoFinanceira { nodes { id } } } } }')).body;

    await until('both read their replicas', async () => {
      await Promise.all([perfil(), movimentos()]);
      return (
        [...(await readsOf(0)), ...(await readsOf(1))].filter((line) => line.includes('origin="replica"')).length === 2
      );
    });
    expect(await perfil()).toEqual({
      data: { pessoa: { score: { desatualizado: false }, perfil: { desatualizado: false } } },
    });
    expect(await movimentos()).toEqual({
      data: { pessoa: { eventos: { movimentacaoFinanceira: { nodes: [{ id: 'm1' }] } } } },
    });

    servers.cable.cut(true);
    await ask(servers.publisher.superuserUrl('base_b'), "UPDATE titular SET nascimento = '1990-01-01'");
    const marked = { data: { pessoa: { score: { desatualizado: true }, perfil: { desatualizado: true } } } };
    await until('Score marks its answers', async () => isDeepStrictEqual(await perfil(), marked));
    servers.cable.cut(false);
    await until('Score marks them no more', async () => !isDeepStrictEqual(await perfil(), marked));
  });
});
