import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import type { RecordFilter } from '../../src/audit/audit-pages.ts';
import { pageStatement } from '../../src/audit/postgres-record-pages.ts';

const period = { from: new Date('2026-06-01T03:00:00Z'), until: new Date('2026-12-01T03:00:00Z') };
const after = { instant: '2026-08-01T00:00:00.000Z', id: '6f6b2c0e-0000-4000-8000-000000000001' };
const all: RecordFilter = { cpfHash: undefined, clientId: undefined, finalidade: undefined, period };

/** md5 of 7: one of the people. */
const PERSON = '8f14e45fceea167a5a36dedd4bea2543';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

const nodesOf = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

describe('A page of 100,000 records', () => {
  let bases: TestBases;
  beforeAll(async () => {
    bases = await openTestBases();
    const { owner } = bases.auditoria;
    // Half of them are of one client and of one purpose, over eleven months.
    await owner.query(
      `INSERT INTO acesso (id, cpf_hash, client_id, sujeito, campos, finalidade, pelo_titular, resultado, data_hora, interacao, operacao, servico)
       SELECT gen_random_uuid(), md5((n % 20000)::text), CASE WHEN n % 2 = 0 THEN 'loja' ELSE 'c' || n % 200 END, 'atendente', '{nome}',
              CASE WHEN n % 2 = 0 THEN 'VENDA_A_PRAZO' ELSE 'COBRANCA' END, false, 'ATENDIDO',
              timestamptz '2026-01-01T00:00:00Z' + n * interval '290 seconds', gen_random_uuid(), 'Divida', 'router'
       FROM generate_series(1, 100000) n`,
    );
    await owner.query('ANALYZE acesso');
  });
  afterAll(() => bases.drop());

  const planOf = async (filter: Partial<RecordFilter>, position?: typeof after): Promise<readonly Plan[]> => {
    const { text, values } = pageStatement({ ...all, ...filter }, false, position);
    const { rows } = await bases.auditoria.owner.query<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
      [...values],
    );
    return nodesOf(rows[0]!['QUERY PLAN'][0]!.Plan);
  };

  it.each<[string, Partial<RecordFilter>, string]>([
    ['a person', { cpfHash: PERSON }, 'acesso_cpf_hash_data_hora_id_idx'],
    ['a person and a client', { cpfHash: PERSON, clientId: 'loja' }, 'acesso_cpf_hash_data_hora_id_idx'],
    ['a client with few records', { clientId: 'c1' }, 'acesso_client_id_data_hora_id_idx'],
    ['a purpose', { finalidade: 'COBRANCA' }, 'acesso_data_hora_id_idx'],
  ])('about %s uses an index, on the first page and on later ones', async (_, filter, index) => {
    for (const position of [undefined, after])
      expect((await planOf(filter, position)).flatMap((node) => node['Index Name'] ?? [])).toEqual([index]);
  });

  it.each<[string, Partial<RecordFilter>]>([
    ['a client with half of them', { clientId: 'loja' }],
    ['the purpose of half of them', { finalidade: 'VENDA_A_PRAZO' }],
    ['both', { clientId: 'loja', finalidade: 'VENDA_A_PRAZO' }],
  ])('about %s sorts nothing, and reads no more than twice what it shows', async (_, filter) => {
    for (const position of [undefined, after]) {
      const nodes = await planOf(filter, position);
      expect(nodes.map((node) => node['Node Type'])).toEqual(['Subquery Scan', 'Limit', 'Index Scan']);
      const { 'Actual Rows': shown, 'Rows Removed by Filter': leftOut = 0 } = nodes[2]!;
      expect(shown).toBe(500);
      expect(leftOut).toBeLessThanOrEqual(500);
    }
  });
});
