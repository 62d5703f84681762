import { readFileSync } from 'node:fs';
import { type Service, services } from '@pessoa/domain/services';
import {
  buildSchema,
  execute,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  type GraphQLSchema,
  isEnumType,
  isObjectType,
  isScalarType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import type { JsonObject, Reply } from './generated-faults.ts';

/*
 * What the router promises of a source's reply, written with graphql-js and without the router's code. The tests give
 * the result to the executor of @apollo/gateway, and compare the answer with the router's.
 */

type Path = readonly (string | number)[];

export interface Call {
  readonly query: string;
  readonly variables: JsonObject;
}

export interface ExpectedError {
  readonly message: string;
  readonly path: Path;
  readonly extensions: { readonly code: string; readonly fonte?: string };
}

export interface ExpectedAnswer {
  readonly data: JsonObject;
  readonly errors: readonly ExpectedError[];
}

/**
 * A lost reply gives each requested person with the CPF, and an error in every other field. Of another reply, each value
 * that the schema does not allow is null with an error.
 *
 * @param fetch the fetch of the query plan
 * @param sentCall the call that the router sent for it: it requests the CPF of each person too
 */
export function expectedAnswer(fetch: Call, sentCall: Call, reply: Reply, service: Service): ExpectedAnswer {
  const fonte = services[service];
  const errorAt = (path: Path, code: string): ExpectedError => ({
    message: code,
    path,
    extensions: code.startsWith('FONTE_') ? { code, fonte } : { code },
  });
  const answerOf = (data: JsonObject, code: string, reports: readonly Report[] = []): ExpectedAnswer => {
    const result = complete(fetch, data);
    const completed = result.data as JsonObject;
    const roots = Object.keys(completed).map((key) => [key]);
    return {
      data: completed,
      errors: [
        ...reports.flatMap((report) => {
          const place = report.path ? placeIn(completed, report.path) : [];
          return (place.length > 0 ? [place] : roots).map((path) => errorAt(path, report.code));
        }),
        ...(result.errors ?? []).map(({ path }) => errorAt(path ?? [], code)),
      ],
    };
  };
  const lost = (code: string): ExpectedAnswer => {
    const answer = answerOf(lostPeople(fetch), code);
    // A refusal needs an error even if the fetch requests only what the router knows.
    if (answer.errors.length > 0 || code.startsWith('FONTE_')) return answer;
    return { ...answer, errors: Object.keys(answer.data).map((key) => errorAt([key], code)) };
  };

  if (reply.kind !== 'answers') return lost('FONTE_INDISPONIVEL');
  if (reply.isCutShort) return lost('FONTE_INVALIDA');
  if ([502, 503, 504].includes(reply.status)) return lost('FONTE_INDISPONIVEL');
  const { data, errors } = parseBody(reply.body);
  const reports = Array.isArray(errors) ? errors.map(reportOf) : [];
  const isUsable =
    reply.status < 300 && (!errors || Array.isArray(errors)) && isObject(data) && namesRequestedPeople(sentCall, data);
  if (isUsable) return answerOf(data, 'FONTE_INVALIDA', reports);
  return lost(reports[0]?.code ?? (reply.status >= 500 ? 'FONTE_INDISPONIVEL' : 'FONTE_INVALIDA'));
}

/** Checks data against an operation and the API schema. Each value that the schema does not allow has an error. */
export const complete = ({ query, variables }: Call, data: JsonObject): ExecutionResult =>
  execute({
    schema: strictSchema,
    document: parse(query),
    rootValue: data,
    variableValues: variables,
    fieldResolver(source: JsonObject, _arguments, _context, { path }) {
      const value = Object.hasOwn(source, path.key) ? source[path.key] : undefined;
      if (value === undefined) throw new Error('a requested key is absent');
      return value;
    },
  }) as ExecutionResult;

/** @returns the longest start of the path that exists in the data */
export function placeIn(data: unknown, path: Path): Path {
  let value = data;
  let length = 0;
  for (const step of path) {
    const isStep = Array.isArray(value) ? typeof step === 'number' : isObject(value) && typeof step === 'string';
    if (!isStep || !Object.hasOwn(value as object, step)) break;
    value = (value as JsonObject)[step];
    length++;
  }
  return path.slice(0, length);
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parseBody(body: string): { data?: unknown; errors?: unknown } {
  try {
    const json: unknown = JSON.parse(body);
    return isObject(json) ? json : {};
  } catch {
    return {};
  }
}

interface Report {
  readonly code: string;
  /** Undefined for an error without a readable path. */
  readonly path: Path | undefined;
}

function reportOf(error: { path?: unknown; extensions?: { code?: unknown } } | null): Report {
  const code = error?.extensions?.code;
  const isPath =
    Array.isArray(error?.path) && error.path.every((step) => typeof step === 'string' || typeof step === 'number');
  return {
    code: code === 'GRAPHQL_VALIDATION_FAILED' ? 'FONTE_INVALIDA' : isPublic(code) ? code : 'INTERNAL_SERVER_ERROR',
    path: isPath ? (error?.path as Path) : undefined,
  };
}

const isPublic = (code: unknown): code is string => code === 'FONTE_LENTA' || code === 'UNAUTHORIZED_FIELD_OR_TYPE';

/** Whether each root is the requested person, or the list of the requested people in their order. */
function namesRequestedPeople({ query, variables }: Call, data: JsonObject): boolean {
  return rootsOf(query).every((root) => {
    const key = root.alias?.value ?? root.name.value;
    const value = Object.hasOwn(data, key) ? data[key] : undefined;
    const cpfs = requestedCpfs(root, variables);
    const people: unknown = root.name.value === 'pessoas' ? value : [value];
    if (!Array.isArray(people) || people.length !== cpfs.length) return false;
    return people.every(
      (person: unknown, index) =>
        isObject(person) &&
        keysOf(root.selectionSet, 'cpf').every((cpfKey) => person[cpfKey] === cpfs[index]) &&
        keysOf(root.selectionSet, '__typename').every((typeKey) => person[typeKey] === 'Pessoa'),
    );
  });
}

/** The people of a fetch with fields that throw, except the CPF. */
function lostPeople({ query, variables }: Call): JsonObject {
  const lostPerson = (root: FieldNode, cpf: string): JsonObject =>
    Object.fromEntries(keysOf(root.selectionSet, 'cpf').map((key) => [key, cpf]));
  return Object.fromEntries(
    rootsOf(query).map((root) => {
      const people = requestedCpfs(root, variables).map((cpf) => lostPerson(root, cpf));
      return [root.alias?.value ?? root.name.value, root.name.value === 'pessoas' ? people : people[0]];
    }),
  );
}

function rootsOf(query: string): FieldNode[] {
  const [operation] = parse(query).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('a fetch starts with its operation');
  return operation.selectionSet.selections.map((selection) => {
    if (selection.kind !== Kind.FIELD) throw new Error('a fetch has only fields at its root');
    return selection;
  });
}

function requestedCpfs(root: FieldNode, variables: JsonObject): string[] {
  const { cpf, cpfs } = getArgumentValues(strictSchema.getQueryType()!.getFields()[root.name.value]!, root, variables);
  return (cpfs ?? [cpf]) as string[];
}

/** The response keys of a field in a selection of one object, in which named fragments are opened. */
const keysOf = (
  selectionSet: SelectionSetNode | undefined,
  fieldName: string,
  fragments: Readonly<Record<string, FragmentDefinitionNode>> = {}, // a person's selection uses each fragment once, and the planner keeps only those used twice
): string[] =>
  (selectionSet?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.FIELD)
      return selection.name.value === fieldName ? [selection.alias?.value ?? selection.name.value] : [];
    const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection;
    return keysOf(fragment?.selectionSet, fieldName, fragments);
  });

const leafChecks: Readonly<Record<string, (value: unknown) => boolean>> = {
  Int: (value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31,
  Float: (value) => typeof value === 'number',
  Boolean: (value) => typeof value === 'boolean',
  ID: (value) => typeof value === 'string' || Number.isInteger(value),
};

const strictSchema = readStrictSchema();

/** The API schema. It takes leaves only in the form in which JSON has them, and objects only with their own type. */
function readStrictSchema(): GraphQLSchema {
  const schema = buildSchema(readFileSync(new URL('../../../schema/api.graphql', import.meta.url), 'utf8'));
  for (const type of Object.values(schema.getTypeMap())) {
    if (isScalarType(type) || isEnumType(type)) {
      const isValid = isEnumType(type)
        ? (value: unknown) => type.getValues().some(({ name }) => name === value)
        : (leafChecks[type.name] ?? ((value: unknown) => typeof value === 'string'));
      type.serialize = (value) => {
        if (!isValid(value)) throw new Error(`not a value of ${type.name}`);
        return value;
      };
    } else if (isObjectType(type)) {
      type.isTypeOf = (value, _context, { fieldNodes, fragments }) => {
        if (!isObject(value)) return false;
        if (type.name === 'Pessoa') return true; // namesRequestedPeople checks people
        const typeKeys = fieldNodes.flatMap(({ selectionSet }) => keysOf(selectionSet, '__typename', fragments));
        return (
          typeKeys.every((key) => value[key] === type.name) &&
          [undefined, type.name].includes(value['__typename'] as never)
        );
      };
    }
  }
  return schema;
}
