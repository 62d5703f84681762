import { idRangeOf } from '@pessoa/audit/id-range';
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
       SELECT overlay(gen_random_uuid()::text PLACING left(months.first_id(r.instant)::text, 13) || '-7' FROM 1 FOR 15)::uuid, md5((n % 20000)::text), CASE WHEN n % 2 = 0 THEN 'loja' ELSE 'c' || n % 200 END, 'atendente', '{nome}',
              CASE WHEN n % 2 = 0 THEN 'VENDA_A_PRAZO' ELSE 'COBRANCA' END, false, 'ATENDIDO',
              r.instant, gen_random_uuid(), 'Divida', 'router'
       FROM generate_series(1, 100000) n, LATERAL (SELECT timestamptz '2026-01-01T00:00:00Z' + n * interval '290 seconds' AS instant) r`,
    );
    await owner.query('ANALYZE acesso');
  });
  afterAll(() => bases.drop());

  /** The nodes of the plan that read or left out rows: a month without records has others. */
  const planOf = async (filter: Partial<RecordFilter>, position?: typeof after): Promise<readonly Plan[]> => {
    const ids = await idRangeOf(bases.auditoria.owner, period);
    const { text, values } = pageStatement({ ...all, ...filter }, ids, false, position);
    const { rows } = await bases.auditoria.owner.query<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
      [...values],
    );
    return nodesOf(rows[0]!['QUERY PLAN'][0]!.Plan).filter((node) => node['Actual Rows'] > 0 || (node['Rows Removed by Filter'] ?? 0) > 0); // prettier-ignore
  };
  const SCAN = 'Index Scan';

  it.each<[string, Partial<RecordFilter>, string]>([
    ['a person', { cpfHash: PERSON }, 'cpf_hash_data_hora_id_idx'],
    ['a person and a client', { cpfHash: PERSON, clientId: 'loja' }, 'cpf_hash_data_hora_id_idx'],
    ['a client with few records', { clientId: 'c1' }, 'client_id_data_hora_id_idx'],
    ['a purpose', { finalidade: 'COBRANCA' }, 'data_hora_id_idx'],
  ])('about %s uses an index of each month, on the first page and on later ones', async (_, filter, index) => {
    for (const position of [undefined, after]) {
      const used = (await planOf(filter, position)).flatMap((node) => node['Index Name'] ?? []);
      expect(used.length).toBeGreaterThan(0);
      for (const name of used) expect(name.replace(/^acesso_(?:\d{4}_\d\d_)?/, '')).toBe(index);
    }
  });

  it.each<[string, Partial<RecordFilter>]>([
    ['a client with half of them', { clientId: 'loja' }],
    ['the purpose of half of them', { finalidade: 'VENDA_A_PRAZO' }],
    ['both', { clientId: 'loja', finalidade: 'VENDA_A_PRAZO' }],
  ])('about %s sorts nothing, and reads no more than twice what it shows', async (_, filter) => {
    for (const position of [undefined, after]) {
      const nodes = await planOf(filter, position);
      expect(new Set(nodes.map((node) => node['Node Type'])).difference(new Set(['Subquery Scan', 'Limit', 'Merge Append', SCAN]))).toEqual(new Set()); // prettier-ignore
      const scans = nodes.filter((node) => node['Node Type'] === SCAN);
      const sum = (of: (node: Plan) => number): number => scans.reduce((total, node) => total + of(node), 0);
      expect(sum((node) => node['Actual Rows'])).toBeGreaterThanOrEqual(500);
      expect(sum((node) => node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0))).toBeLessThanOrEqual(
        1_000 + scans.length,
      );
    }
  });
});
