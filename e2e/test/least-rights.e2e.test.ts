import { readFileSync } from 'node:fs';
import { cpfFromBase } from '@pessoa/domain/cpf';
import { graphql } from '@pessoa/testkit/graphql-client';
import { insert, type TestBase, type TestBases } from '@pessoa/testkit/test-bases';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const document = readFileSync(new URL('../../docs/bases.md', import.meta.url), 'utf8');
const CPF = cpfFromBase('310000001');

/** Leaves the reader only the grants of docs/bases.md, under its name on this server. */
async function narrow({ owner, readerUrl }: TestBase, role: string): Promise<void> {
  const name = decodeURIComponent(new URL(readerUrl).username);
  const grants = [...document.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql]) => sql!).filter((sql) => sql.startsWith('GRANT') && sql.includes(` TO ${role};`)); // prettier-ignore
  expect(grants).toHaveLength(1);
  await owner.query(`REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${name}`);
  await owner.query(grants[0]!.replaceAll(` TO ${role};`, ` TO ${name};`));
}

describe('With only the rights of docs/bases.md', () => {
  let graph: WholeGraph;
  let token: string;

  beforeAll(async () => {
    graph = await startWholeGraph({
      env: { BASE_A_ACQUIRE_MILLIS: '5000', BASE_B_ACQUIRE_MILLIS: '5000', BASE_C_ACQUIRE_MILLIS: '5000' },
      async envFrom(bases: TestBases) {
        await narrow(bases.baseA, 'base_a_reader');
        await narrow(bases.baseB, 'base_b_reader');
        await narrow(bases.baseC, 'base_c_reader');
        return {};
      },
    });
    token = await graph.environment.token({ consentimento: [CPF] });
    const { baseA, baseB, baseC } = graph.bases;
    await insert(baseA.owner, 'pessoa', { cpf: CPF, nome: 'Ana Fictícia', situacao_cadastral: 'REGULAR' });
    await insert(baseB.owner, 'titular', { cpf: CPF, nascimento: '1990-01-01' });
    await insert(baseC.owner, 'titular', { cpf: CPF });
  });
  afterAll(() => graph.close());

  it('every field of a person is answered', async () => {
    const { body } = await graphql(graph.router.url, {
      token,
      query: `{ pessoa(cpf: "${CPF}") {
        nome situacaoCadastral endereco { uf } dividas { totalCount nodes { id } } resumoDividas { quantidade }
        score { valor } perfil { idade endereco { uf } bens { id } fontesDeRenda { id } }
        eventos {
          ultimaConsulta { consulente } consultas { totalCount nodes { consulente } }
          movimentacaoFinanceira { totalCount nodes { id } } ultimaCompraCartao { id } } } }`,
    });
    expect(body.errors).toBe(undefined);
    expect(body.data).toMatchObject({
      pessoa: {
        nome: 'Ana Fictícia',
        dividas: { totalCount: 0, nodes: [] },
        score: { valor: expect.any(Number) },
        eventos: { movimentacaoFinanceira: { totalCount: 0, nodes: [] }, ultimaCompraCartao: null },
      },
    });
  });

  it('no service can write to its base', async () => {
    const { baseA, baseB, baseC } = graph.bases;
    for (const { owner, readerUrl } of [baseA, baseB, baseC]) {
      const { rows } = await owner.query<{ table: string }>(
        `SELECT c.relname AS "table" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'public' AND c.relkind = 'r'
           AND (has_table_privilege($1, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
             OR has_any_column_privilege($1, c.oid, 'INSERT, UPDATE'))`,
        [decodeURIComponent(new URL(readerUrl).username)],
      );
      expect(rows).toEqual([]);
    }
  });
});
