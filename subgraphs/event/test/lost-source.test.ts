import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Cpf } from '@pessoa/domain/cpf';
import { addCompras, addConsultas, addMovimentacoes, addTitular, newCpf } from '@pessoa/testkit/base-c-rows';
import { type GraphqlAnswer, rest } from '@pessoa/testkit/graphql-client';
import { inTime } from '@pessoa/testkit/in-time';
import { lockTable } from '@pessoa/testkit/table-lock';
import { type EventUnderTest, startEventUnderTest } from './event-under-test.ts';

/** No server listens on this port. */
const UNREACHABLE_URL = 'postgresql://reader:secret@127.0.0.1:1/base';
const EVERYTHING = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { cpf eventos {
  ultimaConsulta { id } consultas { totalCount } movimentacaoFinanceira { totalCount nodes { id } } ultimaCompraCartao { id }
} } }`;

const lostFields = ({ body }: GraphqlAnswer) =>
  (body.errors ?? [])
    .map(({ path, extensions }) => ({
      field: path!.slice(1).join('.'),
      code: extensions?.code,
      fonte: extensions?.fonte,
    }))
    .toSorted((a, b) => (a.field < b.field ? -1 : 1));

async function addPerson({ bases }: EventUnderTest): Promise<Cpf> {
  const { owner } = bases.baseC;
  const cpf = await addTitular(owner);
  await addConsultas(owner, cpf, {});
  await addMovimentacoes(owner, cpf, { id: `${cpf}-m` });
  await addCompras(owner, cpf, { id: `${cpf}-k` });
  return cpf;
}

describe('An unreachable Base C', () => {
  let event: EventUnderTest;
  beforeAll(async () => {
    event = await startEventUnderTest({ env: { BASE_C_URL: UNREACHABLE_URL } });
  });
  afterAll(() => event.close());

  it('costs its own field, with path, code and source, and not the person', async () => {
    const cpf = newCpf();
    const answer = await event.ask(EVERYTHING, { cpf });
    expect(answer.status).toBe(200);
    expect(answer.body.data).toEqual({ pessoa: { cpf, eventos: null } });
    expect(lostFields(answer)).toEqual([{ field: 'eventos', code: 'FONTE_INDISPONIVEL', fonte: 'evento' }]);
  });

  it('is 503 with Retry-After over REST', async () => {
    const cpf = newCpf();
    const { status, body, headers } = await event.get(`/evento/${cpf}`, { consentimento: [cpf] });
    expect({ status, retryAfter: headers.get('retry-after') }).toEqual({ status: 503, retryAfter: '5' });
    expect(body).toMatchObject({ code: 'FONTE_INDISPONIVEL', fonte: 'evento' });
  });

  it('does not show in a refusal: access is checked first', async () => {
    const { body } = await event.ask(EVERYTHING, { cpf: newCpf(), token: { scope: '' } });
    expect(body.errors).toMatchObject([{ extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }]);
  });

  it('makes the service not ready', async () => {
    const { status, body } = await rest(event.url, '/health/ready');
    expect({ status, fontes: body['fontes'] }).toEqual({
      status: 503,
      fontes: { evento: expect.stringMatching(/degradada|fora/) },
    });
  });

  it('is not asked any more after ten failures, and the answer stays the same', async () => {
    const cpf = newCpf();
    for (let i = 0; i < 12; i++) await event.ask(EVERYTHING, { cpf });
    expect((await rest(event.url, '/health/ready')).body['fontes']).toEqual({ evento: 'fora' });
    expect(lostFields(await event.ask(EVERYTHING, { cpf }))).toEqual([
      { field: 'eventos', code: 'FONTE_INDISPONIVEL', fonte: 'evento' },
    ]);
  });
});

describe('An unreachable audit', () => {
  let event: EventUnderTest;
  beforeAll(async () => {
    event = await startEventUnderTest({ env: { AUDIT_READER_URL: UNREACHABLE_URL } });
  });
  afterAll(() => event.close());

  it('costs ultimaConsulta and consultas and nothing else: no list lacks the inquiries that Pessoa answered', async () => {
    const cpf = await addPerson(event);
    const answer = await event.ask(EVERYTHING, { cpf });
    expect(lostFields(answer)).toEqual([
      { field: 'eventos.consultas', code: 'FONTE_INDISPONIVEL', fonte: 'evento' },
      { field: 'eventos.ultimaConsulta', code: 'FONTE_INDISPONIVEL', fonte: 'evento' },
    ]);
    expect(answer.body.data?.['pessoa']?.['eventos']).toEqual({
      ultimaConsulta: null,
      consultas: null,
      movimentacaoFinanceira: { totalCount: 1, nodes: [{ id: `${cpf}-m` }] },
      ultimaCompraCartao: { id: `${cpf}-k` },
    });
  });

  it('leaves the service ready, and its source is marked as degraded', async () => {
    expect(await rest(event.url, '/health/ready')).toMatchObject({
      status: 200,
      body: { fontes: { evento: 'degradada' } },
    });
  });

  it('is 503 for /evento, and does not touch the routes that do not show consultas', async () => {
    const cpf = await addPerson(event);
    const token = { consentimento: [cpf] };
    expect((await event.get(`/evento/${cpf}`, token)).status).toBe(503);
    expect((await event.get(`/evento/movtofinanceiro/${cpf}`, token)).status).toBe(200);
    expect((await event.get(`/evento/ultcompracartao/${cpf}`, token)).status).toBe(200);
  });
});

describe('An audit that accepts connections and never answers', () => {
  it('costs its own fields with FONTE_LENTA, within its time-out', async () => {
    const silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const env = {
      AUDIT_READER_URL: `postgresql://reader:secret@127.0.0.1:${port}/auditoria`,
      AUDIT_READER_TIMEOUT_MILLIS: '200',
    };
    const event = await startEventUnderTest({ env });
    const cpf = await addPerson(event);
    const answer = await inTime(2_000, () => event.ask(EVERYTHING, { cpf }));
    expect(lostFields(answer)).toEqual([
      { field: 'eventos.consultas', code: 'FONTE_LENTA', fonte: 'evento' },
      { field: 'eventos.ultimaConsulta', code: 'FONTE_LENTA', fonte: 'evento' },
    ]);
    expect(answer.body.data?.['pessoa']?.['eventos']).toMatchObject({ ultimaCompraCartao: { id: `${cpf}-k` } });
    await event.close();
    silent.close();
  });
});

describe('A locked table of Base C', () => {
  let event: EventUnderTest;
  beforeAll(async () => {
    event = await startEventUnderTest({ env: { BASE_C_ACQUIRE_MILLIS: '500', BASE_C_STATEMENT_MILLIS: '6000' } });
  });
  afterAll(() => event.close());

  const lock = (table: string) => lockTable(event.bases.baseC.owner, table);

  it('costs its own fields, within the time of one statement', async () => {
    const cpf = await addPerson(event);
    const release = await lock('movimentacao');
    const start = performance.now();
    const answer = await event.ask(EVERYTHING, { cpf });
    const millis = performance.now() - start;
    await release();
    expect(lostFields(answer)).toEqual([
      { field: 'eventos.movimentacaoFinanceira', code: 'FONTE_LENTA', fonte: 'evento' },
    ]);
    expect(answer.body.data?.['pessoa']?.['eventos']).toMatchObject({
      consultas: {},
      ultimaCompraCartao: { id: `${cpf}-k` },
    });
    expect(millis).toBeGreaterThan(5_800);
    expect(millis).toBeLessThan(8_900);
  });

  it('delays a request by the time of one statement, though two statements follow one another', async () => {
    const cpf = await addPerson(event);
    const releaseTitular = await lock('titular');
    const releaseMovimentacao = await lock('movimentacao');
    const start = performance.now();
    setTimeout(() => void releaseTitular(), 3_000);
    const answer = await event.ask(EVERYTHING, { cpf });
    const millis = performance.now() - start;
    await releaseMovimentacao();
    expect(lostFields(answer)).toEqual([
      { field: 'eventos.movimentacaoFinanceira', code: 'FONTE_LENTA', fonte: 'evento' },
    ]);
    // 3,000 ms for the first statement and 6,000 ms for the second would be more than the 6,500 ms of a request.
    expect(millis).toBeGreaterThan(6_100);
    expect(millis).toBeLessThan(8_900);
  });
});
