import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { fixedClock } from '@pessoa/domain/data';
import { addMovimentacoes, addTitular, newCpf } from '@pessoa/testkit/base-c-rows';
import { type IndexUnderTest, openIndexUnderTest } from '@pessoa/testkit/index-under-test';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import fc from 'fast-check';
import type { FiltroMovimentacao } from '../../src/generated/resolvers.ts';
import { elasticsearchMovimentacaoSearch } from '../../src/movimentacoes/elasticsearch-movimentacao-search.ts';
import { completeMovimentacaoFilter, readMovimentacaoFilter } from '../../src/movimentacoes/movimentacao-filter.ts';
import type { MovimentacaoSearch } from '../../src/movimentacoes/movimentacao-search.ts';
import { prismaMovimentacaoSearch } from '../../src/movimentacoes/prisma-movimentacao-search.ts';
import { openBaseC } from '../base-c-under-test.ts';
import { NOW } from '../event-under-test.ts';

const cpfHash = cpfHasher(Buffer.alloc(32, 5));
const PEOPLE = Array.from({ length: 4 }, newCpf);
const INSTANTS = [
  '2026-11-10T02:59:59.999Z', '2026-11-10T03:00:00.000Z', '2026-11-10T03:00:00.001Z', '2026-11-11T12:00:00Z',
  '2026-11-12T02:59:59.999Z', '2026-11-12T03:00:00Z', 'infinity', '-infinity', null,
]; // prettier-ignore
const WORDS = ['joao', 'joana', 'jo', 'silva', 'da', '1', '12', '123', 'x'.repeat(300)];

/**
 * Rows as a Base C may hold them, and as it should not: no instant, no tipo, amounts that are no numbers, unsplit
 * words.
 */
const row = fc.record({
  data_hora: fc.constantFrom(...INSTANTS),
  natureza: fc.constantFrom('CREDITO', 'DEBITO', 'XPTO', null),
  tipo: fc.constantFrom('PIX', 'TED', 'SAQUE', 'Pix', '', 'é'.repeat(20_000), null),
  valor: fc.constantFrom('0.00', '10.00', '10.01', '99.99', '999999999999999.99', '-5.00', '7', '1e30', 'NaN', 'Infinity', '-Infinity', null), // prettier-ignore
  saldo_apos: fc.constantFrom('0.00', '-0.01', 'NaN', '7', '3.14159', null),
  descricao: fc.constantFrom(null, '', ' ', 'Ação', 'é'.repeat(40_000)),
  canal: fc.constantFrom('APP', 'XPTO', null),
  instituicao_nome: fc.constantFrom('Banco Fictício', null),
  instituicao_ispb: fc.constantFrom('00000000', '123', null),
  instituicao_compe: fc.constantFrom('001', null),
  situacao: fc.constantFrom('TRANSACAO_EFETIVADA', null),
  palavras: fc.option(
    fc.array(fc.oneof(fc.constantFrom(...WORDS), fc.constantFrom('joao silva', ' da ', '', 'JOAO', 'joão', null)), { maxLength: 5 }), // prettier-ignore
  ),
});

const DAYS = ['2026-11-09', '2026-11-10', '2026-11-11', '2026-11-12'];
/** More often absent than present: otherwise hardly a posting would pass all filters. */
const optional = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
const filtro = fc
  .record({
    dias: fc.tuple(fc.constantFrom(...DAYS), fc.constantFrom(...DAYS)).map((dias) => dias.toSorted()),
    natureza: optional(fc.constantFrom('CREDITO', 'DEBITO')),
    tipos: optional(fc.subarray(['PIX', 'TED', 'SAQUE'])),
    valores: optional(fc.tuple(fc.constantFrom(0n, 1_000n, 1_001n), fc.constantFrom(1_001n, 9_999n, 99_999_999_999_999_999n))), // prettier-ignore
    texto: optional(
      fc
        .array(fc.constantFrom('joao', 'jo', 'J', 's', 'da', '1', 'x'.repeat(60)), { minLength: 1, maxLength: 2 })
        .map((words) => words.join(' ')),
    ),
  })
  .map(({ dias: [de, ate], valores, ...rest }) => {
    const [valorMinimo, valorMaximo] = valores ?? [null, null];
    return { de, ate, valorMinimo, valorMaximo, ...rest } as FiltroMovimentacao;
  });

describe('The index and Base C', () => {
  let bases: TestBases;
  let indexUnderTest: IndexUnderTest;
  let close: () => Promise<void>;
  let searches: { baseC: MovimentacaoSearch; elasticsearch: MovimentacaoSearch };

  beforeAll(async () => {
    bases = await openTestBases();
    indexUnderTest = await openIndexUnderTest(cpfHash);
    const { owner } = bases.baseC;
    await owner.query(`ALTER TABLE movimentacao ALTER data_hora DROP NOT NULL, ALTER natureza DROP NOT NULL,
      ALTER tipo DROP NOT NULL, ALTER valor DROP NOT NULL, ALTER situacao DROP NOT NULL,
      ALTER valor TYPE numeric, ALTER saldo_apos TYPE numeric`);
    for (const [person, cpf] of PEOPLE.entries()) {
      await addTitular(owner, cpf);
      const rows = fc.sample(row, { numRuns: 60, seed: person + 1 });
      await addMovimentacoes(owner, cpf, ...rows.map((columns, index) => ({ ...columns, id: `${person}-${index}` })));
      await indexUnderTest.copy(owner, cpf);
    }
    const base = openBaseC(bases.baseC.readerUrl);
    const { client, index } = indexUnderTest;
    searches = {
      baseC: prismaMovimentacaoSearch(base),
      elasticsearch: elasticsearchMovimentacaoSearch({ client, indexName: () => index, cpfHash, searchMillis: 30_000 }),
    };
    close = async () => {
      await base.close();
      await indexUnderTest.close();
      await bases.drop();
    };
  });
  afterAll(() => close());

  it('give the same postings, order, pages and totals for any filter and any rows', async () => {
    let postingCount = 0;
    const property = fc.asyncProperty(
      filtro,
      fc.integer({ min: 1, max: 30 }),
      fc.subarray(PEOPLE, { minLength: 1 }),
      async (clientFilter, limit, people) => {
        const filter = completeMovimentacaoFilter(readMovimentacaoFilter(clientFilter), fixedClock(NOW));
        const firstPages = await expectEqual(({ find }) => find(people, { filter, after: undefined, limit }));
        await expectEqual(({ count }) => count(people, filter, limit));
        postingCount += firstPages.flat().length;
        const last = firstPages.find((rows) => rows.length > 0)?.at(-1);
        if (!last) return;
        const after = { sort: last.dataHora.toISOString(), id: last.id };
        await expectEqual(({ find }) => find(people, { filter, after, limit }));
      },
    );
    await fc.assert(property, { numRuns: 150 });
    expect(postingCount).toBeGreaterThan(1_000); // otherwise the filters would find too little to compare
  });

  async function expectEqual<T>(ask: (search: MovimentacaoSearch) => Promise<T>): Promise<T> {
    const [ofBaseC, ofIndex] = await Promise.all([ask(searches.baseC), ask(searches.elasticsearch)]);
    expect(ofIndex).toEqual(ofBaseC);
    return ofBaseC;
  }
});
