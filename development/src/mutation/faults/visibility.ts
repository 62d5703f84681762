import type { Fault } from '../fault.ts';

const RULE = 'subgraphs/debt/src/dividas/visibility.ts';
const QUERY = 'subgraphs/debt/src/dividas/prisma-divida-repository.ts';
const suites = ['subgraphs/debt/test/dividas/visibility'];

export const visibility: readonly Fault[] = [
  {
    description: 'the holder sees no more than third parties',
    file: RULE,
    from: '  if (isTitular) return undefined;\n',
    to: '',
    suites,
  },
  {
    description: 'third parties see what the holder sees',
    file: RULE,
    from: 'if (isTitular) return undefined;',
    to: 'if (isTitular || !isTitular) return undefined;',
    suites,
  },
  {
    description: 'a debt is shown for six years',
    file: RULE,
    from: 'const RETENTION_YEARS = 5;',
    to: 'const RETENTION_YEARS = 6;',
    suites,
  },
  {
    description: 'a debt disappears on the day before its five years end',
    file: RULE,
    from: 'return addYears(dayBefore, RETENTION_YEARS) >= day ? dayBefore : anniversary;',
    to: 'return addDays(anniversary, 1);',
    suites,
  },
  {
    description: 'the five years of a 29 February end on a day of February',
    file: RULE,
    from: 'return addYears(dayBefore, RETENTION_YEARS) >= day ? dayBefore : anniversary;',
    to: 'return anniversary;',
    suites,
  },
  {
    description: 'a paid debt is shown',
    file: RULE,
    from: "  'CONTESTADA',\n",
    to: "  'CONTESTADA',\n  'QUITADA',\n",
    suites,
  },
  {
    description: 'a disputed debt is not shown',
    file: RULE,
    from: "  'CONTESTADA',\n",
    to: '',
    suites,
  },
  {
    description: 'a debt that is due tomorrow is shown',
    file: QUERY,
    from: 'BETWEEN ${visibility.vencimentoDesde}::date AND ${visibility.hoje}::date',
    to: 'BETWEEN ${visibility.vencimentoDesde}::date AND ${visibility.hoje}::date + 1',
    suites,
  },
  {
    description: 'a debt that is included tomorrow is shown',
    file: QUERY,
    from: ' AND d.data_inclusao <= ${visibility.hoje}::date',
    to: '',
    suites,
  },
  {
    description: 'a debt that was included before the consumer was informed is shown',
    file: QUERY,
    from: 'd.data_comunicacao <= d.data_inclusao AND ',
    to: '',
    suites,
  },
  {
    description: 'hidden debts count in the total',
    file: QUERY,
    from: `    WHERE d.cpf = p.cpf AND \${isVisible(visibility)} AND \${matchesFilter(filter)}
  ) d
  WHERE`,
    to: `    WHERE d.cpf = p.cpf AND \${matchesFilter(filter)}
  ) d
  WHERE`,
    suites,
  },
];
