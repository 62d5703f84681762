import { baseC } from '@pessoa/bases/base-c';
import { openBase } from '@pessoa/subgraph/base/base';
import { addMovimentacoes, addTitular } from '@pessoa/testkit/base-c-rows';
import { openTestBases } from '@pessoa/testkit/test-bases';
import { PrismaClient } from '../src/generated/prisma/client.ts';
import { prismaMovimentacaoSearch } from '../src/movimentacoes/prisma-movimentacao-search.ts';
import { movimentacaoSearchContract } from './movimentacao-search-contract.ts';

movimentacaoSearchContract('Base C', async () => {
  const bases = await openTestBases();
  const base = openBase({
    url: bases.baseC.readerUrl,
    fonte: 'evento',
    budget: { acquireMillis: 1_000, statementMillis: 1_000 },
    contract: baseC.contract,
    createClient: (adapter) => new PrismaClient({ adapter }),
  });
  return {
    search: prismaMovimentacaoSearch(base),
    async add(cpf, ...rows) {
      await addTitular(bases.baseC.owner, cpf);
      await addMovimentacoes(bases.baseC.owner, cpf, ...rows);
    },
    async close() {
      await base.close();
      await bases.drop();
    },
  };
});
