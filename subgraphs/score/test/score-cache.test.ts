import { setTimeout as sleep } from 'node:timers/promises';
import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { cacheCounts } from '@pessoa/testkit/cache-counts';
import { openStatementLog, type StatementLog } from '@pessoa/testkit/statement-log';
import { openTcpRelay, type TcpRelay } from '@pessoa/testkit/tcp-relay';
import { EXEMPLO, openScore, type ScoreUnderTest } from './score-under-test.ts';

const UNKNOWN = cpfFromBase('909090909');
const PESSOA = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { cpf
  score { valor calculadoEm desatualizado } perfil { idade desatualizado rendaMensal patrimonioLiquido
    bens { id valorEstimado saldoDevedor dataAvaliacao } fontesDeRenda { valor desde } endereco { cep atualizadoEm } } } }`;

describe('A cached profile', () => {
  let score: ScoreUnderTest;
  let log: StatementLog;

  beforeAll(async () => {
    score = await openScore(async ({ baseB }) => {
      log = await openStatementLog(baseB.readerUrl);
      return { BASE_B_URL: log.url };
    });
  });
  beforeEach(() => log.clear());
  afterEach(() => score.setNow('2026-11-22T15:00:00Z'));
  afterAll(async () => {
    await score.close();
    await log.close();
  });

  const ask = async (cpf: Cpf, token?: string) =>
    (await score.ask(PESSOA, { variables: { cpf }, ...(token && { token }) })).body;
  async function addCachedPerson(): Promise<Cpf> {
    const cpf = await score.newTitular({
      ...EXEMPLO,
      endereco: { logradouro: 'Rua A', cep: '01001000', uf: 'SP', atualizado_em: '2026-01-02T03:04:05.678Z' },
      bens: [{ valor_estimado: '999999999999999.99', saldo_devedor: '0.01', data_avaliacao: '2026-03-01' }],
    });
    await ask(cpf);
    log.clear();
    return cpf;
  }

  it('is answered as Base B gave it, without a statement', async () => {
    const cpf = await score.newTitular(EXEMPLO);
    const first = await ask(cpf);
    expect(log.statements()).toHaveLength(4);
    log.clear();
    expect(await ask(cpf)).toEqual(first);
    const cachedCpf = await addCachedPerson();
    const cachedAnswer = await ask(cachedCpf);
    expect(cachedAnswer.data).toMatchObject({
      pessoa: {
        perfil: {
          bens: [{ valorEstimado: '999999999999999.99', saldoDevedor: '0.01', dataAvaliacao: '2026-03-01' }],
          endereco: { cep: '01001000', atualizadoEm: '2026-01-02T03:04:05.678Z' },
        },
      },
    });
    expect(log.statements()).toEqual([]);
  });

  it('gives a score of the day of the answer, not of the day on which the profile was read', async () => {
    const cpf = await score.newTitular({ nascimento: '1990-11-23' });
    score.setNow('2026-11-23T02:30:00Z'); // the eve of the birthday in São Paulo
    expect((await ask(cpf)).data).toMatchObject({ pessoa: { perfil: { idade: 35 } } });
    log.clear();
    score.setNow('2026-11-23T03:10:00Z');
    expect((await ask(cpf)).data).toMatchObject({
      pessoa: { perfil: { idade: 36 }, score: { calculadoEm: '2026-11-23T03:10:00.000Z', desatualizado: false } },
    });
    expect(log.statements()).toEqual([]);
  });

  it('is read again after an hour', async () => {
    const cpf = await addCachedPerson();
    score.setNow('2026-11-22T15:59:59Z');
    await ask(cpf);
    expect(log.statements()).toEqual([]);
    score.setNow('2026-11-22T16:00:00Z');
    await ask(cpf);
    expect(log.statements()).toHaveLength(4);
  });

  it('does not exist for a person that Base B does not know: a new person appears at once', async () => {
    expect((await ask(UNKNOWN)).data).toMatchObject({ pessoa: { score: null, perfil: null } });
    await score.bases.baseB.owner.query('INSERT INTO titular (cpf) VALUES ($1)', [UNKNOWN]);
    expect((await ask(UNKNOWN)).data).toMatchObject({ pessoa: { score: { valor: expect.any(Number) } } });
  });

  it('is not shown to a token without the scope, or to another holder', async () => {
    const cpf = await addCachedPerson();
    const otherHolder = await score.newTitular();
    for (const request of [{ scope: '' }, { scope: 'divida:read evento:read' }, { cpf: otherHolder }]) {
      const before = await cacheCounts(score.metricsUrl);
      const { data, errors } = await ask(cpf, await score.token(request));
      expect(data).toEqual({ pessoa: { cpf, score: null, perfil: null } });
      expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(Array(2).fill('UNAUTHORIZED_FIELD_OR_TYPE'));
      expect(await cacheCounts(score.metricsUrl)).toEqual(before);
    }
    const scoreOnly = await ask(cpf, await score.token({ scope: 'score:read' }));
    expect(scoreOnly.data).toMatchObject({ pessoa: { score: { valor: expect.any(Number) }, perfil: null } });
  });

  it('is in the audit for each answer', async () => {
    const cpf = await addCachedPerson();
    for (let time = 0; time < 3; time++) await score.get(`/score/${cpf}`);
    expect(log.statements()).toEqual([]);
    const hash = cpfHasher(Buffer.from(score.environment.env['CPF_HASH_KEY']!, 'base64url'))(cpf);
    const { rows } = await score.bases.auditoria.owner.query('SELECT resultado FROM acesso WHERE cpf_hash = $1', [
      hash,
    ]);
    expect(rows).toEqual(Array(3).fill({ resultado: 'ATENDIDO' }));
  });

  it('is read once for all concurrent requests', async () => {
    const cpf = await score.newTitular(EXEMPLO);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(cpf)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(log.statements()).toHaveLength(4);
  });

  it('is counted in /metrics by the result of the lookup, without the CPF', async () => {
    const before = await cacheCounts(score.metricsUrl);
    const cpf = await addCachedPerson();
    await ask(cpf);
    const { hit = 0, miss = 0, available } = await cacheCounts(score.metricsUrl);
    const counts = { hits: hit - (before['hit'] ?? 0), misses: miss - (before['miss'] ?? 0), available };
    expect(counts).toEqual({ hits: 1, misses: 1, available: 1 });
    expect(await (await fetch(`${score.metricsUrl}/metrics`)).text()).not.toContain(cpf);
  });
});

describe('While Base B does not answer', () => {
  let score: ScoreUnderTest;
  let base: TcpRelay;
  beforeAll(async () => {
    score = await openScore(async ({ baseB }) => {
      const { hostname: host, port } = new URL(baseB.readerUrl);
      base = await openTcpRelay({ host, port: Number(port) });
      return { BASE_B_URL: base.through(baseB.readerUrl) };
    });
  });
  afterAll(async () => {
    await score.close();
    await base.close();
  });
  const ask = async (cpf: Cpf) => (await score.ask(PESSOA, { variables: { cpf } })).body;

  it('an expired profile is shown for a day, marked as stale, with a current score; after that the fields fail', async () => {
    const cpf = await score.newTitular(EXEMPLO);
    const uncachedCpf = await score.newTitular(EXEMPLO);
    const fresh = await ask(cpf);
    expect(fresh.data).toMatchObject({ pessoa: { score: { desatualizado: false }, perfil: { desatualizado: false } } });
    base.cut(true);
    score.setNow('2026-11-22T15:30:00Z');
    expect((await ask(cpf)).data).toMatchObject({ pessoa: { score: { desatualizado: false } } });
    score.setNow('2026-11-22T20:00:00Z');
    expect(await ask(cpf)).toMatchObject({
      data: {
        pessoa: {
          score: { desatualizado: true, calculadoEm: '2026-11-22T20:00:00.000Z' },
          perfil: { desatualizado: true, idade: 36 },
        },
      },
    });
    expect((await ask(cpf)).errors).toBeUndefined();
    const restAnswer = await score.get(`/score/${cpf}`);
    expect(restAnswer).toMatchObject({ status: 200, body: { score: { desatualizado: true } } });
    expect((await ask(uncachedCpf)).errors?.map(({ extensions }) => extensions)).toEqual(
      Array(2).fill({ code: 'FONTE_INDISPONIVEL', fonte: 'score' }),
    );
    score.setNow('2026-11-23T15:00:00Z');
    expect((await ask(cpf)).errors).toHaveLength(2);
    base.cut(false);
    while ((await ask(cpf)).errors) await sleep(200); // its breaker probes every 5 s
    expect((await ask(cpf)).data).toMatchObject({ pessoa: { score: { desatualizado: false } } });
  });
});
