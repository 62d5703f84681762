import type { Fault } from '../fault.ts';

const FOLDER = 'operations/src/audit-reads';
const suites = ['operations/test/audit-reads'];

/** In the search for reads around the API, and in the records of reads that were not answered. */
export const reads: readonly Fault[] = [
  {
    description: 'a CPF in the text of a statement is no finding',
    file: `${FOLDER}/statement-reads.ts`,
    from: "...of('CPF_NO_TEXTO', written), ",
    to: '',
    suites,
  },
  {
    description: 'a scan by a service is no finding',
    file: `${FOLDER}/base-reads.ts`,
    from: "parameters === '<none>' && isRowCountOf(text, relation)",
    to: "parameters === '<none>'",
    suites,
  },
  {
    description: 'a count of a view is taken for one of the table behind it',
    file: 'packages/subgraph/src/replica/row-count-statement.ts',
    from: 'counted !== undefined && counted.schema === named?.schema && counted.table === named.table',
    to: 'counted !== undefined && named !== undefined',
    suites,
  },
  {
    description: 'a table of people that is renamed is no finding',
    file: `${FOLDER}/base-reads.ts`,
    from: "      else yield baseRead(line, entry, 'ESQUEMA_ALTERADO', null);\n",
    to: '',
    suites,
  },
  {
    description: 'a refused request hides a read by hand',
    file: `${FOLDER}/postgres-recorded-reads.ts`,
    from: " AND a.resultado <> 'NEGADO'",
    to: '',
    suites,
  },
  {
    description: 'the question of an auditor hides the read that it found',
    file: `${FOLDER}/postgres-recorded-reads.ts`,
    from: "a.servico NOT IN ('extracao', 'auditoria') AND ",
    to: '',
    suites,
  },
  {
    description: 'the last reads of a log are not compared',
    file: `${FOLDER}/recorded-reads.ts`,
    from: '  }\n  yield* whatRemains(page, recorded);\n',
    to: '  }\n',
    suites,
  },
  {
    description: 'lines that are missing are not noticed',
    file: `${FOLDER}/log-sessions.ts`,
    from: 'return sessionLine !== seen.line + 1',
    to: 'return false',
    suites,
  },
  {
    description: 'parameters that were not logged bind nobody',
    file: `${FOLDER}/statement-reads.ts`,
    from: '  requireWhole(entry, line.place);\n',
    to: '',
    suites,
  },
  {
    description: 'a person leaves before the record that they were named',
    file: `${FOLDER}/check-reads.ts`,
    from: 'await recordPeople(',
    to: 'void recordPeople(',
    suites,
  },
  {
    description: 'a read whose answer was withheld has no record',
    file: 'packages/audit/src/unanswered-reads.ts',
    from: 'if (!isFaultOfRow(error)) keep(acessos);',
    to: '',
    suites: ['packages/audit/test'],
  },
  {
    description: 'one row that cannot be stored loses those beside it',
    file: 'packages/audit/src/unanswered-reads.ts',
    from: 'if (rows.length > 1) {',
    to: 'if (rows.length > 1_000) {',
    suites: ['packages/audit/test'],
  },
];
