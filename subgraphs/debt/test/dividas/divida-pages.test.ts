import type { Cpf } from '@pessoa/domain/cpf';
import { type DebtUnderTest, openDebt } from '../debt-under-test.ts';

interface Conexao {
  readonly nodes: readonly { id: string; vencimento: string }[];
  readonly edges: readonly { cursor: string; node: { id: string } }[];
  readonly pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  readonly totalCount: number;
}

const PAGE = `query ($cpf: CPF!, $first: Int, $after: String, $filtro: FiltroDivida) { pessoa(cpf: $cpf) {
  dividas(first: $first, after: $after, filtro: $filtro) {
    totalCount nodes { id vencimento } edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;

describe('The pages of `dividas`', () => {
  let debt: DebtUnderTest;
  let cpf: Cpf;
  let inOrder: string[];

  beforeAll(async () => {
    debt = await openDebt();
    cpf = await debt.newPessoa();
    const made: [string, string][] = [];
    // Several of each day, so that a page ends in the middle of one.
    for (let index = 0; index < 61; index++) {
      const vencimento = `2026-0${1 + (index % 4)}-10`;
      made.push([vencimento, await debt.newDivida(cpf, { vencimento })]);
    }
    inOrder = made.toSorted(([dayA, idA], [dayB, idB]) => (dayB + idB > dayA + idA ? 1 : -1)).map(([, id]) => id);
  });
  afterAll(() => debt.close());

  const ask = (variables: Record<string, unknown>) => debt.ask(PAGE, { variables: { cpf, ...variables } });
  async function page(variables: Record<string, unknown>): Promise<Conexao> {
    const { body } = await ask(variables);
    expect(body.errors).toBe(undefined);
    return (body.data as unknown as { pessoa: { dividas: Conexao } }).pessoa.dividas;
  }

  it.each([1, 7, 20, 61, 100])('of %i debts show every debt once, newest first', async (first) => {
    const seen: string[] = [];
    let after: string | null = null;
    let isLast = false;
    while (!isLast) {
      const { nodes, edges, pageInfo, totalCount }: Conexao = await page({ first, after });
      expect(totalCount).toBe(61);
      expect(nodes).toHaveLength(Math.min(first, 61 - seen.length));
      expect(edges.map(({ node }) => node.id)).toEqual(nodes.map(({ id }) => id));
      expect(pageInfo).toMatchObject({
        hasPreviousPage: after !== null,
        startCursor: edges[0]!.cursor,
        endCursor: edges.at(-1)!.cursor,
      });
      seen.push(...nodes.map(({ id }) => id));
      after = pageInfo.endCursor;
      isLast = !pageInfo.hasNextPage;
    }
    expect(seen).toEqual(inOrder);
  });

  it('have 25 debts without `first`', async () => {
    expect((await page({})).nodes).toHaveLength(25);
    expect((await page({ first: null })).nodes).toHaveLength(25);
  });

  it('begin after the debt whose cursor is `after`', async () => {
    const { edges } = await page({ first: 10 });
    for (const at of [0, 4, 9]) {
      const { nodes } = await page({ first: 3, after: edges[at]!.cursor });
      expect(nodes.map(({ id }) => id)).toEqual(inOrder.slice(at + 1, at + 4));
    }
  });

  it('neither skip nor repeat a debt when debts are added and deleted between two pages', async () => {
    const other = await debt.newPessoa();
    const ids: string[] = [];
    for (const vencimento of ['2026-03-05', '2026-03-04', '2026-03-03', '2026-03-02'])
      ids.push(await debt.newDivida(other, { vencimento }));
    const { pageInfo } = await page({ cpf: other, first: 2 });
    await debt.newDivida(other, { vencimento: '2026-03-09' });
    await debt.bases.baseA.owner.query('DELETE FROM divida WHERE id = $1', [ids[1]]);
    const { nodes } = await page({ cpf: other, first: 2, after: pageInfo.endCursor });
    expect(nodes.map(({ id }) => id)).toEqual(ids.slice(2));
  });

  it('accept a cursor of the same filter with its values in another order', async () => {
    const situacoes = ['EM_ABERTO', 'CONTESTADA'];
    const { pageInfo } = await page({ first: 5, filtro: { situacoes } });
    const { nodes } = await page({
      first: 5,
      after: pageInfo.endCursor,
      filtro: { situacoes: situacoes.toReversed() },
    });
    expect(nodes.map(({ id }) => id)).toEqual(inOrder.slice(5, 10));
  });

  it('are refused with a cursor of another person or filter, and with a changed or invented cursor', async () => {
    const other = await debt.newPessoa();
    const { endCursor } = (await page({ first: 5 })).pageInfo;
    const refused = [
      { cpf: other, after: endCursor },
      { after: endCursor, filtro: { situacoes: ['EM_ABERTO'] } },
      { after: `${endCursor}x` },
      { after: endCursor!.slice(2) },
      { after: 'garbage' },
      { after: '' },
      { after: 'A'.repeat(5_000) },
    ];
    for (const variables of refused) {
      const { status, body } = await ask(variables);
      expect(status).toBe(200);
      expect(body).toEqual({
        data: { pessoa: { dividas: null } },
        errors: [
          {
            message: '`after` is not a cursor of this list and filter.',
            path: ['pessoa', 'dividas'],
            extensions: { code: 'BAD_USER_INPUT' },
          },
        ],
      });
    }
  });

  it.each([
    [0, 'BAD_USER_INPUT'],
    [-1, 'BAD_USER_INPUT'],
    [101, 'LIMITE_EXCEDIDO'],
    [2_147_483_647, 'LIMITE_EXCEDIDO'],
  ])('of %i debts are refused with %s', async (first, code) => {
    const { body } = await ask({ first });
    expect(body).toMatchObject({
      data: { pessoa: { dividas: null } },
      errors: [{ path: ['pessoa', 'dividas'], extensions: { code } }],
    });
  });

  it('have cursors that do not contain the CPF', async () => {
    const { edges } = await page({ first: 3 });
    for (const { cursor } of edges)
      expect(Buffer.from(cursor, 'base64url').toString('latin1') + cursor).not.toContain(cpf);
  });
});
