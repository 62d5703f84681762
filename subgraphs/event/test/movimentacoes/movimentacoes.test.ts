import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Cpf } from '@pessoa/domain/cpf';
import { addMovimentacoes, addTitular } from '@pessoa/testkit/base-c-rows';
import type { GraphqlAnswer } from '@pessoa/testkit/graphql-client';
import fc from 'fast-check';
import { buildSchema, getNamedType, type GraphQLObjectType, isLeafType } from 'graphql';
import { type EventUnderTest, startEventUnderTest } from '../event-under-test.ts';

const LIST = `query ($cpf: CPF!, $filtro: FiltroMovimentacao, $first: Int, $after: String) {
  pessoa(cpf: $cpf) { eventos { movimentacaoFinanceira(filtro: $filtro, first: $first, after: $after) {
    nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  } } } }`;
const TOTAL = `query ($cpf: CPF!, $filtro: FiltroMovimentacao) {
  pessoa(cpf: $cpf) { eventos { movimentacaoFinanceira(filtro: $filtro, first: 1) { totalCount totalExato } } } }`;

interface Page {
  readonly nodes: { id: string }[];
  readonly edges: { cursor: string; node: { id: string } }[];
  readonly pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
}

describe('The postings of a person', () => {
  let event: EventUnderTest;

  beforeAll(async () => {
    event = await startEventUnderTest();
  });
  afterAll(() => event.close());

  const list = (cpf: Cpf, variables: Record<string, unknown> = {}) => event.ask(LIST, { cpf, variables });
  const pageIn = ({ body }: GraphqlAnswer): Page => {
    expect(body.errors).toBeUndefined();
    return body.data?.['pessoa']?.['eventos']?.['movimentacaoFinanceira'] as unknown as Page;
  };
  const codesIn = ({ body }: GraphqlAnswer) => body.errors?.map(({ extensions }) => extensions?.code);
  const personWith = async (...rows: Record<string, unknown>[]): Promise<Cpf> => {
    const cpf = await addTitular(event.bases.baseC.owner);
    await addMovimentacoes(event.bases.baseC.owner, cpf, ...rows);
    return cpf;
  };

  it('have the same values whichever fields are asked for, and however', async () => {
    const cpf = await personWith(
      {
        id: randomUUID(),
        descricao: 'Mercado',
        canal: 'APLICATIVO',
        instituicao_nome: 'Banco',
        instituicao_ispb: '12345678',
      },
      { id: randomUUID(), descricao: null, canal: null, instituicao_nome: null },
    );
    const types = buildSchema(readFileSync(new URL('../../../../schema/api.graphql', import.meta.url), 'utf8'));
    const selected = Object.values((types.getType('Movimentacao') as GraphQLObjectType).getFields()).map(
      ({ name, type }) => (isLeafType(getNamedType(type)) ? name : `${name} { nome ispb compe }`),
    );
    const ask = async (selection: string): Promise<Page> =>
      pageIn(await event.ask(`query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { movimentacaoFinanceira { ${selection} } } } }`, { cpf })); // prettier-ignore
    const { nodes: all } = await ask(`nodes { ${selected.join(' ')} }`);
    expect(all).toHaveLength(2);
    const picked = (names: readonly string[]): object[] =>
      all.map((node) => Object.fromEntries(names.map((text) => text.split(' ')[0]!).map((name) => [name, node[name as 'id']]))); // prettier-ignore
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(selected, { minLength: 1 }),
        fc.constantFrom(
          (fields: string) => `nodes { ${fields} }`,
          (fields: string) => `nodes { ... on Movimentacao { ${fields} } }`,
          (fields: string) => `nodes { __typename } edges { node { ${fields} } }`,
          (fields: string) => `nodes { id @include(if: false) } edges { cursor } pageInfo { endCursor } nodes { ${fields} }`, // prettier-ignore
        ),
        async (fields, write) => {
          const { edges, nodes } = await ask(write(fields.join(' ')));
          const shown = edges?.[0]?.node ? edges.map(({ node }) => node) : nodes;
          expect(shown).toEqual(picked(fields));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('come in pages to the end without a gap or a double, also at equal instants', async () => {
    const tag = randomUUID();
    const rows = Array.from({ length: 23 }, (_, i) => ({
      id: `${tag}-${String(i).padStart(2, '0')}`,
      data_hora: `2026-11-20T12:00:0${i % 3}Z`,
    }));
    const cpf = await personWith(...rows);
    const expected = rows
      .toSorted((a, b) => b.data_hora.localeCompare(a.data_hora) || (a.id < b.id ? 1 : -1))
      .map(({ id }) => id);
    const shownIds: string[] = [];
    for (let after: string | null = null, hasNextPage = true; hasNextPage;) {
      const page: Page = pageIn(await list(cpf, { first: 5, after }));
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      expect(page.edges.map(({ node }) => node)).toEqual(page.nodes);
      expect(page.edges[0]?.cursor).toBe(page.pageInfo.startCursor);
      expect(page.edges.at(-1)?.cursor).toBe(page.pageInfo.endCursor);
      shownIds.push(...page.nodes.map(({ id }) => id));
      after = page.pageInfo.endCursor;
      ({ hasNextPage } = page.pageInfo);
    }
    expect(shownIds).toEqual(expected);
  });

  it('have no next page when the page shows the last posting', async () => {
    const cpf = await personWith({}, {}, {});
    expect(pageIn(await list(cpf, { first: 3 })).pageInfo.hasNextPage).toBe(false);
    expect(pageIn(await list(cpf, { first: 2 })).pageInfo.hasNextPage).toBe(true);
  });

  it('are the newest 25 of the last 30 days by default', async () => {
    const rows = Array.from({ length: 30 }, () => ({}));
    const cpf = await personWith(...rows, { id: `old-${randomUUID()}`, data_hora: '2026-10-24T02:59:59Z' });
    expect(pageIn(await list(cpf)).nodes).toHaveLength(25);
    expect(pageIn(await list(cpf, { first: 100 })).nodes).toHaveLength(30);
  });

  it('are refused for a cursor of another person, filter or list, and for a text that is no cursor', async () => {
    const ana = await personWith({}, {});
    const bia = await personWith({}, {});
    const after = pageIn(await list(ana, { first: 1 })).pageInfo.endCursor;
    expect(pageIn(await list(ana, { first: 1, after })).nodes).toHaveLength(1);
    expect(codesIn(await list(bia, { first: 1, after }))).toEqual(['BAD_USER_INPUT']);
    expect(codesIn(await list(ana, { after, filtro: { natureza: 'DEBITO' } }))).toEqual(['BAD_USER_INPUT']);
    expect(codesIn(await list(ana, { after: 'bm90IGEgY3Vyc29y' }))).toEqual(['BAD_USER_INPUT']);
    expect(codesIn(await list(ana, { after: '' }))).toEqual(['BAD_USER_INPUT']);
    const consultas =
      'query ($cpf: CPF!, $after: String) { pessoa(cpf: $cpf) { eventos { consultas(after: $after) { nodes { id } } } } }';
    expect(codesIn(await event.ask(consultas, { cpf: ana, variables: { after } }))).toEqual(['BAD_USER_INPUT']);
  });

  it('go on after a cursor when the same filter is spelled otherwise', async () => {
    const cpf = await personWith({ tipo: 'TED' }, { tipo: 'PIX' });
    const { endCursor: after } = pageIn(await list(cpf, { first: 1, filtro: { tipos: ['PIX', 'TED'] } })).pageInfo;
    expect(pageIn(await list(cpf, { after, filtro: { tipos: ['TED', 'PIX'], texto: null } })).nodes).toHaveLength(1);
  });

  it('have cursors that do not hold the CPF', async () => {
    const cpf = await personWith({});
    const { endCursor } = pageIn(await list(cpf)).pageInfo;
    expect(Buffer.from(endCursor, 'base64url').toString('latin1')).not.toContain(cpf);
  });

  it.each([
    [{ first: 0 }, 'BAD_USER_INPUT'],
    [{ first: -1 }, 'BAD_USER_INPUT'],
    [{ first: 101 }, 'LIMITE_EXCEDIDO'],
    [{ filtro: { de: '2025-01-01', ate: '2026-01-01' } }, 'BAD_USER_INPUT'],
    [{ filtro: { de: '2026-02-02', ate: '2026-02-01' } }, 'BAD_USER_INPUT'],
    [{ filtro: { de: '1899-12-31', ate: '1900-01-01' } }, 'BAD_USER_INPUT'],
    [{ filtro: { valorMinimo: '2.00', valorMaximo: '1.00' } }, 'BAD_USER_INPUT'],
    [{ filtro: { texto: 'a'.repeat(201) } }, 'LIMITE_EXCEDIDO'],
  ])('are refused for %j with %s at their path', async (variables, code) => {
    const { body, status } = await list(await personWith(), variables);
    expect(status).toBe(200);
    expect(body.errors).toHaveLength(1);
    expect(body.errors?.[0]).toMatchObject({
      path: ['pessoa', 'eventos', 'movimentacaoFinanceira'],
      extensions: { code },
    });
  });

  it.each([
    [{ filtro: { de: '2026-02-30' } }],
    [{ filtro: { valorMinimo: '1.5' } }],
    [{ filtro: { tipos: ['CHEQUE'] } }],
    [{ filtro: { natureza: 'SAIDA' } }],
  ])('are refused with the whole request for %j, which no type of the SDL allows', async (variables) => {
    const { body, status } = await list(await personWith(), variables);
    expect(codesIn({ body } as GraphqlAnswer)).toEqual(['BAD_USER_INPUT']);
    expect(body.data).toBeUndefined();
    expect(status).toBe(400);
  });

  it('match every condition of the filter at once', async () => {
    const match = {
      id: randomUUID(),
      natureza: 'CREDITO',
      tipo: 'TED',
      valor: '50.00',
      descricao: 'TED de João',
      data_hora: '2026-05-05T12:00:00Z',
    };
    const cpf = await personWith(
      match,
      { ...match, id: randomUUID(), natureza: 'DEBITO' },
      { ...match, id: randomUUID(), tipo: 'PIX' },
      { ...match, id: randomUUID(), valor: '50.01' },
      { ...match, id: randomUUID(), valor: '49.99' },
      { ...match, id: randomUUID(), descricao: 'TED de Maria' },
      { ...match, id: randomUUID(), data_hora: '2026-05-06T12:00:00Z' },
      { ...match, id: randomUUID(), data_hora: '2026-05-04T12:00:00Z' },
    );
    const filtro = {
      de: '2026-05-05',
      ate: '2026-05-05',
      natureza: 'CREDITO',
      tipos: ['TED'],
      valorMinimo: '50.00',
      valorMaximo: '50.00',
      texto: 'joao',
    };
    expect(pageIn(await list(cpf, { filtro })).nodes).toEqual([{ id: match.id }]);
  });

  it('are counted up to 10,000, and totalExato is false beyond', async () => {
    const cpf = await personWith();
    await event.bases.baseC.owner.query(
      `INSERT INTO movimentacao (id, cpf, data_hora, natureza, tipo, valor, situacao, palavras)
       SELECT $1 || '-' || n, $1, '2026-11-20T12:00:00Z', CASE WHEN n = 0 THEN 'CREDITO' ELSE 'DEBITO' END, 'PIX', 1,
              'TRANSACAO_EFETIVADA', '{}'
       FROM generate_series(0, 10000) AS n`,
      [cpf],
    );
    const totalOf = async (filtro?: object) =>
      (await event.ask(TOTAL, { cpf, variables: { filtro } })).body.data?.['pessoa']?.['eventos']?.[
        'movimentacaoFinanceira'
      ];
    expect(await totalOf({ natureza: 'DEBITO' })).toEqual({ totalCount: 10_000, totalExato: true });
    expect(await totalOf()).toEqual({ totalCount: 10_000, totalExato: false });
    expect(await totalOf({ natureza: 'CREDITO' })).toEqual({ totalCount: 1, totalExato: true });
  });
});
