import { fixedClock } from '@pessoa/domain/data';
import { addMovimentacoes, addTitular, newCpf } from '@pessoa/testkit/base-c-rows';
import { openStatementLog, type StatementLog } from '@pessoa/testkit/statement-log';
import { openTestBases } from '@pessoa/testkit/test-bases';
import { completeMovimentacaoFilter, readMovimentacaoFilter } from '../../src/movimentacoes/movimentacao-filter.ts';
import { prismaMovimentacaoSearch } from '../../src/movimentacoes/prisma-movimentacao-search.ts';
import { openBaseC, openPortugueseBaseC, type PortugueseBaseC } from '../base-c-under-test.ts';
import { NOW } from '../event-under-test.ts';
import { movimentacaoSearchContract } from './movimentacao-search-contract.ts';

movimentacaoSearchContract('Base C', async () => {
  const bases = await openTestBases();
  const base = openBaseC(bases.baseC.readerUrl);
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

movimentacaoSearchContract('a Base C that sorts text as Portuguese does', async () => {
  const portuguese = await openPortugueseBaseC();
  const base = openBaseC(portuguese.url);
  return {
    search: prismaMovimentacaoSearch(base),
    async add(cpf, ...rows) {
      await addTitular(portuguese.owner, cpf);
      await addMovimentacoes(portuguese.owner, cpf, ...rows);
    },
    async close() {
      await base.close();
      await portuguese.drop();
    },
  };
});

describe('A page from a Base C that sorts text as Portuguese does', () => {
  const PAGE_ROWS = 11;
  const filter = completeMovimentacaoFilter(readMovimentacaoFilter(null), fixedClock(NOW));
  let portuguese: PortugueseBaseC;
  let log: StatementLog;

  beforeAll(async () => {
    portuguese = await openPortugueseBaseC();
    log = await openStatementLog(portuguese.url);
  });
  afterAll(async () => {
    await portuguese.drop();
    await log.close();
  });

  it('reads at most one row more than it gives, and after a position also the rows of its instant', async () => {
    const cpf = newCpf();
    await portuguese.owner.query('INSERT INTO titular VALUES ($1)', [cpf]);
    await portuguese.owner.query(
      `INSERT INTO movimentacao (id, cpf, data_hora, natureza, tipo, valor, situacao, palavras)
       SELECT 'p-' || n, $1, timestamptz '2026-11-22T12:00:00Z' - n * interval '1 minute', 'DEBITO', 'PIX', n,
              'TRANSACAO_EFETIVADA', '{}' FROM generate_series(1, 5000) AS n`,
      [cpf],
    );
    await portuguese.owner.query('VACUUM ANALYZE');
    const base = openBaseC(log.url);
    const search = prismaMovimentacaoSearch(base);
    await base.contractFaults(); // finds the tables, as a service does at its start
    log.clear();
    const [page] = await search.find([cpf], { filter, after: undefined, limit: PAGE_ROWS });
    const last = page!.at(-1)!;
    await search.find([cpf], { filter, after: { sort: last.dataHora.toISOString(), id: last.id }, limit: PAGE_ROWS });
    await base.close();
    const rowsRead = log.statements().map((statement) => statement.rowsRead['movimentacao'] ?? 0);
    expect(rowsRead).toHaveLength(2);
    expect(page).toHaveLength(PAGE_ROWS);
    expect(rowsRead[0]).toBeGreaterThanOrEqual(PAGE_ROWS);
    // The row after the page ends the instant of its last row.
    expect(rowsRead[0]).toBeLessThanOrEqual(PAGE_ROWS + 1);
    // The row at the position is read again: its id tells which rows of the same instant come after it.
    expect(rowsRead[1]).toBeLessThanOrEqual(PAGE_ROWS + 2);
  });
});
