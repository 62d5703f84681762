import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import { cpfSequence } from '@pessoa/testkit/cpf-sequence';
import { type LoggedStatement, openStatementLog, type StatementLog } from '@pessoa/testkit/statement-log';
import { type DebtUnderTest, openDebt } from './debt-under-test.ts';

const PESSOAS = `query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { cpf nome dividas(first: 2) { nodes { id } } } }`;
const UNKNOWN = cpfFromBase('909090909');

describe('A request for several people', () => {
  let debt: DebtUnderTest;
  let log: StatementLog;

  beforeAll(async () => {
    debt = await openDebt(async ({ baseA }) => {
      log = await openStatementLog(baseA.readerUrl);
      return { BASE_A_URL: log.url };
    });
  });
  afterAll(async () => {
    await debt.close();
    await log.close();
  });

  it('answers in the order of the request, repeated people again and unknown people with null fields', async () => {
    const ana = await debt.newPessoa({ nome: 'Ana Fictícia' });
    const bia = await debt.newPessoa({ nome: 'Bia Fictícia' });
    const id = await debt.newDivida(ana);
    const { body } = await debt.ask(PESSOAS, { variables: { cpfs: [bia, ana, UNKNOWN, bia, ana] } });
    const [a, b] = [
      { cpf: ana, nome: 'Ana Fictícia', dividas: { nodes: [{ id }] } },
      { cpf: bia, nome: 'Bia Fictícia', dividas: { nodes: [] } },
    ];
    expect(body).toEqual({ data: { pessoas: [b, a, { cpf: UNKNOWN, nome: null, dividas: null }, b, a] } });
  });

  it('finds the same person by a CPF with and without punctuation', async () => {
    const ana = await debt.newPessoa({ nome: 'Ana Fictícia' });
    const formatted = ana.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4');
    const { body } = await debt.ask('query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { cpf nome } }', {
      variables: { cpfs: [formatted, ana] },
    });
    expect(body).toEqual({ data: { pessoas: Array(2).fill({ cpf: ana, nome: 'Ana Fictícia' }) } });
  });

  it('is an empty list for no CPF', async () => {
    expect((await debt.ask(PESSOAS, { variables: { cpfs: [] } })).body).toEqual({ data: { pessoas: [] } });
  });

  it('has at most 100 CPFs: 101 are over the limit and nothing is read', async () => {
    const next = cpfSequence(303_030_303);
    const cpfs = Array.from({ length: 101 }, next);
    const hundred = await debt.ask(PESSOAS, { variables: { cpfs: cpfs.slice(1) } });
    expect((hundred.body.data as unknown as { pessoas: unknown[] }).pessoas).toHaveLength(100);
    log.clear();
    const { body } = await debt.ask(PESSOAS, { variables: { cpfs } });
    expect(body.errors).toMatchObject([
      { message: '`cpfs` has at most 100 entries.', extensions: { code: 'LIMITE_EXCEDIDO' } },
    ]);
    expect(log.statements()).toEqual([]);
  });

  it('is refused as a whole for one invalid CPF', async () => {
    const { status, body } = await debt.ask(PESSOAS, { variables: { cpfs: [UNKNOWN, '52998224724'] } });
    expect({ status, codes: body.errors?.map(({ extensions }) => extensions?.code) }).toEqual({
      status: 400,
      codes: ['CPF_INVALIDO'],
    });
  });

  describe('costs', () => {
    const cpfs: Cpf[] = [];
    const next = cpfSequence(505_050_505);

    beforeAll(async () => {
      for (let index = 0; index < 100; index++) cpfs.push(next());
      const { owner } = debt.bases.baseA;
      await owner.query(`INSERT INTO pessoa SELECT cpf, 'Alguém Fictício', 'REGULAR' FROM unnest($1::text[]) AS cpf`, [
        cpfs,
      ]);
      await owner.query(`INSERT INTO endereco (cpf, uf) SELECT cpf, 'SP' FROM unnest($1::text[]) AS cpf`, [cpfs]);
      await owner.query(
        `INSERT INTO divida (id, cpf, credor_id, contrato, modalidade, natureza, situacao, valor_original, vencimento,
                             data_inclusao, data_comunicacao, principal)
         SELECT cpf || '-' || n, cpf, 'credor-1', '0012345678', 'OUTROS', 'PEFIN', 'EM_ABERTO', 10, DATE '2026-01-01' + n,
                '2026-10-01', '2026-09-01', true
         FROM unnest($1::text[]) AS cpf, generate_series(1, 40) AS n`,
        [cpfs],
      );
      await owner.query('ANALYZE');
    });

    async function statementsOf(query: string, variables: Record<string, unknown>): Promise<LoggedStatement[]> {
      log.clear();
      const { body } = await debt.ask(query, { variables });
      expect(body.errors).toBe(undefined);
      return log.statements();
    }
    const sum = (statements: LoggedStatement[], table: string) =>
      statements.reduce((rows, { rowsRead }) => rows + (rowsRead[table] ?? 0), 0);

    const EVERYTHING = `query ($cpfs: [CPF!]!, $first: Int) { pessoas(cpfs: $cpfs) {
      nome situacaoCadastral endereco { uf } dividas(first: $first) { nodes { id credor { nome } } totalCount pageInfo { hasNextPage } }
      resumoDividas { quantidade } } }`;

    it('four statements for all fields, for one person and for a hundred', async () => {
      for (const count of [1, 100]) {
        const statements = await statementsOf(EVERYTHING, { cpfs: cpfs.slice(0, count), first: 5 });
        // People, addresses, one page of debts, their totals (the summary and `totalCount` share them).
        expect(statements).toHaveLength(4);
        expect(statements.every(({ rowsSent }) => rowsSent <= count * 6)).toBe(true);
      }
    });

    it('the rows of the page and one more for each person', async () => {
      const statements = await statementsOf(
        'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { dividas(first: 5) { nodes { id } pageInfo { hasNextPage } } } }',
        { cpfs },
      );
      expect(statements).toHaveLength(1);
      expect(sum(statements, 'divida')).toBe(600);
      expect(statements[0]!.rowsSent).toBe(600);
    });

    it('only the rows of the last page when that page is read', async () => {
      const [cpf] = cpfs;
      const PAGE = `query ($cpf: CPF!, $after: String) { pessoa(cpf: $cpf) { dividas(first: 35, after: $after) { nodes { id } pageInfo { endCursor } } } }`;
      const { body } = await debt.ask(PAGE, { variables: { cpf } });
      const { endCursor } = (body.data as unknown as { pessoa: { dividas: { pageInfo: { endCursor: string } } } })
        .pessoa.dividas.pageInfo;
      const statements = await statementsOf(PAGE, { cpf, after: endCursor });
      expect(statements).toHaveLength(1);
      expect(sum(statements, 'divida')).toBe(5);
    });

    it('one statement for each distinct set of arguments of `dividas`', async () => {
      const statements = await statementsOf(
        `query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { a: dividas(first: 2) { nodes { id } } b: dividas(first: 2) { nodes { id } }
           c: dividas(first: 2, filtro: { modalidades: [OUTROS, ENERGIA] }) { nodes { id } }
           d: dividas(first: 2, filtro: { modalidades: [ENERGIA, OUTROS, OUTROS] }) { nodes { id } } } }`,
        { cpfs },
      );
      expect(statements).toHaveLength(2);
    });

    it('no statement when only the CPF is selected', async () => {
      expect(await statementsOf('query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { cpf } }', { cpfs })).toEqual([]);
    });

    it('one statement over `pessoa` alone when only the name is selected', async () => {
      const statements = await statementsOf('query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { nome } }', { cpfs });
      expect(statements.map(({ rowsRead }) => Object.keys(rowsRead))).toEqual([['pessoa']]);
    });
  });
});
