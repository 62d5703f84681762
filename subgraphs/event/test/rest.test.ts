import type { Cpf } from '@pessoa/domain/cpf';
import { addCompras, addConsultas, addMovimentacoes, addTitular, newCpf } from '@pessoa/testkit/base-c-rows';
import { type EventUnderTest, startEventUnderTest } from './event-under-test.ts';

const ROUTES = ['/evento/', '/evento/movtofinanceiro/', '/evento/ultcompracartao/'];

describe('The REST routes of Event', () => {
  let event: EventUnderTest;
  let ana: Cpf;

  beforeAll(async () => {
    event = await startEventUnderTest();
    const { owner } = event.bases.baseC;
    ana = await addTitular(owner);
    await addConsultas(owner, ana, { id: 'r-c', data_hora: '2026-11-22T23:00:00Z' });
    await addMovimentacoes(
      owner,
      ana,
      { id: 'r-m1', descricao: 'PIX para João' },
      { id: 'r-m2', natureza: 'CREDITO', tipo: 'TED' },
      { id: 'r-m3', data_hora: '2026-03-10T12:00:00Z' },
    );
    await addCompras(owner, ana, { id: 'r-k' });
  });
  afterAll(() => event.close());

  const get = (path: string) => event.get(path, { consentimento: [ana] });

  it('/evento/{cpf} has the last inquiry, the postings and the last purchase', async () => {
    const { status, body, headers } = await get(`/evento/${ana}`);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({
      cpf: ana,
      ultimaConsulta: { id: 'r-c' },
      movimentacaoFinanceira: [{ id: 'r-m2' }, { id: 'r-m1' }],
      ultimaCompraCartao: { id: 'r-k', valor: '10.00' },
    });
  });

  it('/evento/movtofinanceiro/{cpf} filters as the graph does', async () => {
    const ids = async (query: string) => {
      const { body } = await get(`/evento/movtofinanceiro/${ana}${query}`);
      return (body['movimentacaoFinanceira'] as unknown as { id: string }[]).map(({ id }) => id);
    };
    expect(await ids('')).toEqual(['r-m2', 'r-m1']);
    expect(await ids('?natureza=CREDITO')).toEqual(['r-m2']);
    expect(await ids('?tipo=TED,PIX&texto=joa')).toEqual(['r-m1']);
    expect(await ids('?de=2026-03-10&ate=2026-03-10')).toEqual(['r-m3']);
    expect(await ids('?texto=ninguem')).toEqual([]);
  });

  it('/evento/movtofinanceiro/{cpf} links to the next page, and the last page has no link', async () => {
    const first = await get(`/evento/movtofinanceiro/${ana}?limite=1&tipo=PIX&tipo=TED`);
    expect(first.body).toMatchObject({ movimentacaoFinanceira: [{ id: 'r-m2' }] });
    const next = /^<(.*)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1];
    const second = await get(next!);
    expect(second.body).toMatchObject({ movimentacaoFinanceira: [{ id: 'r-m1' }] });
    expect(second.headers.get('link')).toBeNull();
  });

  it('/evento/ultcompracartao/{cpf} has the last purchase', async () => {
    const { status, body } = await get(`/evento/ultcompracartao/${ana}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ cpf: ana, ultimaCompraCartao: { id: 'r-k', finalCartao: '0042' } });
  });

  it('a known person without events has empty lists and nulls', async () => {
    const cpf = await addTitular(event.bases.baseC.owner);
    const token = { consentimento: [cpf] };
    expect((await event.get(`/evento/${cpf}`, token)).body).toEqual({
      cpf,
      ultimaConsulta: null,
      movimentacaoFinanceira: [],
      ultimaCompraCartao: null,
    });
  });

  it.each(ROUTES)('%s{cpf} answers 404 for a CPF that Base C does not know', async (route) => {
    const cpf = newCpf();
    const { status, body } = await event.get(route + cpf, { consentimento: [cpf] });
    expect(status).toBe(404);
    expect(body).toMatchObject({ code: 'NAO_ENCONTRADO' });
  });

  it.each(ROUTES)('%s{cpf} answers 403 without scope, without consent and to another holder', async (route) => {
    for (const token of [{ scope: 'evento:read', consentimento: [ana] }, {}, { cpf: newCpf() }]) {
      const { status, body } = await event.get(route + ana, token);
      expect(status).toBe(403);
      expect(body).toMatchObject({ code: 'UNAUTHORIZED_FIELD_OR_TYPE' });
    }
  });

  it.each(ROUTES)('%s{cpf} gives the same refusal whether Base C knows the CPF or not', async (route) => {
    for (const token of [{ scope: 'evento:read', consentimento: [ana] }, { scope: 'evento:read' }, {}]) {
      const ofKnown = await event.get(route + ana, token);
      const ofUnknown = await event.get(route + newCpf(), token);
      expect({ status: ofUnknown.status, body: ofUnknown.body }).toEqual({
        status: ofKnown.status,
        body: ofKnown.body,
      });
      expect(ofUnknown.status).toBe(403);
    }
  });

  it.each(ROUTES)('%s{cpf} answers 401 without token and 403 without purpose', async (route) => {
    const withoutToken = await fetch(event.url + route + ana);
    expect({
      status: withoutToken.status,
      challenge: withoutToken.headers.get('www-authenticate'),
    }).toEqual({ status: 401, challenge: expect.stringMatching(/^Bearer/) });
    expect((await event.get(route + ana, { finalidade: null })).body).toMatchObject({ code: 'FINALIDADE_AUSENTE' });
  });

  it.each([
    ['/evento/52998224726', 'CPF_INVALIDO'],
    ['/evento/movtofinanceiro/11111111111', 'CPF_INVALIDO'],
    ['/evento/ultcompracartao/529', 'CPF_INVALIDO'],
    ['/evento/movtofinanceiro/CPF?limite=0', 'BAD_USER_INPUT'],
    ['/evento/movtofinanceiro/CPF?limite=101', 'LIMITE_EXCEDIDO'],
    ['/evento/movtofinanceiro/CPF?de=2026-13-01', 'BAD_USER_INPUT'],
    ['/evento/movtofinanceiro/CPF?de=2026-02-02&ate=2026-02-01', 'BAD_USER_INPUT'],
    ['/evento/movtofinanceiro/CPF?de=2025-01-01&ate=2026-01-01', 'BAD_USER_INPUT'],
    ['/evento/movtofinanceiro/CPF?tipo=CHEQUE', 'BAD_USER_INPUT'],
    ['/evento/movtofinanceiro/CPF?cursor=abc', 'BAD_USER_INPUT'],
    ['/evento/CPF?cursor=abc', 'BAD_USER_INPUT'],
  ])('%s answers 400 %s', async (path, code) => {
    const { status, body, headers } = await get(path.replace('CPF', ana));
    expect(status).toBe(400);
    expect(body).toMatchObject({ code });
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(JSON.stringify(body)).not.toContain(ana);
  });
});
