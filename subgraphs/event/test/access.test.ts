import { randomUUID } from 'node:crypto';
import type { Cpf } from '@pessoa/domain/cpf';
import { fixedClock } from '@pessoa/domain/data';
import type { TokenRequest } from '@pessoa/service/development/development-keys';
import { addCompras, addConsultas, addMovimentacoes, addTitular, newCpf } from '@pessoa/testkit/base-c-rows';
import { graphql, type GraphqlAnswer } from '@pessoa/testkit/graphql-client';
import { type EventUnderTest, startEventUnderTest } from './event-under-test.ts';

const EVERYTHING = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos {
  ultimaConsulta { id } consultas { nodes { id } } movimentacaoFinanceira { nodes { id } } ultimaCompraCartao { id }
} } }`;
const BANK_FIELDS = ['movimentacaoFinanceira', 'ultimaCompraCartao'];

describe('who may read events', () => {
  let event: EventUnderTest;
  let ana: Cpf;
  const row = randomUUID();

  beforeAll(async () => {
    event = await startEventUnderTest({ env: { COURT_ORDER_CLIENTS: 'tribunal, vara-ficticia' } });
    const { owner } = event.bases.baseC;
    ana = await addTitular(owner);
    // Of today's late evening: newer than what this file's reads leave in the audit.
    await addConsultas(owner, ana, { id: row, data_hora: '2026-11-22T23:00:00Z' });
    await addMovimentacoes(owner, ana, { id: row });
    await addCompras(owner, ana, { id: row });
  });
  afterAll(() => event.close());

  const ask = (token: TokenRequest, cpf = ana) => event.ask(EVERYTHING, { cpf, token });
  const refusedPaths = ({ body }: GraphqlAnswer): string[] => {
    for (const { extensions } of body.errors ?? []) {
      expect(extensions).toMatchObject({ code: 'UNAUTHORIZED_FIELD_OR_TYPE', motivo: expect.any(String) });
    }
    return (body.errors ?? []).map(({ path }) => path!.join('.'));
  };
  const expectAll = ({ body }: GraphqlAnswer): void => {
    expect(body.errors).toBeUndefined();
    expect(body.data?.['pessoa']).toMatchObject({
      eventos: {
        ultimaConsulta: { id: row },
        movimentacaoFinanceira: { nodes: [{ id: row }] },
        ultimaCompraCartao: { id: row },
      },
    });
  };
  const expectNoBankData = (answer: GraphqlAnswer): void => {
    expect(refusedPaths(answer)).toEqual(BANK_FIELDS.map((field) => `pessoa.eventos.${field}`));
    expect(answer.status).toBe(200);
    expect(answer.body.data?.['pessoa']).toMatchObject({
      eventos: { ultimaConsulta: { id: row }, movimentacaoFinanceira: null, ultimaCompraCartao: null },
    });
  };
  const expectNothing = (answer: GraphqlAnswer): void => {
    expect(refusedPaths(answer)).toEqual(['pessoa.eventos']);
    expect(answer.body.data).toEqual({ pessoa: { eventos: null } });
  };

  it('a third party with both scopes and the person’s consent reads all', async () => {
    expectAll(await ask({}));
  });

  it('without evento:read nothing is read, the other scopes notwithstanding', async () => {
    expectNothing(await ask({ scope: '' }));
    expectNothing(await ask({ scope: 'evento:movimentacao divida:read score:read' }));
  });

  it('bank data needs evento:movimentacao as well', async () => {
    expectNoBankData(await ask({ scope: 'evento:read' }));
  });

  it('bank data needs a consent of this very person', async () => {
    expectNoBankData(await ask({ consentimento: [] }));
    expectNoBankData(await ask({ consentimento: [newCpf()] }));
    expectAll(await ask({ consentimento: [newCpf(), ana] }));
  });

  it('does not tell by a null that Base C does not know a CPF whose bank data is refused', async () => {
    const unknown = newCpf();
    for (const token of [{ scope: 'evento:read' }, { consentimento: [] }, { consentimento: [ana] }]) {
      const answer = await event.ask(EVERYTHING, { cpf: unknown, token });
      expect(refusedPaths(answer)).toEqual(['pessoa.eventos']);
      expect(answer.body.data).toEqual({ pessoa: { eventos: null } });
    }
    const { body } = await event.ask('query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { ultimaConsulta { id } } } }', {
      cpf: unknown,
      token: { scope: 'evento:read' },
    });
    expect(body).toEqual({ data: { pessoa: { eventos: null } } });
  });

  it('decides for each person of one request', async () => {
    const bia = await addTitular(event.bases.baseC.owner);
    const query = 'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { eventos { ultimaCompraCartao { id } } } }';
    const answer = await event.ask(query, { cpf: ana, variables: { cpf: undefined, cpfs: [bia, ana] } });
    expect(refusedPaths(answer)).toEqual(['pessoas.0.eventos.ultimaCompraCartao']);
    expect(answer.body.data?.['pessoas']).toMatchObject([
      { eventos: {} },
      { eventos: { ultimaCompraCartao: { id: row } } },
    ]);
  });

  it('a consent holds to its last day', async () => {
    const today = new Date();
    const inAYear = (days: number): string => new Date(today.getTime() + (365 + days) * 86_400_000).toISOString();
    for (const [instant, expectation] of [[inAYear(-1), expectAll], [inAYear(2), expectNoBankData]] as const) {
      const later = await startEventUnderTest({ clock: fixedClock(instant) });
      const { owner } = later.bases.baseC;
      await addTitular(owner, ana);
      await addConsultas(owner, ana, { id: row });
      await addMovimentacoes(owner, ana, { id: row, data_hora: instant });
      await addCompras(owner, ana, { id: row });
      expectation(await later.ask(EVERYTHING, { cpf: ana }));
      await later.close();
    }
  }); // prettier-ignore

  it('the holder reads their own without a consent', async () => {
    expectAll(await ask({ cpf: ana, consentimento: [] }));
  });

  it('a holder’s token reads nobody else, known or not, whatever consents it carries', async () => {
    const bia = await addTitular(event.bases.baseC.owner);
    const known = await ask({ cpf: bia, consentimento: [ana] });
    expectNothing(known);
    const unknown = await ask({ cpf: bia, consentimento: [ana] }, newCpf());
    expect(unknown.body).toEqual(known.body);
  });

  it('a court order stands for the consent for the clients configured for it, and only with its number', async () => {
    const order: TokenRequest = {
      finalidade: 'ORDEM_JUDICIAL',
      consentimento: [],
      clientId: 'tribunal',
      ordemJudicial: '0001234-03.2026.8.26.0100',
    };
    expectAll(await ask(order));
    expectNoBankData(await ask({ ...order, clientId: 'loja' }));
    expectNoBankData(await ask({ ...order, ordemJudicial: undefined }));
    expectNoBankData(await ask({ ...order, ordemJudicial: '0001234-56.2026.8.26.0100' }));
    expectNoBankData(await ask({ ...order, finalidade: 'COBRANCA' }));
    expectNoBankData(await ask({ ...order, scope: 'evento:read' }));
  });

  it.each([
    ['pessoa', '{ pessoa(cpf: "$") { eventos { ultimaConsulta { id } } } }'],
    [
      '_entities',
      '{ _entities(representations: [{ __typename: "Pessoa", cpf: "$" }]) { ... on Pessoa { eventos { ultimaConsulta { id } } } } }',
    ],
    ['_service', '{ _service { sdl } }'],
    ['__schema', '{ __schema { types { name } } }'],
    ['__typename', '{ __typename }'],
  ])('gives nothing of %s to a caller without token, or with one that does not verify', async (_, query) => {
    const expired = await event.environment.token({ ttlSeconds: -60 });
    const elsewhere = await event.environment.token({ audience: 'outra' });
    for (const token of [undefined, expired, elsewhere, 'x.y.z']) {
      const { status, body, headers } = await graphql(event.url, {
        query: query.replace('$', ana),
        sign: event.sign,
        ...(token && { token }),
      });
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(body).toEqual({ errors: [{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED' } }] });
    }
  });

  it('gives nothing without a purpose', async () => {
    const token = await event.environment.token({ finalidade: null });
    const { status, body } = await graphql(event.url, {
      query: EVERYTHING,
      variables: { cpf: ana },
      token,
      sign: event.sign,
    });
    expect(status).toBe(403);
    expect(body).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: 'FINALIDADE_AUSENTE', motivo: 'FINALIDADE' } }],
    });
  });

  it('guards the same fields behind _entities', async () => {
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Pessoa { eventos { ultimaCompraCartao { id } } } } }`;
    const variables = { cpf: undefined, r: [{ __typename: 'Pessoa', cpf: ana }] };
    const allowed = await event.ask(query, { cpf: ana, variables });
    expect(allowed.body).toEqual({ data: { _entities: [{ eventos: { ultimaCompraCartao: { id: row } } }] } });
    const refused = await event.ask(query, { cpf: ana, variables, token: { consentimento: [] } });
    expect(refusedPaths(refused)).toEqual(['_entities.0.eventos.ultimaCompraCartao']);
    const nothing = await event.ask(query, { cpf: ana, variables, token: { scope: '' } });
    expect(nothing.body.data).toEqual({ _entities: [{ eventos: null }] });
  });
});
