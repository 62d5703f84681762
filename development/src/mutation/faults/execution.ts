import type { Fault } from '../fault.ts';

const READER = 'router/src/execution/answer-data.ts';
const PROJECTOR = 'router/src/execution/projector.ts';
const ANSWER = 'router/src/execution/subgraph-answer.ts';
const suites = ['router/test'];

export const execution: readonly Fault[] = [
  {
    description: 'an answer about another person is accepted',
    file: READER,
    from: 'cpfKey !== undefined && value[cpfKey] !== cpf',
    to: "cpfKey === '' && value[cpfKey] !== cpf",
    suites,
  },
  {
    description: 'a list of people may be shorter than requested',
    file: READER,
    from: '!Array.isArray(value) || value.length !== people.length',
    to: '!Array.isArray(value) || value.length > people.length',
    suites,
    survivesBecause: 'a missing person is no object, and the whole answer is refused for that',
  },
  {
    description: 'a key that is absent is null',
    file: READER,
    from: 'const checkedValue = value === undefined ? this.#reportInvalid() : this.#readValue(shape, value);',
    to: 'const checkedValue = value === undefined ? null : this.#readValue(shape, value);',
    suites,
  },
  {
    description: 'a null that is not allowed passes',
    file: READER,
    from: 'if (value === null) return shape.isNonNull ? this.#reportInvalid() : null;',
    to: 'if (value === null) return null;',
    suites,
  },
  {
    description: 'a leaf of another type passes',
    file: READER,
    from: 'return shape.isValid(value) ? value : this.#reportInvalid();',
    to: 'return value;',
    suites,
  },
  {
    description: 'keys that were not requested overwrite those of another source',
    file: READER,
    from: '    const person: JsonObject = {};\n    for (const field of shape.fields) {\n      if (!isFieldRequested',
    to: '    const person: JsonObject = { ...value };\n    for (const field of shape.fields) {\n      if (!isFieldRequested',
    suites,
  },
  {
    description: 'a missing root field has no error',
    file: READER,
    from: "    if (value === undefined) throw new UnusableAnswerError('a root is absent');\n",
    to: '    if (value === undefined) return null;\n',
    suites,
  },
  {
    description: 'an answer of status 500 is read like any other',
    file: ANSWER,
    from: "isOk ? body?.['data'] : undefined",
    to: "body?.['data']",
    suites,
  },
  {
    description: 'an error without a path is lost',
    file: ANSWER,
    from: 'return fetchPath ? [errorAt(fetchPath, loss)] : shape.roots.map(({ key }) => errorAt([key], loss));',
    to: 'return fetchPath ? [errorAt(fetchPath, loss)] : [];',
    suites,
  },
  {
    description: 'an invalid value has no error',
    file: ANSWER,
    from: ".map((path) => errorAt(path, lossOf('FONTE_INVALIDA', fonte))),",
    to: '.flatMap(() => []),',
    suites,
  },
  {
    description: "a source's error is repeated for the null at its path",
    file: ANSWER,
    from: 'reportedPaths.size === 0 || !reportedPaths.has(JSON.stringify(path))',
    to: 'reportedPaths.size >= 0',
    suites,
  },
  {
    description: "a source's path is passed on without a check",
    file: ANSWER,
    from: 'const fetchPath = path && pathWithinFetch(shape, path);',
    to: 'const fetchPath = path;',
    suites,
  },
  {
    description: "the router replaces a source's `motivo` by its own",
    file: ANSWER,
    from: '    if (firstReport) return createStandInAnswer(shape, variables, firstReport.loss);\n',
    to: '',
    suites,
  },
  {
    description: 'an object of another type is projected',
    file: PROJECTOR,
    from: 'if (value !== undefined && value !== typeName)',
    to: 'if ((value as unknown) === 0)',
    suites,
  },
  {
    description: 'an object with a key that nobody requested is passed on as it is',
    file: PROJECTOR,
    from: 'return count === fields.length;',
    to: 'return true;',
    suites,
  },
  {
    description: 'an object whose keys have another order is passed on as it is',
    file: PROJECTOR,
    from: 'if (fields[count]?.key !== key) return false;',
    to: 'if (!fields.some((field) => field.key === key)) return false;',
    suites,
  },
  {
    description: 'operations with conditions are compiled as if they had none',
    file: PROJECTOR,
    from: '    if (nodes.some(({ directives }) => directives?.length)) return false;\n',
    to: '',
    suites,
  },
  {
    description: 'fragments on other types are compiled as if they were on this one',
    file: PROJECTOR,
    from: 'if (directives?.length || (typeCondition && typeCondition.name.value !== type.name)) return false;',
    to: 'if (directives?.length) return false;',
    suites,
    survivesBecause:
      'the graph has no abstract type: validation refuses a fragment on another type before anything is compiled',
  },
  {
    description: 'lists of several sources are merged by the length of the first',
    file: PROJECTOR,
    from: 'Array.isArray(list) && list.length === first.length',
    to: 'Array.isArray(list)',
    suites,
    survivesBecause: 'the answer reader refuses a list of the wrong length before the merge',
  },
  {
    description: 'variables that occur twice in a fetch have the value of the first',
    file: 'router/src/execution/compiling-gateway.ts',
    from: 'if (requestVariables[name] !== undefined && Object.hasOwn(requestVariables, name))',
    to: 'if (requestVariables[name] != null && Object.hasOwn(requestVariables, name))',
    suites,
  },
  {
    description: 'answers that were received are fetched again',
    file: 'router/src/execution/compiling-gateway.ts',
    from: 'return replayed ? Promise.resolve(replayed.answer) : dataSource.process(options as never);',
    to: 'return dataSource.process(options as never);',
    suites,
  },
  {
    description: 'an object below a person may lack its requested type',
    file: READER,
    from: 'if (value[field.key] !== typeName) return this.#reportInvalid();',
    to: 'if ((value[field.key] ?? typeName) !== typeName) return this.#reportInvalid();',
    suites,
  },
  {
    description: "an error's path reaches beyond what the fetch requests",
    file: 'router/src/execution/fetch-shape.ts',
    from: 'return length === 0 ? undefined : path.slice(0, length);',
    to: 'return length === 0 ? undefined : path;',
    suites,
  },
];

export const limits: readonly Fault[] = [
  {
    description: 'a list of 101 CPFs is accepted',
    file: 'packages/domain/src/paging.ts',
    from: 'length > CPFS_MAX',
    to: 'length > CPFS_MAX + 1',
    suites: ['packages/domain/test/paging', 'router/test/limits'],
  },
  {
    description: 'arguments behind a fragment have no limit',
    file: 'router/src/limits/argument-limits.ts',
    from: 'for (const definition of definitionsUsedBy(document, operation)) {',
    to: 'for (const definition of [operation]) {',
    suites,
  },
  {
    description: 'a variable without a value is valid in a place that needs one',
    file: 'router/src/limits/variable-check.ts',
    from: 'if (!Object.hasOwn(variables, name)) return mayBeAbsent;',
    to: 'if (!Object.hasOwn(variables, name)) return true;',
    suites,
  },
];
