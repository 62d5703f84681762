import {
  getNullableType,
  isListType,
  isNonNullType,
  Kind,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  type OperationDefinitionNode,
} from 'graphql';
import type { Denial } from '../directives/denial.ts';
import { SelectionFilter, type FilterInput } from './filter-selections.ts';
import { Place, type PlaceField } from './place.ts';
import { usedFragments } from './read-operation.ts';

/** One denied part of an operation. */
export interface DeniedPart {
  /** Response keys from the root; no indices of lists. */
  readonly path: readonly string[];
  readonly denial: Denial;
}

type JsonObject = Record<string, unknown>;

/** How many denied parts are listed. A short document can write a field in a million places by fragments. */
const LISTED_MAX = 1_000;

/** An operation as one caller may run it. */
export interface GuardedOperation {
  /** False when nothing is denied: then everything else is as the client wrote it. */
  readonly isChanged: boolean;
  /** Tells the results for other callers and variables from this one; `''` when nothing is denied. */
  readonly key: string;
  /** The operation alone, with the fragments and variables it still uses; null when nothing is left to run. */
  readonly document: DocumentNode | null;
  readonly operation: OperationDefinitionNode | null;
  /** At most 1,000, each root field in turn. */
  readonly deniedParts: readonly DeniedPart[];
  /** Whether something at this place, above or under it is denied. @param path of the answer, with or without indices */
  isDenied(path: readonly (string | number)[]): boolean;
  /**
   * The answer that the client gets: the data of the filtered operation, with a null at each denied part, and with the
   * null moved to the nearest place that may be null.
   */
  complete(data: JsonObject | null | undefined): JsonObject | null;
}

/** The whole operation: its caller is denied nothing. */
export const unchangedOperation = (document: DocumentNode, operation: OperationDefinitionNode): GuardedOperation => ({
  isChanged: false,
  key: '',
  document,
  operation,
  deniedParts: [],
  isDenied: () => false,
  complete: (data) => data ?? null,
});

/** Filters an operation for a caller who is denied something. */
export function filteredOperation(
  input: Omit<FilterInput, 'typenameKey'>,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  key: string,
): GuardedOperation {
  const type = input.rules.schema.getRootType(operation.operation);
  if (!type) throw new Error(`the supergraph has no ${operation.operation}`);
  const definitions = [operation, ...usedFragments(operation, input.fragments)];
  const result = { ...input, typenameKey: freeKey(definitions) };
  const filter = new SelectionFilter(result);
  const set = filter.filterRoot(operation.selectionSet, type);
  if (set === operation.selectionSet) return { ...unchangedOperation(document, operation), key };

  const root = new Place({ input: result, filter }, [{ set: operation.selectionSet, type }]);
  let deniedParts: readonly DeniedPart[] | undefined;
  return {
    isChanged: true,
    key,
    ...(set ? assemble({ ...operation, selectionSet: set }, definitions, filter) : { document: null, operation: null }),
    get deniedParts() {
      return (deniedParts ??= listDenied(root));
    },
    isDenied: (path) => isDeniedAt(root, path),
    complete: (data) => (data && set ? completeObject(data, root, result.typenameKey) : null),
  };
}

/** @returns a response key that no field of these definitions has */
function freeKey(definitions: readonly (OperationDefinitionNode | FragmentDefinitionNode)[]): string {
  const used = new Set<string>();
  for (const definition of definitions) {
    visit(definition, { Field: ({ alias, name }) => void used.add((alias ?? name).value) });
  }
  let key = 'typename_';
  while (used.has(key)) key += '_';
  return key;
}

/** A document of what the filtered operation uses. Validation refuses fragments and variables that nothing uses. */
function assemble(
  filtered: OperationDefinitionNode,
  definitions: readonly (OperationDefinitionNode | FragmentDefinitionNode)[],
  filter: SelectionFilter,
): { document: DocumentNode; operation: OperationDefinitionNode } {
  const filteredFragments = definitions.flatMap((definition) =>
    definition.kind === Kind.FRAGMENT_DEFINITION ? (filter.filteredFragment(definition) ?? []) : [],
  );
  const fragments = usedFragments(
    filtered,
    new Map(filteredFragments.map((fragment) => [fragment.name.value, fragment])),
  );
  const variables = new Set<string>();
  for (const definition of [{ ...filtered, variableDefinitions: [] }, ...fragments]) {
    visit(definition, { Variable: ({ name }) => void variables.add(name.value) });
  }
  const operation = {
    ...filtered,
    variableDefinitions:
      filtered.variableDefinitions?.filter(({ variable }) => variables.has(variable.name.value)) ?? [],
  };
  return { document: { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] }, operation };
}

/**
 * Each root field in turn, so that many denied parts under one leave none of another out. Every step leads to a denied
 * part: the work is bounded by what is listed, not by what the operation could answer.
 */
function listDenied(root: Place): DeniedPart[] {
  const parts: DeniedPart[] = [];
  let walks = [...root.fields].map(([key, field]) => deniedUnder(field, [key]));
  while (walks.length > 0) {
    const open: typeof walks = [];
    for (const walk of walks) {
      const { done, value } = walk.next();
      if (done) continue;
      if (parts.length === LISTED_MAX) return parts;
      parts.push(value);
      open.push(walk);
    }
    walks = open;
  }
  return parts;
}

function* deniedUnder({ denial, inner }: PlaceField, path: readonly string[]): Generator<DeniedPart, void> {
  if (denial) yield { path, denial };
  if (!inner?.hasDenied) return;
  for (const [key, field] of inner.fields) yield* deniedUnder(field, [...path, key]);
}

function isDeniedAt(root: Place, path: readonly (string | number)[]): boolean {
  let place = root;
  for (const step of path) {
    if (typeof step === 'number') continue;
    const field = place.fields.get(step);
    if (field?.denial) return true;
    if (!field?.inner) return false;
    place = field.inner;
  }
  return place.hasDenied;
}

/** @returns null when the object has a null where none may be */
function completeObject(data: JsonObject, place: Place, typenameKey: string): JsonObject | null {
  const type = place.objectType ?? place.typeNamed(data[typenameKey]);
  if (!type) return data;
  const completed: JsonObject = {};
  for (const [key, field] of place.fieldsOf(type)) {
    const value = Object.hasOwn(data, key)
      ? completeValue(data[key], field.type, field.inner, typenameKey)
      : field.isTypename
        ? type.name
        : null;
    if (value === null && isNonNullType(field.type)) return null;
    setOwn(completed, key, value);
  }
  return completed;
}

function completeValue(
  value: unknown,
  type: GraphQLOutputType,
  place: Place | undefined,
  typenameKey: string,
): unknown {
  if (place === undefined || value === null || value === undefined) return value ?? null;
  const nullable = getNullableType(type);
  if (!isListType(nullable)) return completeObject(value as JsonObject, place, typenameKey);
  const items: unknown[] = [];
  for (const item of value as unknown[]) {
    const completed = completeValue(item, nullable.ofType as GraphQLOutputType, place, typenameKey);
    if (completed === null && isNonNullType(nullable.ofType)) return null;
    items.push(completed);
  }
  return items;
}

/** A client may call a field `__proto__`; assigned, it would become the object's prototype. */
function setOwn(object: JsonObject, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
