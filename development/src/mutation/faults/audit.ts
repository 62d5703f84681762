import type { Fault } from '../fault.ts';

const SELECTION = 'packages/service/src/graphql/selection.ts';
const PEOPLE = 'packages/service/src/graphql/requested-people.ts';
const OUTCOME = 'packages/audit/src/read-outcome.ts';
const PLUGIN = 'packages/audit/src/audit-plugin.ts';
const suites = [
  'packages/audit/test/read-outcome',
  'router/test/one-reading-of-people',
  'subgraphs/debt/test/audit-trail',
  'e2e/test/audit',
];

export const audit: readonly Fault[] = [
  {
    description:
      'the default of a variable wins over its value: the audit has another person than the one who was read',
    file: SELECTION,
    from: 'Object.assign(Object.create(null), defaultsOf(operation), sentVariables)',
    to: 'Object.assign(Object.create(null), sentVariables, defaultsOf(operation))',
    suites,
  },
  {
    description: 'the default of a variable is ignored: the audit lacks a person who was read',
    file: SELECTION,
    from: 'Object.assign(Object.create(null), defaultsOf(operation), sentVariables)',
    to: 'Object.assign(Object.create(null), sentVariables)',
    suites,
  },
  {
    description: 'a field that @skip or @include excludes counts as requested',
    file: PEOPLE,
    from: '    if (!isIncluded(root.condition, variables)) return [];\n',
    to: '',
    suites,
  },
  {
    description: 'a single value in the place of a list names nobody',
    file: PEOPLE,
    from: 'Array.isArray(value) ? value : [value];',
    to: 'Array.isArray(value) ? value : [];',
    suites,
  },
  {
    description: 'the second of several people has the place of the first',
    file: PEOPLE,
    from: '[root.key, index] : [root.key]',
    to: '[root.key, 0] : [root.key]',
    suites,
  },
  {
    description: 'the audit lacks people behind a fragment',
    file: SELECTION,
    from: '        if (!fragment) continue;\n',
    to: '        if (!fragment || node.kind === Kind.FRAGMENT_SPREAD) continue;\n',
    suites,
  },
  {
    description: '@skip is read as @include',
    file: SELECTION,
    from: "includesIf: directive.name.value === 'include',",
    to: 'includesIf: true,',
    suites,
  },
  {
    description: 'a field behind two conditions needs one of them only',
    file: SELECTION,
    from: 'condition.all.every(',
    to: 'condition.all.some(',
    suites,
  },
  {
    description: 'a refused field counts as answered',
    file: OUTCOME,
    from: 'const codes = value === null ? errors.codesAt(fieldPath) : [];',
    to: 'const codes: readonly unknown[] = [];',
    suites,
  },
  {
    description: 'the audit has a refusal as a failure',
    file: OUTCOME,
    from: "wasRefused ? 'NEGADO' : 'FALHA'",
    to: "'FALHA'",
    suites,
  },
  {
    description: 'the audit has a read that failed beside a refusal as refused',
    file: OUTCOME,
    from: 'errorCodes.size === 1 && ',
    to: '',
    suites,
  },
  {
    description: 'the audit has a partial answer as a complete one',
    file: OUTCOME,
    from: "if (campos.length > 0) return { campos, resultado: 'PARCIAL' };",
    to: "if (campos.length > 0) return { campos, resultado: 'ATENDIDO' };",
    suites,
  },
  {
    description: 'the audit lacks a field that is null without an error',
    file: OUTCOME,
    from: 'else if (value === null) for (const leaf of leavesOf(field, prefix)) answered.add(leaf);',
    to: 'else if (value === null) continue;',
    suites,
  },
  {
    description: 'the audit has the aliases of the client in the place of field names',
    file: OUTCOME,
    from: 'else if (children.length === 0) answered.add(prefix + name);',
    to: 'else if (children.length === 0) answered.add(prefix + key);',
    suites,
  },
  {
    description: 'an error of a parent does not lose its children',
    file: 'packages/service/src/graphql/answer-errors.ts',
    from: '      codes.push(...node.codes);\n',
    to: '',
    suites: [...suites, 'packages/service/test/graphql/answer-errors'],
  },
  {
    description: 'the audit has an expired consent as the legal ground',
    file: 'packages/service/src/identity/viewer.ts',
    from: 'consent.ate >= today(clock)',
    to: 'consent.ate !== ""',
    suites: [
      ...suites,
      'packages/service/test/identity/viewer',
      'subgraphs/event/test/audit-trail',
      'subgraphs/event/test/access',
    ],
  },
  {
    description: 'a consent ends the day before its last',
    file: 'packages/service/src/identity/viewer.ts',
    from: 'consent.ate >= today(clock)',
    to: 'consent.ate > today(clock)',
    suites: [
      ...suites,
      'packages/service/test/identity/viewer',
      'subgraphs/event/test/audit-trail',
      'subgraphs/event/test/access',
    ],
  },
  {
    description: 'the audit has a court order for every purpose',
    file: PLUGIN,
    from: "viewer.finalidade === 'ORDEM_JUDICIAL' ? viewer.ordemJudicial : undefined",
    to: 'viewer.ordemJudicial',
    suites: [...suites, 'subgraphs/event/test/audit-trail'],
  },
  {
    description: "the audit has every read with a holder's token as the holder's own",
    file: PLUGIN,
    from: 'peloTitular: viewer.titular === read.cpf,',
    to: 'peloTitular: viewer.titular !== undefined,',
    suites: [...suites, 'subgraphs/event/test/audit-trail'],
  },
  {
    description: 'an answer leaves although the audit could not store it',
    file: PLUGIN,
    from: '        response.body.singleResult = {\n',
    to: '        const _nowhere = {\n',
    suites: [...suites, 'e2e/test/least-rights'],
  },
  {
    description: 'an answer does not wait for the audit',
    file: PLUGIN,
    from: 'await options.auditLog.record(',
    to: 'void options.auditLog.record(',
    suites: [...suites, 'e2e/test/least-rights'],
  },
  {
    description: 'a row that is sent again is stored twice',
    file: 'packages/audit/src/record-insert.ts',
    from: '\n  ON CONFLICT DO NOTHING`;',
    to: '`;',
    suites: ['packages/audit/test'],
  },
  {
    description: 'a refused inquiry is shown among the inquiries',
    file: 'packages/audit/src/access-reader.ts',
    from: "AND a.resultado IN ('ATENDIDO', 'PARCIAL')",
    to: '',
    suites: ['packages/audit/test', 'subgraphs/event/test/consultas', 'e2e/test/audit'],
  },
];
