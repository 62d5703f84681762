import type { Fault } from '../fault.ts';

const SELECTION = 'packages/service/src/graphql/selection.ts';
const PEOPLE = 'packages/service/src/graphql/requested-people.ts';
const OUTCOME = 'packages/audit/src/read-outcome.ts';
const PLUGIN = 'packages/audit/src/audit-plugin.ts';
const suites = [
  'packages/audit/test/read-outcome',
  'router/test/one-reading-of-people',
  'subgraphs/debt/test/debt-audit',
  'e2e/test/audit',
];

export const audit: readonly Fault[] = [
  {
    says: 'the default of a variable wins over its value: another person is written down than the one read',
    file: SELECTION,
    from: 'Object.assign(Object.create(null), defaultsOf(operation), given)',
    to: 'Object.assign(Object.create(null), given, defaultsOf(operation))',
    suites,
  },
  {
    says: 'the default of a variable is not read: a person is read and not written down',
    file: SELECTION,
    from: 'Object.assign(Object.create(null), defaultsOf(operation), given)',
    to: 'Object.assign(Object.create(null), given)',
    suites,
  },
  {
    says: 'what @skip and @include leave out counts as asked for',
    file: PEOPLE,
    from: '    if (!isAskedFor(root.when, variables)) return [];\n',
    to: '',
    suites,
  },
  {
    says: 'a single value where a list is expected is nobody',
    file: PEOPLE,
    from: 'Array.isArray(value) ? value : [value];',
    to: 'Array.isArray(value) ? value : [];',
    suites,
  },
  {
    says: 'the second of several people has the place of the first',
    file: PEOPLE,
    from: '[root.key, index] : [root.key]',
    to: '[root.key, 0] : [root.key]',
    suites,
  },
  {
    says: 'people behind a fragment are not written down',
    file: SELECTION,
    from: '        if (!fragment) continue;\n',
    to: '        if (!fragment || node.kind === Kind.FRAGMENT_SPREAD) continue;\n',
    suites,
  },
  {
    says: '@skip is read as @include',
    file: SELECTION,
    from: "keepsWhen: directive.name.value === 'include',",
    to: 'keepsWhen: true,',
    suites,
  },
  {
    says: 'a field behind two conditions needs one of them only',
    file: SELECTION,
    from: 'when.all.every(',
    to: 'when.all.some(',
    suites,
  },
  {
    says: 'a refused field counts as answered',
    file: OUTCOME,
    from: 'const codes = value === null ? errors.codesAt(fieldPath) : [];',
    to: 'const codes: readonly unknown[] = [];',
    suites,
  },
  {
    says: 'a refusal is written down as a failure',
    file: OUTCOME,
    from: "errorCodes.has('UNAUTHORIZED_FIELD_OR_TYPE') ? 'NEGADO' : 'FALHA'",
    to: "'FALHA'",
    suites,
  },
  {
    says: 'an answer in part is written down as the whole',
    file: OUTCOME,
    from: "if (campos.length > 0) return { campos, resultado: 'PARCIAL' };",
    to: "if (campos.length > 0) return { campos, resultado: 'ATENDIDO' };",
    suites,
  },
  {
    says: 'a field that is null without an error is not written down',
    file: OUTCOME,
    from: 'else if (value === null) for (const leaf of leavesOf(field, prefix)) answered.add(leaf);',
    to: 'else if (value === null) continue;',
    suites,
  },
  {
    says: 'fields are written down by the alias of the client',
    file: OUTCOME,
    from: 'else if (children.length === 0) answered.add(prefix + name);',
    to: 'else if (children.length === 0) answered.add(prefix + key);',
    suites,
  },
  {
    says: 'an error of a parent does not lose its children',
    file: 'packages/service/src/graphql/answer-errors.ts',
    from: '      codes.push(...place.here);\n',
    to: '',
    suites: [...suites, 'packages/service/test/graphql/answer-errors'],
  },
  {
    says: 'an expired consent is written down as the reason',
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
    says: 'a consent ends the day before its last',
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
    says: 'a court order is written down whatever the purpose',
    file: PLUGIN,
    from: "viewer.finalidade === 'ORDEM_JUDICIAL' ? viewer.ordemJudicial : undefined",
    to: 'viewer.ordemJudicial',
    suites: [...suites, 'subgraphs/event/test/audit-trail'],
  },
  {
    says: "every read by a holder's token is the holder's own",
    file: PLUGIN,
    from: 'peloTitular: viewer.titular === read.cpf,',
    to: 'peloTitular: viewer.titular !== undefined,',
    suites: [...suites, 'subgraphs/event/test/audit-trail'],
  },
  {
    says: 'an answer that could not be written down leaves',
    file: PLUGIN,
    from: '            response.body.singleResult = {\n',
    to: '            const _nowhere = {\n',
    suites: [...suites, 'e2e/test/least-rights'],
  },
  {
    says: 'nobody waits until a read is written down',
    file: PLUGIN,
    from: 'await options.auditLog.record(',
    to: 'void options.auditLog.record(',
    suites: [...suites, 'e2e/test/least-rights'],
  },
  {
    says: 'a row is written twice when it is sent again',
    file: 'packages/audit/src/audit-log.ts',
    from: '\n  ON CONFLICT DO NOTHING`;',
    to: '`;',
    suites: ['packages/audit/test'],
  },
  {
    says: 'what was refused is shown among the inquiries',
    file: 'packages/audit/src/access-reader.ts',
    from: "AND a.resultado IN ('ATENDIDO', 'PARCIAL')",
    to: '',
    suites: ['packages/audit/test', 'subgraphs/event/test/consultas', 'e2e/test/audit'],
  },
];
