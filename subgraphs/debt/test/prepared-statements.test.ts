import { baseA } from '@pessoa/bases/base-a';
import type { Cpf } from '@pessoa/domain/cpf';
import { type Base, openBase } from '@pessoa/subgraph/base/base';
import { insert, openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { PrismaClient } from '../src/generated/prisma/client.ts';
import { prismaPessoaRepository } from '../src/pessoas/prisma-pessoa-repository.ts';

const CPF = '52998224725' as Cpf;
const READS = 20;

describe('A statement of a base', () => {
  let bases: TestBases;
  let base: Base<PrismaClient>;
  beforeAll(async () => {
    bases = await openTestBases();
    await insert(bases.baseA.owner, 'pessoa', { cpf: CPF, nome: 'Ana Fictícia', situacao_cadastral: 'REGULAR' });
    base = openBase({
      url: bases.baseA.readerUrl,
      fonte: 'divida',
      budget: { acquireMillis: 10_000, statementMillis: 10_000 },
      connections: 1,
      contract: baseA.contract,
      createClient: (adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }),
    });
  });
  afterAll(async () => {
    await base.close();
    await bases.drop();
  });

  it('is prepared once for a connection, and planned once for all people', async () => {
    const { cadastros } = prismaPessoaRepository(base);
    for (let count = 0; count < READS; count++)
      expect(await cadastros([CPF])).toMatchObject([{ nome: 'Ana Fictícia' }]);
    const statements = await base.read(
      (client) =>
        client.$queryRaw<object[]>`
        SELECT generic_plans::int AS generic, custom_plans::int AS custom FROM pg_prepared_statements
        WHERE statement LIKE '%."pessoa"%' AND statement NOT LIKE '%pg_prepared_statements%'`,
    );
    expect(statements).toEqual([{ generic: READS, custom: 0 }]);
  });
});
