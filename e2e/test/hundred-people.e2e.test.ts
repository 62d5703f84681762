import type { Cpf } from '@pessoa/domain/cpf';
import { fixedClock } from '@pessoa/domain/data';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { graphql } from '@pessoa/testkit/graphql-client';
import { runsOnServers } from '@pessoa/testkit/servers';
import { openStatementLog, type StatementLog } from '@pessoa/testkit/statement-log';
import { addPerson } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const PEOPLE = 100;
const QUERY = EXAMPLE_QUERY.replace('query Pessoa($cpf: CPF!)', 'query Pessoas($cpfs: [CPF!]!)')
  .replace('pessoa(cpf: $cpf) {', 'pessoas(cpfs: $cpfs) { cpf')
  .replaceAll('nodes {', 'totalCount nodes {');

interface Person {
  readonly cpf: string;
  readonly dividas: { readonly totalCount: number; readonly nodes: readonly object[] };
  readonly score: object | null;
  readonly eventos: { readonly movimentacaoFinanceira: { readonly nodes: readonly object[] } };
}

describe('one hundred people in one request', () => {
  let graph: WholeGraph;
  const logs: Record<string, StatementLog> = {};
  const cpfs: Cpf[] = [];

  beforeAll(async () => {
    graph = await startWholeGraph({
      wiring: 'relayed',
      clock: fixedClock('2026-11-22T15:00:00Z'),
      envFrom: async ({ baseA, baseB, baseC, auditoria }) => {
        Object.assign(logs, {
          BASE_A_URL: await openStatementLog(baseA.readerUrl),
          BASE_B_URL: await openStatementLog(baseB.readerUrl),
          BASE_C_URL: await openStatementLog(baseC.readerUrl),
          AUDIT_READER_URL: await openStatementLog(auditoria.readerUrl),
          AUDIT_URL: await openStatementLog(auditoria.writerUrl),
        });
        return Object.fromEntries(Object.entries(logs).map(([name, log]) => [name, log.url]));
      },
    });
    const { bases } = graph;
    for (let index = 0; index < PEOPLE; index++) cpfs.push(await addPerson({ bases }));
    await graph.waitUntilIndexed();
    const databases = [graph.bases.baseA, graph.bases.baseB, graph.bases.baseC];
    for (const { owner } of databases) await owner.query('ANALYZE');
  });
  afterAll(async () => {
    await graph.close();
    await Promise.all(Object.values(logs).map((log) => log.close()));
  });

  it('take one round of three subgraph requests, with a statement for each table and one for totals', async () => {
    const token = await graph.environment.token({ consentimento: cpfs });
    for (const relay of Object.values(graph.relays)) relay.takeRequestCount();
    for (const log of Object.values(logs)) log.clear();
    const { status, body } = await graphql(graph.router.url, { token, query: QUERY, variables: { cpfs } });
    expect(status).toBe(200);
    expect(body.errors).toBeUndefined();
    const { pessoas } = body.data as unknown as { pessoas: Person[] };
    expect(pessoas.map(({ cpf }) => cpf)).toEqual(cpfs);
    for (const { dividas, score, eventos } of pessoas) {
      expect(dividas).toMatchObject({ totalCount: 2, nodes: [{}, {}] });
      expect(score).not.toBeNull();
      expect(eventos.movimentacaoFinanceira.nodes).toHaveLength(3);
    }

    expect(Object.values(graph.relays).map((relay) => relay.takeRequestCount())).toEqual([1, 1, 1]);
    const tableOf = (relation: string): string => (relation.startsWith('acesso_') ? 'acesso' : relation); // its partitions
    const tablesRead = (name: string) =>
      logs[name]!.statements().map(({ rowsRead }) => [...new Set(Object.keys(rowsRead).map(tableOf))].toSorted().join('+')).toSorted(); // prettier-ignore
    expect(tablesRead('BASE_A_URL')).toEqual(['credor+divida+pessoa', 'credor+divida+pessoa', 'pessoa']);
    expect(tablesRead('BASE_B_URL')).toEqual(['bem', 'endereco', 'fonte_de_renda', 'titular']);
    const postings = runsOnServers() ? [] : ['movimentacao', 'movimentacao']; // on servers the index answers
    expect(tablesRead('BASE_C_URL')).toEqual(['compra_cartao', 'consulta', ...postings, 'titular']);
    expect(tablesRead('AUDIT_READER_URL')).toEqual(['acesso']);
    expect(logs['AUDIT_URL']!.statements()).toHaveLength(1);
  });

  it('have one row each in the audit', async () => {
    const { rows } = await graph.bases.auditoria.owner.query<{ people: number; hashes: number }>(
      "SELECT count(*)::int AS people, count(DISTINCT cpf_hash)::int AS hashes FROM acesso WHERE resultado = 'ATENDIDO'",
    );
    expect(rows).toEqual([{ people: PEOPLE, hashes: PEOPLE }]);
  });
});
