import { setTimeout as sleep } from 'node:timers/promises';
import { cutConnections } from '@pessoa/testkit/cut-connections';
import type { GraphqlAnswer } from '@pessoa/testkit/graphql-client';
import { inTime } from '@pessoa/testkit/in-time';
import { hangingServer, unreachableServer } from '@pessoa/testkit/lost-servers';
import { lockTable } from '@pessoa/testkit/table-lock';
import { type DebtUnderTest, IMPATIENT, openDebt } from './debt-under-test.ts';

async function timed<T>(work: Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  return [await work, performance.now() - start];
}

const lost = (code: string) => ({ extensions: { code, fonte: 'divida' } });

describe('With Base A', () => {
  let debt: DebtUnderTest;
  afterEach(() => debt.close());

  const FIELDS = 'cpf nome endereco { uf } dividas { totalCount } resumoDividas { quantidade }';
  const EMPTY = { nome: null, endereco: null, dividas: null, resumoDividas: null };

  function expectAllLost({ status, body }: GraphqlAnswer, cpf: string, code: string): void {
    expect(status).toBe(200);
    expect(body.data).toEqual({ pessoa: { cpf, ...EMPTY } });
    const paths = body.errors?.map(({ path }) => path?.join('.'));
    expect(paths?.toSorted()).toEqual(
      Object.keys(EMPTY)
        .map((field) => `pessoa.${field}`)
        .toSorted(),
    );
    for (const error of body.errors!) expect(error).toMatchObject(lost(code));
  }

  it('unreachable, the service starts, and each field is null with an error at its path', async () => {
    debt = await openDebt(async ({ baseA }) => ({ BASE_A_URL: await unreachableServer(baseA.readerUrl) }));
    const cpf = await debt.newPessoa();
    const [answer, millis] = await timed(debt.ask(`{ pessoa(cpf: "${cpf}") { ${FIELDS} } }`));
    expectAllLost(answer, cpf, 'FONTE_INDISPONIVEL');
    expect(millis).toBeLessThan(5_000); // half the time limit for a connection here: nothing waited
    const { status, headers, body } = await debt.get(`/divida/${cpf}`);
    expect({ status, retryAfter: headers.get('retry-after'), body }).toMatchObject({
      status: 503,
      retryAfter: '5',
      body: { code: 'FONTE_INDISPONIVEL', fonte: 'divida' },
    });
    const { rows } = await debt.bases.auditoria.owner.query('SELECT resultado, campos FROM acesso');
    // Only the REST request: the router records its own requests.
    expect(rows).toEqual([{ resultado: 'FALHA', campos: [] }]);
  });

  it('unreachable since the start, the service is live and not ready', async () => {
    debt = await openDebt(async ({ baseA }) => ({
      ...IMPATIENT,
      BASE_A_URL: await unreachableServer(baseA.readerUrl),
    }));
    expect(await debt.get('/health/ready')).toMatchObject({ status: 503, body: { status: 'iniciando' } });
    expect(await debt.get('/health/live')).toMatchObject({ status: 200 });
  });

  it('accepting connections and never answering, each field is FONTE_LENTA within the time limit', async () => {
    let close = (): void => {};
    debt = await openDebt(async ({ baseA }) => {
      const silent = await hangingServer(baseA.readerUrl);
      close = silent.close;
      return { ...IMPATIENT, BASE_A_URL: silent.url };
    });
    const cpf = await debt.newPessoa();
    const [answer, millis] = await timed(debt.ask(`{ pessoa(cpf: "${cpf}") { ${FIELDS} } }`));
    close();
    expectAllLost(answer, cpf, 'FONTE_LENTA');
    expect(millis).toBeLessThan(1_500);
  });

  it('slow in one table, only the fields of that table are FONTE_LENTA, within the time limit', async () => {
    debt = await openDebt(() => ({ BASE_A_STATEMENT_MILLIS: '' }));
    const cpf = await debt.newPessoa({ nome: 'Ana Fictícia' });
    const ask = () => debt.ask(`{ pessoa(cpf: "${cpf}") { nome endereco { uf } dividas { totalCount } } }`);
    await ask(); // the first request of a process takes longer
    const release = await lockTable(debt.bases.baseA.owner, 'divida');
    const { body } = await inTime(1_500, ask);
    await release();
    expect(body).toMatchObject({
      data: { pessoa: { nome: 'Ana Fictícia', endereco: null, dividas: null } },
      errors: [{ path: ['pessoa', 'dividas'], ...lost('FONTE_LENTA') }],
    });
    expect(body.errors).toHaveLength(1);
    expect((await debt.ask(`{ pessoa(cpf: "${cpf}") { dividas { totalCount } } }`)).body.errors).toBe(undefined);
  });

  it('slow for twelve lists of one request, the next request is still answered', async () => {
    debt = await openDebt(() => ({ BASE_A_ACQUIRE_MILLIS: '200', BASE_A_STATEMENT_MILLIS: '300' }));
    const cpf = await debt.newPessoa({ nome: 'Ana Fictícia' });
    await debt.ask(`{ pessoa(cpf: "${cpf}") { nome } }`);
    const lists = Array.from({ length: 12 }, (_, n) => `d${n}: dividas(filtro: { vencimentoDe: "20${String(n + 10)}-01-01" }) { totalCount }`); // prettier-ignore
    const release = await lockTable(debt.bases.baseA.owner, 'divida');
    const { body } = await debt.ask(`{ pessoa(cpf: "${cpf}") { ${lists.join(' ')} } }`);
    const next = await debt.ask(`{ pessoa(cpf: "${cpf}") { nome } }`);
    await release();
    expect(body.errors).toHaveLength(12);
    expect(next.body).toEqual({ data: { pessoa: { nome: 'Ana Fictícia' } } });
  });

  it('slow in two statements in sequence, a request waits no longer than its time limit', async () => {
    debt = await openDebt(() => ({ BASE_A_ACQUIRE_MILLIS: '500', BASE_A_STATEMENT_MILLIS: '6000' }));
    const cpf = await debt.newPessoa();
    const ask = () => debt.ask(`{ pessoa(cpf: "${cpf}") { dividas { totalCount nodes { credor { nome } } } } }`);
    await ask();
    const { owner } = debt.bases.baseA;
    // The page needs credor and divida, its total only divida: the second lock is waited for when the first is gone.
    const releaseCredor = await lockTable(owner, 'credor');
    const start = performance.now();
    const asked = ask();
    await sleep(2_000);
    const holding = lockTable(owner, 'divida'); // granted once the page, which reads it too, has ended
    await sleep(1_000);
    await releaseCredor();
    const { body } = await asked;
    const millis = performance.now() - start;
    const releaseDivida = await holding;
    await releaseDivida();
    expect(body.errors).toMatchObject([lost('FONTE_LENTA')]);
    // 3,000 ms for the page and 6,000 ms for its total would be more than the 6,500 ms of a request.
    expect(millis).toBeGreaterThan(6_100);
    expect(millis).toBeLessThan(8_900);
  });

  it('without a table that it had at the start, only the fields of that table are FONTE_INVALIDA', async () => {
    debt = await openDebt();
    const cpf = await debt.newPessoa({ nome: 'Ana Fictícia' });
    await debt.bases.baseA.owner.query('DROP TABLE endereco');
    const { body } = await debt.ask(`{ pessoa(cpf: "${cpf}") { nome endereco { uf } } }`);
    expect(body).toMatchObject({
      data: { pessoa: { nome: 'Ana Fictícia', endereco: null } },
      errors: [{ path: ['pessoa', 'endereco'], ...lost('FONTE_INVALIDA') }],
    });
  });

  it('restarted, the ended connections are replaced without an error', async () => {
    debt = await openDebt();
    const cpf = await debt.newPessoa({ nome: 'Ana Fictícia' });
    const ask = () => debt.ask(`{ pessoa(cpf: "${cpf}") { nome dividas { totalCount } } }`);
    await ask();
    expect(await cutConnections(debt.bases.baseA.readerUrl)).toBeGreaterThan(0);
    await sleep(50); // until the pool has noticed
    expect((await ask()).body).toMatchObject({ data: { pessoa: { nome: 'Ana Fictícia' } } });
  });

  it('failing twelve times, the breaker opens and the readiness shows it', async () => {
    debt = await openDebt(async ({ baseA }) => ({
      ...IMPATIENT,
      BASE_A_URL: await unreachableServer(baseA.readerUrl),
    }));
    const cpf = await debt.newPessoa();
    for (let round = 0; round < 12; round++) await debt.ask(`{ pessoa(cpf: "${cpf}") { nome } }`);
    const { body } = await debt.ask(`{ pessoa(cpf: "${cpf}") { nome } }`);
    expect(body.errors).toMatchObject([{ path: ['pessoa', 'nome'], ...lost('FONTE_INDISPONIVEL') }]);
    expect((await debt.get('/health/ready')).body).toMatchObject({ fontes: { divida: 'fora' } });
  });
});
