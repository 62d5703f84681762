import type { Fault } from '../fault.ts';

const FORMS = 'operations/src/import/sheet-forms.ts';
const AMOUNTS = 'operations/src/import/sheet-amounts.ts';
const DAYS = 'operations/src/import/sheet-days.ts';
const LINES = 'operations/src/import/line-check.ts';
const MERGE = 'operations/src/import/merge-sql.ts';
const suites = ['operations/test/import/'];

export const imports: readonly Fault[] = [
  {
    description: 'an ambiguous amount is read as one with decimals',
    file: AMOUNTS,
    from: "return [mayBeThousands ? 'amount-doubt' : sign];",
    to: 'return [sign];',
    suites,
  },
  {
    description: 'a day above 12 in the second place is no clue',
    file: DAYS,
    from: "return [Number(second) > 12 ? 'month-first' : 'day-doubt'];",
    to: "return ['day-doubt'];",
    suites,
  },
  {
    description: 'zeros are added before a CPF without regard to its check digits',
    file: FORMS,
    from: 'toStrict: (text) => readCpf(toWidth(text, 11)) ?? text',
    to: 'toStrict: (text) => toWidth(text, 11) ?? text',
    suites,
  },
  {
    description: 'digits beyond the width are cut off',
    file: FORMS,
    from: 'return /^0+$/.test(surplus) ? digits.slice(-width) : undefined;',
    to: 'return digits.slice(-width);',
    suites,
  },
  {
    description: 'an amount loses its sign',
    file: AMOUNTS,
    from: "return `${amount.isNegative && !isZero ? '-' : ''}${digits}.${centavos}`;",
    to: 'return `${digits}.${centavos}`;',
    suites,
  },
  {
    description: 'one decimal is read as centavos',
    file: AMOUNTS,
    from: "decimals.slice(0, 2).padEnd(2, '0')",
    to: "decimals.slice(0, 2).padStart(2, '0')",
    suites,
  },
  {
    description: 'decimals other than zero are dropped',
    file: AMOUNTS,
    from: '!/^\\d{0,2}0*$/.test(decimals)',
    to: '!/^\\d*$/.test(decimals)',
    suites,
  },
  {
    description: 'a local time that occurred twice is read as the first',
    file: DAYS,
    from: 'return fitting.length === 1 ? fitting[0] : undefined;',
    to: 'return fitting[0];',
    suites,
  },
  {
    description: 'the second line of a key wins over the first',
    file: LINES,
    from: "else if (earlierHash !== hash) return { record, code: 'ID_REPETIDO', field: kind.key };\n",
    to: '',
    suites,
  },
  {
    description: 'a required value may be blank',
    file: LINES,
    from: "        if (isRequired) return { record, code: 'CAMPO_OBRIGATORIO', field: name };\n",
    to: '',
    suites,
  },
  {
    description: 'a line of a person that the base does not know stays staged',
    file: MERGE,
    from: "WHERE ${peopleTable ? `NOT EXISTS (SELECT FROM ${peopleTable} p WHERE p.cpf = s.cpf)` : 'false'}",
    to: 'WHERE ${peopleTable ? `false` : `false`}',
    suites,
  },
  {
    description: 'a row that already equals the line counts as changed',
    file: MERGE,
    from: 'DO UPDATE SET ${update} WHERE ${changed}',
    to: 'DO UPDATE SET ${update}',
    suites,
  },
  {
    description: 'the cache does not forget the previous owner of a row',
    file: MERGE,
    from: "return ['SELECT cpf FROM staged', ...formerPeople].join(' UNION ');",
    to: "return 'SELECT cpf FROM staged';",
    suites,
  },
  {
    description: 'a failed transaction is counted as loaded lines',
    file: 'operations/src/import/import-file.ts',
    from: 'counts.refused += outcome.refused.length;',
    to: 'counts.refused += 0;',
    suites,
  },
];
