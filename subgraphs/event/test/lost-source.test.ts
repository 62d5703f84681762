import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Cpf } from '@pessoa/domain/cpf';
import { addCompras, addConsultas, addMovimentacoes, addTitular, newCpf } from '@pessoa/testkit/base-c-rows';
import { type GraphqlAnswer, rest } from '@pessoa/testkit/graphql-client';
import { lockTable } from '@pessoa/testkit/table-lock';
import { type EventUnderTest, startEventUnderTest } from './event-under-test.ts';

/** A port of this machine that nobody listens on. */
const CLOSED_PORT = 'postgresql://reader:secret@127.0.0.1:1/base';
const EVERYTHING = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { cpf eventos {
  ultimaConsulta { id } consultas { totalCount } movimentacaoFinanceira { totalCount nodes { id } } ultimaCompraCartao { id }
} } }`;

const lostIn = ({ body }: GraphqlAnswer) =>
  (body.errors ?? [])
    .map(({ path, extensions }) => [path!.slice(1).join('.'), extensions?.code, extensions?.fonte])
    .toSorted();

async function addPerson({ bases }: EventUnderTest): Promise<Cpf> {
  const { owner } = bases.baseC;
  const cpf = await addTitular(owner);
  await addConsultas(owner, cpf, {});
  await addMovimentacoes(owner, cpf, { id: `${cpf}-m` });
  await addCompras(owner, cpf, { id: `${cpf}-k` });
  return cpf;
}

describe('a Base C that cannot be reached', () => {
  let event: EventUnderTest;
  beforeAll(async () => {
    event = await startEventUnderTest({ env: { BASE_C_URL: CLOSED_PORT } });
  });
  afterAll(() => event.close());

  it('costs its own field, named with path, code and source, and not the person', async () => {
    const cpf = newCpf();
    const answer = await event.ask(EVERYTHING, { cpf });
    expect(answer.status).toBe(200);
    expect(answer.body.data).toEqual({ pessoa: { cpf, eventos: null } });
    expect(lostIn(answer)).toEqual([['eventos', 'FONTE_INDISPONIVEL', 'evento']]);
  });

  it('is 503 with Retry-After by REST', async () => {
    const cpf = newCpf();
    const { status, body, headers } = await event.get(`/evento/${cpf}`, { consentimento: [cpf] });
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
    expect(body).toMatchObject({ code: 'FONTE_INDISPONIVEL', fonte: 'evento' });
  });

  it('still refuses first: the refusal does not tell that the base is down', async () => {
    const { body } = await event.ask(EVERYTHING, { cpf: newCpf(), token: { scope: '' } });
    expect(body.errors).toMatchObject([{ extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }]);
  });

  it('keeps the service from being ready, which says so', async () => {
    const { status, body } = await rest(event.url, '/health/ready');
    expect([status, body['fontes']]).toEqual([503, { evento: expect.stringMatching(/degradada|fora/) }]);
  });

  it('is asked no more after ten failures, and the answer is the same', async () => {
    const cpf = newCpf();
    for (let i = 0; i < 12; i++) await event.ask(EVERYTHING, { cpf });
    expect((await rest(event.url, '/health/ready')).body['fontes']).toEqual({ evento: 'fora' });
    expect(lostIn(await event.ask(EVERYTHING, { cpf }))).toEqual([['eventos', 'FONTE_INDISPONIVEL', 'evento']]);
  });
});

describe('an audit that cannot be read', () => {
  let event: EventUnderTest;
  beforeAll(async () => {
    event = await startEventUnderTest({ env: { AUDIT_READER_URL: CLOSED_PORT } });
  });
  afterAll(() => event.close());

  it('costs ultimaConsulta and consultas, never a list without our reads, and nothing else', async () => {
    const cpf = await addPerson(event);
    const answer = await event.ask(EVERYTHING, { cpf });
    expect(lostIn(answer)).toEqual([
      ['eventos.consultas', 'FONTE_INDISPONIVEL', 'evento'],
      ['eventos.ultimaConsulta', 'FONTE_INDISPONIVEL', 'evento'],
    ]);
    expect(answer.body.data?.['pessoa']?.['eventos']).toEqual({
      ultimaConsulta: null,
      consultas: null,
      movimentacaoFinanceira: { totalCount: 1, nodes: [{ id: `${cpf}-m` }] },
      ultimaCompraCartao: { id: `${cpf}-k` },
    });
  });

  it('leaves the service ready, its source marked', async () => {
    expect(await rest(event.url, '/health/ready')).toMatchObject({
      status: 200,
      body: { fontes: { evento: 'degradada' } },
    });
  });

  it('is 503 for /evento, and no matter to the routes that do not show consultas', async () => {
    const cpf = await addPerson(event);
    const token = { consentimento: [cpf] };
    expect((await event.get(`/evento/${cpf}`, token)).status).toBe(503);
    expect((await event.get(`/evento/movtofinanceiro/${cpf}`, token)).status).toBe(200);
    expect((await event.get(`/evento/ultcompracartao/${cpf}`, token)).status).toBe(200);
  });
});

describe('an audit that accepts connections and says nothing', () => {
  it('costs its own fields as FONTE_LENTA, within its time', async () => {
    const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const env = {
      AUDIT_READER_URL: `postgresql://reader:secret@127.0.0.1:${port}/auditoria`,
      AUDIT_READER_TIMEOUT_MILLIS: '200',
    };
    const event = await startEventUnderTest({ env });
    const cpf = await addPerson(event);
    const start = performance.now();
    const answer = await event.ask(EVERYTHING, { cpf });
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(lostIn(answer)).toEqual([
      ['eventos.consultas', 'FONTE_LENTA', 'evento'],
      ['eventos.ultimaConsulta', 'FONTE_LENTA', 'evento'],
    ]);
    expect(answer.body.data?.['pessoa']?.['eventos']).toMatchObject({ ultimaCompraCartao: { id: `${cpf}-k` } });
    await event.close();
    silent.close();
  });
});

describe('a table that hangs', () => {
  let event: EventUnderTest;
  beforeAll(async () => {
    event = await startEventUnderTest({ env: { BASE_C_ACQUIRE_MILLIS: '500', BASE_C_STATEMENT_MILLIS: '2500' } });
  });
  afterAll(() => event.close());

  const hold = (table: string) => lockTable(event.bases.baseC.owner, table);

  it('costs its own fields, within the time of a statement and what the rest takes', async () => {
    const cpf = await addPerson(event);
    const release = await hold('movimentacao');
    const start = performance.now();
    const answer = await event.ask(EVERYTHING, { cpf });
    const millis = performance.now() - start;
    await release();
    expect(lostIn(answer)).toEqual([['eventos.movimentacaoFinanceira', 'FONTE_LENTA', 'evento']]);
    expect(answer.body.data?.['pessoa']?.['eventos']).toMatchObject({
      consultas: {},
      ultimaCompraCartao: { id: `${cpf}-k` },
    });
    expect(millis).toBeGreaterThan(2_300);
    expect(millis).toBeLessThan(4_500);
  });

  it('is waited for once, however many statements follow one another', async () => {
    const cpf = await addPerson(event);
    const releaseTitular = await hold('titular');
    const releaseMovimentacao = await hold('movimentacao');
    const start = performance.now();
    setTimeout(() => void releaseTitular(), 2_200);
    const answer = await event.ask(EVERYTHING, { cpf });
    const millis = performance.now() - start;
    await releaseMovimentacao();
    expect(lostIn(answer)).toEqual([['eventos.movimentacaoFinanceira', 'FONTE_LENTA', 'evento']]);
    // 2,200 ms for the first statement and 2,500 ms for the second would be more than the 3,000 ms of a request.
    expect(millis).toBeGreaterThan(2_600);
    expect(millis).toBeLessThan(4_500);
  });
});
