import type { Fault } from '../fault.ts';

const RULE = 'subgraphs/debt/src/dividas/visibility.ts';
const QUERY = 'subgraphs/debt/src/dividas/prisma-divida-repository.ts';
const suites = ['subgraphs/debt/test/debt-law'];

export const visibility: readonly Fault[] = [
  {
    says: 'the holder sees no more than others',
    file: RULE,
    from: '  if (isTitular) return undefined;\n',
    to: '',
    suites,
  },
  {
    says: 'third parties see what the holder sees',
    file: RULE,
    from: 'if (isTitular) return undefined;',
    to: 'if (isTitular || !isTitular) return undefined;',
    suites,
  },
  {
    says: 'a debt is shown for six years',
    file: RULE,
    from: 'const RETENTION_YEARS = 5;',
    to: 'const RETENTION_YEARS = 6;',
    suites,
  },
  {
    says: 'a debt goes on the day before its five years end',
    file: RULE,
    from: 'return addYears(dayBefore, RETENTION_YEARS) >= day ? dayBefore : anniversary;',
    to: 'return addDays(anniversary, 1);',
    suites,
  },
  {
    says: 'the five years of a 29 February end on that of February',
    file: RULE,
    from: 'return addYears(dayBefore, RETENTION_YEARS) >= day ? dayBefore : anniversary;',
    to: 'return anniversary;',
    suites,
  },
  {
    says: 'what is paid is shown',
    file: RULE,
    from: "  'CONTESTADA',\n",
    to: "  'CONTESTADA',\n  'QUITADA',\n",
    suites,
  },
  {
    says: 'what is disputed is not shown',
    file: RULE,
    from: "  'CONTESTADA',\n",
    to: '',
    suites,
  },
  {
    says: 'what is due tomorrow is shown',
    file: QUERY,
    from: 'BETWEEN ${visibility.vencimentoDesde}::date AND ${visibility.hoje}::date',
    to: 'BETWEEN ${visibility.vencimentoDesde}::date AND ${visibility.hoje}::date + 1',
    suites,
  },
  {
    says: 'what is entered tomorrow is shown',
    file: QUERY,
    from: ' AND d.data_inclusao <= ${visibility.hoje}::date',
    to: '',
    suites,
  },
  {
    says: 'what was entered before the consumer was told is shown',
    file: QUERY,
    from: 'd.data_comunicacao <= d.data_inclusao AND ',
    to: '',
    suites,
  },
  {
    says: 'the debts are hidden and their total is not',
    file: QUERY,
    from: `    WHERE d.cpf = p.cpf AND \${visible(visibility)} AND \${matches(filter)}
  ) d\`;`,
    to: `    WHERE d.cpf = p.cpf AND \${matches(filter)}
  ) d\`;`,
    suites,
  },
];
