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

describe('Access to events', () => {
  let event: EventUnderTest;
  let ana: Cpf;
  const id = randomUUID();

  beforeAll(async () => {
    event = await startEventUnderTest({ env: { COURT_ORDER_CLIENTS: 'tribunal, vara-ficticia' } });
    const { owner } = event.bases.baseC;
    ana = await addTitular(owner);
    // Later today: newer than the inquiries that these tests leave in the audit.
    await addConsultas(owner, ana, { id, data_hora: '2026-11-22T23:00:00Z' });
    await addMovimentacoes(owner, ana, { id });
    await addCompras(owner, ana, { id });
  });
  afterAll(() => event.close());

  const ask = (token: TokenRequest, cpf = ana) => event.ask(EVERYTHING, { cpf, token });
  const refusedPaths = ({ body }: GraphqlAnswer): string[] => {
    for (const { extensions } of body.errors ?? []) {
      expect(extensions).toMatchObject({ code: 'UNAUTHORIZED_FIELD_OR_TYPE', motivo: expect.any(String) });
    }
    return (body.errors ?? []).map(({ path }) => path!.join('.'));
  };
  const expectAllFields = ({ body }: GraphqlAnswer): void => {
    expect(body.errors).toBeUndefined();
    expect(body.data?.['pessoa']).toMatchObject({
      eventos: {
        ultimaConsulta: { id },
        movimentacaoFinanceira: { nodes: [{ id }] },
        ultimaCompraCartao: { id },
      },
    });
  };
  const expectNoBankData = (answer: GraphqlAnswer): void => {
    expect(refusedPaths(answer)).toEqual(BANK_FIELDS.map((field) => `pessoa.eventos.${field}`));
    expect(answer.status).toBe(200);
    expect(answer.body.data?.['pessoa']).toMatchObject({
      eventos: { ultimaConsulta: { id }, movimentacaoFinanceira: null, ultimaCompraCartao: null },
    });
  };
  const expectNoEvents = (answer: GraphqlAnswer): void => {
    expect(refusedPaths(answer)).toEqual(['pessoa.eventos']);
    expect(answer.body.data).toEqual({ pessoa: { eventos: null } });
  };

  it('a third party with both scopes and the person’s consent reads every field', async () => {
    expectAllFields(await ask({}));
  });

  it('without evento:read a token reads nothing, whatever other scopes it has', async () => {
    expectNoEvents(await ask({ scope: '' }));
    expectNoEvents(await ask({ scope: 'evento:movimentacao divida:read score:read' }));
  });

  it('bank data also needs the scope evento:movimentacao', async () => {
    expectNoBankData(await ask({ scope: 'evento:read' }));
  });

  it('bank data needs the consent of the person whose data it is', async () => {
    expectNoBankData(await ask({ consentimento: [] }));
    expectNoBankData(await ask({ consentimento: [newCpf()] }));
    expectAllFields(await ask({ consentimento: [newCpf(), ana] }));
  });

  it('a refusal of bank data is the same for a CPF that Base C does not know', async () => {
    const unknownCpf = newCpf();
    for (const token of [{ scope: 'evento:read' }, { consentimento: [] }, { consentimento: [ana] }]) {
      const answer = await event.ask(EVERYTHING, { cpf: unknownCpf, token });
      expect(refusedPaths(answer)).toEqual(['pessoa.eventos']);
      expect(answer.body.data).toEqual({ pessoa: { eventos: null } });
    }
    const { body } = await event.ask('query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { ultimaConsulta { id } } } }', {
      cpf: unknownCpf,
      token: { scope: 'evento:read' },
    });
    expect(body).toEqual({ data: { pessoa: { eventos: null } } });
  });

  it('access is decided for each person of a request', async () => {
    const bia = await addTitular(event.bases.baseC.owner);
    const query = 'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { eventos { ultimaCompraCartao { id } } } }';
    const answer = await event.ask(query, { cpf: ana, variables: { cpf: undefined, cpfs: [bia, ana] } });
    expect(refusedPaths(answer)).toEqual(['pessoas.0.eventos.ultimaCompraCartao']);
    expect(answer.body.data?.['pessoas']).toMatchObject([{ eventos: {} }, { eventos: { ultimaCompraCartao: { id } } }]);
  });

  it('a consent is valid through its last day', async () => {
    const today = new Date();
    const inAYear = (days: number): string => new Date(today.getTime() + (365 + days) * 86_400_000).toISOString();
    for (const [instant, expectation] of [[inAYear(-1), expectAllFields], [inAYear(2), expectNoBankData]] as const) {
      const later = await startEventUnderTest({ clock: fixedClock(instant) });
      const { owner } = later.bases.baseC;
      await addTitular(owner, ana);
      await addConsultas(owner, ana, { id });
      await addMovimentacoes(owner, ana, { id, data_hora: instant });
      await addCompras(owner, ana, { id });
      expectation(await later.ask(EVERYTHING, { cpf: ana }));
      await later.close();
    }
  }); // prettier-ignore

  it('the holder reads their own data without a consent', async () => {
    expectAllFields(await ask({ cpf: ana, consentimento: [] }));
  });

  it('a holder’s token reads no other person, known or not, whatever consents it carries', async () => {
    const bia = await addTitular(event.bases.baseC.owner);
    const answerForKnown = await ask({ cpf: bia, consentimento: [ana] });
    expectNoEvents(answerForKnown);
    const answerForUnknown = await ask({ cpf: bia, consentimento: [ana] }, newCpf());
    expect(answerForUnknown.body).toEqual(answerForKnown.body);
  });

  it('a court order replaces the consent for the configured clients only, and only with a valid number', async () => {
    const order: TokenRequest = {
      finalidade: 'ORDEM_JUDICIAL',
      consentimento: [],
      clientId: 'tribunal',
      ordemJudicial: '0001234-03.2026.8.26.0100',
    };
    expectAllFields(await ask(order));
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
  ])('%s gives nothing to a caller without a valid token', async (_, query) => {
    const expired = await event.environment.token({ ttlSeconds: -60 });
    const otherAudience = await event.environment.token({ audience: 'outra' });
    for (const token of [undefined, expired, otherAudience, 'x.y.z']) {
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

  it('a request without a purpose gets nothing', async () => {
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

  it('_entities guards the same fields', async () => {
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Pessoa { eventos { ultimaCompraCartao { id } } } } }`;
    const variables = { cpf: undefined, r: [{ __typename: 'Pessoa', cpf: ana }] };
    const allowed = await event.ask(query, { cpf: ana, variables });
    expect(allowed.body).toEqual({ data: { _entities: [{ eventos: { ultimaCompraCartao: { id } } }] } });
    const refused = await event.ask(query, { cpf: ana, variables, token: { consentimento: [] } });
    expect(refusedPaths(refused)).toEqual(['_entities.0.eventos.ultimaCompraCartao']);
    const withoutScope = await event.ask(query, { cpf: ana, variables, token: { scope: '' } });
    expect(withoutScope.body.data).toEqual({ _entities: [{ eventos: null }] });
  });
});
