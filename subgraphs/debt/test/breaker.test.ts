import { lockTable } from '@pessoa/testkit/table-lock';
import { type DebtUnderTest, openDebt } from './debt-under-test.ts';

describe('The failures of one request do not open the breaker of Base A', () => {
  let debt: DebtUnderTest;
  beforeAll(async () => {
    debt = await openDebt(() => ({ BASE_A_STATEMENT_MILLIS: '300' }));
  });
  afterAll(() => debt.close());

  const pages = (from: number, count: number): string =>
    Array.from({ length: count }, (_, n) => `p${n}: dividas(first: ${from + n}) { nodes { id } }`).join(' ');

  it.each<[string, (cpf: string, other: string) => string]>([
    ['fifteen pages of one person', (cpf) => `{ pessoa(cpf: "${cpf}") { ${pages(1, 15)} } }`],
    ['fifteen pages of two people', (cpf, other) => `{ pessoas(cpfs: ["${cpf}", "${other}"]) { ${pages(1, 15)} } }`],
    [
      'five roots with three pages each',
      (cpf) =>
        `{ ${Array.from({ length: 5 }, (_, n) => `r${n}: pessoa(cpf: "${cpf}") { ${pages(1 + 3 * n, 2)} }`).join(' ')} }`,
    ],
    [
      'pages with their totals',
      (cpf) =>
        `{ pessoa(cpf: "${cpf}") { ${Array.from({ length: 12 }, (_, n) => `p${n}: dividas(first: ${n + 1}) { totalCount nodes { id } }`).join(' ')} } }`,
    ],
  ])('%s: the next request is answered', async (_what, query) => {
    const [cpf, other] = [await debt.newPessoa({ nome: 'Ana Fictícia' }), await debt.newPessoa()];
    const release = await lockTable(debt.bases.baseA.owner, 'divida');
    const { body } = await debt.ask(query(cpf, other));
    await release();
    expect(body.errors!.length).toBeGreaterThanOrEqual(10);
    expect(new Set(body.errors!.map(({ extensions }) => extensions?.code))).toEqual(new Set(['FONTE_LENTA']));
    expect((await debt.ask(`{ pessoa(cpf: "${cpf}") { nome } }`)).body).toEqual({
      data: { pessoa: { nome: 'Ana Fictícia' } },
    });
  });
});
