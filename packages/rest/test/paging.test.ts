import { parse as parseQuery } from 'node:querystring';
import fc from 'fast-check';
import { naturezas, tipos } from '../src/params.ts';
import type { RestAnswer } from '../src/problem.ts';
import { restRoutes } from '../src/routes.ts';
import { ANA, executeOn, get } from './rest-graph.ts';

const nextOf = ({ headers }: RestAnswer): string | undefined =>
  /^<([^>]+)>; rel="next"$/.exec(headers['link'] ?? '')?.[1];

/** Follows `Link` from the first page to the last, as a client does. */
async function pagesFrom(url: string, list: string): Promise<string[][]> {
  const pages: string[][] = [];
  for (let next: string | undefined = url; next !== undefined;) {
    const answer: RestAnswer = await get(next);
    expect(answer.status).toBe(200);
    pages.push((answer.body as Record<string, { id: string }[]>)[list]!.map(({ id }) => id));
    next = nextOf(answer);
  }
  return pages;
}

describe('The header Link', () => {
  it.each([
    [`/divida/${ANA}?limite=2`, 'dividas', [['d3', 'd2'], ['d1']]],
    [
      `/evento/${ANA}?limite=2`,
      'movimentacaoFinanceira',
      [['m2026-11-20', 'm2026-11-18'], ['m2026-11-10', 'm2026-11-05'], ['m2026-11-01']],
    ],
    [
      `/evento/movtofinanceiro/${ANA}?limite=1&tipo=PIX,TED&natureza=DEBITO&de=2026-11-01&ate=2026-11-30`,
      'movimentacaoFinanceira',
      [['m2026-11-20'], ['m2026-11-18']],
    ],
  ])('leads through every item once, in order and with the same filter: %s', async (url, list, pages) => {
    expect(await pagesFrom(url, list)).toEqual(pages);
  });

  it('is absent when all items are on one page: by default a page has 25', async () => {
    expect(await pagesFrom(`/divida/${ANA}`, 'dividas')).toEqual([['d3', 'd2', 'd1']]);
  });

  it('is relative to the host, and its path has the CPF as digits', async () => {
    expect(nextOf(await get('/divida/529%2E982%2E247-25?limite=1'))).toMatch(
      new RegExp(`^/divida/${ANA}\\?limite=1&cursor=[\\w-]+$`),
    );
  });

  it('has a cursor that is refused with another filter', async () => {
    const next = nextOf(await get(`/evento/movtofinanceiro/${ANA}?limite=1&natureza=DEBITO`));
    expect(await get(next!.replace('DEBITO', 'CREDITO'))).toMatchObject({
      status: 400,
      body: { code: 'BAD_USER_INPUT', detail: '`cursor` is not a cursor of this list and filter.' },
    });
  });

  it('repeats the filter and the page size exactly, for any text', async () => {
    const [, , , movimentacaoFinanceira] = restRoutes;
    const data = await executeOn('event')({
      query: movimentacaoFinanceira!.document,
      operationName: 'MovimentacaoFinanceira',
      variables: { cpf: ANA, first: 1 },
    });
    const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
    const query = fc.record({
      limite: fc.integer({ min: 1, max: 100 }).map(String),
      texto: optional(fc.string({ unit: 'grapheme' })),
      natureza: optional(fc.constantFrom(...naturezas)),
      tipo: optional(fc.subarray([...tipos], { minLength: 1 })),
      de: optional(fc.constant('2026-11-01')),
    });
    await fc.assert(
      fc.asyncProperty(query, async (query) => {
        const executedVariables: unknown[] = [];
        const execute = ({ variables }: { variables: Record<string, unknown> }) => {
          executedVariables.push({ ...variables, after: null });
          return Promise.resolve(data);
        };
        const parameters = Object.entries(query).flatMap(([name, value]) =>
          [value ?? []].flat().map((element): [string, string] => [name, element]),
        );
        const first = await get(`/evento/movtofinanceiro/${ANA}?${new URLSearchParams(parameters)}`, { execute });
        const next = nextOf(first)!;
        await get(next, { execute });
        expect(executedVariables[1]).toEqual(executedVariables[0]);
        expect(parseQuery(next.split('?')[1] ?? '')).toHaveProperty('cursor');
      }),
    );
  });
});

describe('Postings are filtered', () => {
  it.each([
    ['from a day on, including that day', 'de=2026-11-18', ['m2026-11-20', 'm2026-11-18']],
    ['until a day, including that day', 'ate=2026-11-05', ['m2026-11-05', 'm2026-11-01']],
    ['by natureza', 'natureza=CREDITO', ['m2026-11-10', 'm2026-11-05']],
    ['by a repeated tipo', 'tipo=TED&tipo=SAQUE', ['m2026-11-18', 'm2026-11-01']],
    ['by a list of tipos with commas', 'tipo=TED,SAQUE', ['m2026-11-18', 'm2026-11-01']],
    ['by all words of a text', 'texto=S%C3%A3o+joao', ['m2026-11-20']],
  ])('%s', async (_title, query, ids) => {
    expect(await pagesFrom(`/evento/movtofinanceiro/${ANA}?${query}`, 'movimentacaoFinanceira')).toEqual([ids]);
  });
});
