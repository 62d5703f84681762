import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { addMovimentacoes, addTitular } from '@pessoa/testkit/base-c-rows';
import { openIndexUnderTest } from '@pessoa/testkit/index-under-test';
import { openTestBases } from '@pessoa/testkit/test-bases';
import { elasticsearchMovimentacaoSearch } from '../../src/movimentacoes/elasticsearch-movimentacao-search.ts';
import { movimentacaoSearchContract } from './movimentacao-search-contract.ts';

const cpfHash = cpfHasher(Buffer.alloc(32, 7));

movimentacaoSearchContract('Elasticsearch', async () => {
  const bases = await openTestBases();
  const indexUnderTest = await openIndexUnderTest(cpfHash);
  const { client, index } = indexUnderTest;
  return {
    search: elasticsearchMovimentacaoSearch({ client, indexName: () => index, cpfHash, searchMillis: 10_000 }),
    async add(cpf, ...rows) {
      await addTitular(bases.baseC.owner, cpf);
      await addMovimentacoes(bases.baseC.owner, cpf, ...rows);
      await indexUnderTest.copy(bases.baseC.owner, cpf);
    },
    async close() {
      await indexUnderTest.close();
      await bases.drop();
    },
  };
});
