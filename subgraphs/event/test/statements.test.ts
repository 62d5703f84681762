import type { Cpf } from '@pessoa/domain/cpf';
import { newCpf } from '@pessoa/testkit/base-c-rows';
import { type LoggedStatement, openStatementLog, type StatementLog } from '@pessoa/testkit/statement-log';
import { type EventUnderTest, startEventUnderTest } from './event-under-test.ts';

const PEOPLE = 100;
const ROWS_A_PERSON = 60;

describe('The statements of a request', () => {
  let baseC: StatementLog;
  let audit: StatementLog;
  let event: EventUnderTest;
  const cpfs: Cpf[] = Array.from({ length: PEOPLE }, newCpf);

  beforeAll(async () => {
    event = await startEventUnderTest({
      env: { CACHE_MEMORY_BYTES: '0' },
      envFrom: async (bases) => {
        baseC = await openStatementLog(bases.baseC.readerUrl);
        audit = await openStatementLog(bases.auditoria.readerUrl);
        return { BASE_C_URL: baseC.url, AUDIT_READER_URL: audit.url };
      },
    });
    await populate(event, cpfs);
  });
  afterAll(async () => {
    await event.close();
    await Promise.all([baseC.close(), audit.close()]);
  });

  const ask = async (selection: string, people = cpfs) => {
    baseC.clear();
    audit.clear();
    const { body } = await event.ask(`query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { eventos { ${selection} } } }`, {
      cpf: cpfs[0]!,
      token: { consentimento: cpfs },
      variables: { cpf: undefined, cpfs: people },
    });
    expect(body.errors).toBeUndefined();
    return (body.data!['pessoas'] as unknown as { eventos: Record<string, { nodes: object[] }> }[]).map(
      ({ eventos }) => eventos,
    );
  };
  const rowsReadBy = (statements: LoggedStatement[]) => statements.map((statement) => statement.rowsRead);
  /** One statement, which also reads a row of each person in each other partition that has records of them, to find the newest. */
  function expectAuditRows(rows: number): void {
    const [read, ...others] = rowsReadBy(audit.statements());
    expect(others).toEqual([]);
    const ofPartitions = Object.values(read!);
    const withRecords = ofPartitions.filter((count) => count > 0).length;
    const all = ofPartitions.reduce((sum, count) => sum + count, 0);
    expect(all).toBeGreaterThanOrEqual(rows);
    expect(all).toBeLessThanOrEqual(rows + PEOPLE * (withRecords - 1));
  }

  it('are one per table for 100 people, and read at most one row more of each person than the answer shows', async () => {
    const people = await ask(`ultimaConsulta { dataHora }
      movimentacaoFinanceira(first: 10) { nodes { valor } pageInfo { hasNextPage } } ultimaCompraCartao { valor }`);
    expect(people).toHaveLength(PEOPLE);
    for (const eventos of people) {
      expect(eventos).toMatchObject({
        ultimaConsulta: {},
        movimentacaoFinanceira: { pageInfo: { hasNextPage: true } },
        ultimaCompraCartao: {},
      });
      expect(eventos['movimentacaoFinanceira']?.nodes).toHaveLength(10);
    }
    expect(rowsReadBy(baseC.statements()).toSorted(byTable)).toEqual([
      { compra_cartao: PEOPLE },
      { consulta: PEOPLE },
      { movimentacao: PEOPLE * 11 },
      { titular: PEOPLE },
    ]);
    expectAuditRows(PEOPLE);
  });

  it('are one in each of both stores for a page of inquiries of 100 people', async () => {
    const people = await ask('consultas(first: 5) { nodes { id } pageInfo { endCursor } }');
    for (const eventos of people) expect(eventos['consultas']?.nodes).toHaveLength(5);
    expect(rowsReadBy(baseC.statements()).toSorted(byTable)).toEqual([{ consulta: PEOPLE * 6 }, { titular: PEOPLE }]);
    expectAuditRows(PEOPLE * 6);
  });

  it('are one for each distinct set of arguments, whatever the aliases', async () => {
    await ask(`a: movimentacaoFinanceira(first: 1) { nodes { id } } b: movimentacaoFinanceira(first: 1) { nodes { id } }
      c: movimentacaoFinanceira(first: 2) { nodes { id } }
      d: movimentacaoFinanceira(first: 1, filtro: {}) { nodes { id descricao } }`);
    expect(rowsReadBy(baseC.statements()).toSorted(byTable)).toEqual([
      { movimentacao: PEOPLE * 2 },
      { movimentacao: PEOPLE * 3 },
      { titular: PEOPLE },
    ]);
  });

  it('select of postings no column that the operation does not need', async () => {
    await ask('movimentacaoFinanceira(first: 1) { nodes { valor } pageInfo { endCursor } }');
    const textOf = (): string => baseC.statements().find(({ rowsRead }) => 'movimentacao' in rowsRead)!.text;
    expect(textOf()).toContain('m.valor');
    expect(textOf()).not.toMatch(/m\.(?:descricao|canal|contraparte|saldo_apos|instituicao_nome)/);
    await ask('movimentacaoFinanceira(first: 1) { nodes { valor descricao } }');
    expect(textOf()).toContain('m.descricao');
  });

  it('count only when a client asks for a total, and once for both of its fields', async () => {
    await ask('movimentacaoFinanceira(first: 1) { totalCount totalExato }', cpfs.slice(0, 2));
    expect(rowsReadBy(baseC.statements()).toSorted(byTable)).toEqual([
      { movimentacao: 2 * ROWS_A_PERSON },
      { movimentacao: 2 * 2 },
      { titular: 2 },
    ]);
  });

  it('read a person once, however often the request names them', async () => {
    await ask('ultimaCompraCartao { id }', [cpfs[0]!, cpfs[0]!, cpfs[0]!]);
    expect(rowsReadBy(baseC.statements())).toEqual([{ titular: 1 }, { compra_cartao: 1 }]);
  });

  it('are none for a person whom the token may not read', async () => {
    baseC.clear();
    const { body } = await event.ask('query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos { ultimaConsulta { id } } } }', {
      cpf: cpfs[0]!,
      token: { scope: '' },
    });
    expect(body.errors).toHaveLength(1);
    expect(baseC.statements()).toEqual([]);
  });
});

const byTable = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

/** Adds sixty rows of each table for each person, an hour apart, and as many rows of the audit. */
async function populate({ bases, cpfHash }: EventUnderTest, cpfs: readonly Cpf[]): Promise<void> {
  const rows = `unnest($1::text[]) AS person (cpf), generate_series(1, ${ROWS_A_PERSON}) AS n`;
  const instantSql = `timestamptz '2026-11-22T12:00:00Z' - n * interval '1 hour'`;
  const { owner } = bases.baseC;
  await owner.query('INSERT INTO titular SELECT unnest($1::text[])', [cpfs]);
  await owner.query("INSERT INTO titular SELECT lpad(n::text, 11, '0') FROM generate_series(1, 10000) AS n");
  for (const statement of [
    `INSERT INTO movimentacao (id, cpf, data_hora, natureza, tipo, valor, situacao, palavras)
     SELECT cpf || '-' || n, cpf, ${instantSql}, 'DEBITO', 'PIX', n, 'TRANSACAO_EFETIVADA', '{}' FROM ${rows}`,
    `INSERT INTO consulta (id, cpf, consulente, data_hora, finalidade, pelo_titular)
     SELECT cpf || '-' || n, cpf, 'Banco Fictício', ${instantSql}, 'COBRANCA', false FROM ${rows}`,
    `INSERT INTO compra_cartao (id, cpf, data_hora, valor, estabelecimento, bandeira, final_cartao, parcelas, aprovada)
     SELECT cpf || '-' || n, cpf, ${instantSql}, n, 'Padaria Fictícia', 'ELO', '0042', 1, true FROM ${rows}`,
  ]) {
    await owner.query(statement, [cpfs]);
  }
  await bases.auditoria.owner.query(
    `INSERT INTO acesso SELECT gen_random_uuid(), hash, 'loja', 'ana', '{}', 'COBRANCA', NULL, NULL, false, 'ATENDIDO', ${instantSql},
       gen_random_uuid(), 'Divida', 'router' FROM unnest($1::text[]) AS person (hash), generate_series(1, ${ROWS_A_PERSON}) AS n`,
    [cpfs.map(cpfHash)],
  );
  // As in a base in use, the planner knows the size of the tables.
  await owner.query('ANALYZE');
  await bases.auditoria.owner.query('ANALYZE');
}
