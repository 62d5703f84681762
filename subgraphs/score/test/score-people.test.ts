import { type Cpf, cpfFromBase } from '@pessoa/domain/cpf';
import { cpfSequence } from '@pessoa/testkit/cpf-sequence';
import { type LoggedStatement, openStatementLog, type StatementLog } from '@pessoa/testkit/statement-log';
import { EXEMPLO, openScore, type ScoreUnderTest, WITHOUT_CACHE } from './score-under-test.ts';

const PESSOAS = 'query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { cpf score { valor } perfil { idade } } }';
const UNKNOWN = cpfFromBase('909090909');

describe('Several people of one request', () => {
  let score: ScoreUnderTest;
  let log: StatementLog;

  beforeAll(async () => {
    score = await openScore(async ({ baseB }) => {
      log = await openStatementLog(baseB.readerUrl);
      return { BASE_B_URL: log.url, ...WITHOUT_CACHE };
    });
  });
  afterAll(async () => {
    await score.close();
    await log.close();
  });

  it('come in the order of the request, repeated people again and unknown people as null', async () => {
    const ana = await score.newTitular({ nascimento: '1990-11-22' });
    const bia = await score.newTitular({ nascimento: '1970-11-22' });
    const { body } = await score.ask(PESSOAS, { variables: { cpfs: [bia, ana, UNKNOWN, bia, ana] } });
    const person = (cpf: Cpf, idade: number) => ({ cpf, perfil: { idade }, score: { valor: expect.any(Number) } });
    const [a, b] = [person(ana, 36), person(bia, 56)];
    expect(body).toEqual({ data: { pessoas: [b, a, { cpf: UNKNOWN, score: null, perfil: null }, b, a] } });
  });

  it('are at most a hundred: one more is LIMITE_EXCEDIDO', async () => {
    const next = cpfSequence(303_030_303);
    const cpfs = Array.from({ length: 101 }, next);
    const hundred = await score.ask(PESSOAS, { variables: { cpfs: cpfs.slice(1) } });
    expect((hundred.body.data as unknown as { pessoas: unknown[] }).pessoas).toHaveLength(100);
    log.clear();
    const { body } = await score.ask(PESSOAS, { variables: { cpfs } });
    expect(body.errors).toMatchObject([{ extensions: { code: 'LIMITE_EXCEDIDO' } }]);
    expect(log.statements()).toEqual([]);
  });

  it('are an empty list for an empty request', async () => {
    expect((await score.ask(PESSOAS, { variables: { cpfs: [] } })).body).toEqual({ data: { pessoas: [] } });
  });

  describe('cost', () => {
    const cpfs: Cpf[] = [];
    const next = cpfSequence(505_050_505);

    beforeAll(async () => {
      for (let index = 0; index < 400; index++) cpfs.push(next());
      const { owner } = score.bases.baseB;
      await owner.query(`INSERT INTO titular SELECT cpf, '1990-01-01' FROM unnest($1::text[]) AS cpf`, [cpfs]);
      await owner.query(`INSERT INTO endereco (cpf, uf) SELECT cpf, 'SP' FROM unnest($1::text[]) AS cpf`, [cpfs]);
      await owner.query(
        `INSERT INTO bem (id, cpf, tipo, descricao, onerado)
         SELECT 'b' || cpf || n, cpf, 'VEICULO', 'Automóvel', false FROM unnest($1::text[]) AS cpf, generate_series(1, 10) AS n`,
        [cpfs],
      );
      await owner.query(
        `INSERT INTO fonte_de_renda (id, cpf, tipo, valor, periodicidade, comprovada)
         SELECT 'f' || cpf || n, cpf, 'SALARIO', 3000, 'MENSAL', true FROM unnest($1::text[]) AS cpf, generate_series(1, 10) AS n`,
        [cpfs],
      );
      await owner.query('ANALYZE');
    });

    async function statementsOf(query: string, variables: Record<string, unknown>): Promise<LoggedStatement[]> {
      log.clear();
      const { body } = await score.ask(query, { variables });
      expect(body.errors).toBe(undefined);
      return log.statements();
    }

    const EVERYTHING = `query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) {
      score { valor fatores { pontos } } perfil { idade endereco { uf } bens { id } patrimonioLiquido fontesDeRenda { id } rendaMensal }
      de_novo: score { faixa } mais: perfil { bens { tipo } } } }`;

    it('one statement for each of the four tables, for one person or a hundred, with score and profile', async () => {
      for (const count of [1, 100]) {
        const statements = await statementsOf(EVERYTHING, { cpfs: cpfs.slice(0, count) });
        const tables = statements.map(({ rowsRead }) => Object.keys(rowsRead).join());
        expect(tables.toSorted()).toEqual(['bem', 'endereco', 'fonte_de_renda', 'titular']);
        const rowsSent = Object.fromEntries(
          statements.map(({ rowsRead, rowsSent }) => [Object.keys(rowsRead).join(), rowsSent]),
        );
        expect(rowsSent).toEqual({ titular: count, endereco: count, bem: count * 10, fonte_de_renda: count * 10 });
      }
    });

    it('no row of another person’s assets or incomes', async () => {
      const statements = await statementsOf(EVERYTHING, { cpfs: cpfs.slice(0, 20) });
      const rowsRead = Object.assign({}, ...statements.map((statement) => statement.rowsRead)) as Record<
        string,
        number
      >;
      expect(rowsRead).toMatchObject({ bem: 200, fonte_de_renda: 200 });
    });

    it('one asset more than the limit for a person with more assets than a profile may have', async () => {
      const rich = await score.newTitular(EXEMPLO);
      await score.bases.baseB.owner.query(
        `INSERT INTO bem (id, cpf, tipo, descricao, onerado) SELECT $1 || n, $1, 'OUTROS', 'x', false FROM generate_series(1, 2000) n`,
        [rich],
      );
      log.clear();
      await score.ask(PESSOAS, { variables: { cpfs: [rich] } });
      expect(log.statements().find(({ rowsRead }) => 'bem' in rowsRead)!.rowsSent).toBe(501);
    });

    it('nothing when only the CPF is asked for', async () => {
      expect(
        await statementsOf('query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { cpf } }', { cpfs: cpfs.slice(0, 5) }),
      ).toEqual([]);
    });

    it('nothing of what another request has read: two callers never share an answer', async () => {
      const [cpf] = cpfs;
      expect(await statementsOf(PESSOAS, { cpfs: [cpf] })).toHaveLength(4);
      expect(await statementsOf(PESSOAS, { cpfs: [cpf] })).toHaveLength(4);
    });
  });
});
