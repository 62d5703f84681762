import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';

export type Variables = Readonly<Record<string, unknown>>;

/** The name under which an answer has a field. */
export const responseKey = ({ alias, name }: FieldNode): string => (alias ?? name).value;

/** Holds when all its own conditions hold, and any of the places it is reached by (none: there is nothing else to hold). */
export interface When {
  readonly all: readonly Condition[];
  readonly any: readonly When[];
}

interface Condition {
  /** True for `@include`, false for `@skip`. */
  readonly keepsWhen: boolean;
  readonly value: ValueNode | undefined;
}

/** All that is written under one response key, as one field. */
export interface SelectedField {
  readonly key: string;
  readonly name: string;
  /** The first that was written; validation has seen to it that the others have the same arguments. */
  readonly node: FieldNode;
  /** The type of the innermost fragment around it, if any. */
  readonly onType: string | undefined;
  /** `@skip` and `@include` on the way to it; undefined: it is always asked for. */
  readonly when: When | undefined;
  /** Undefined for a leaf. */
  readonly selection: Selection | undefined;
}

/** A selection set and what must hold for it to count. */
interface Part {
  readonly selectionSet: SelectionSetNode;
  readonly when: When | undefined;
}

interface FoundField {
  readonly node: FieldNode;
  readonly onType: string | undefined;
  readonly whens: (When | undefined)[];
  readonly parts: Part[];
}

const ALWAYS: When = { all: [], any: [] };

/**
 * The fields of a selection, with fragments opened. Each named fragment is opened once a selection, wherever it is spread,
 * so that a selection costs no more than the document is long. What is inside is read when it is asked for, once.
 */
export class Selection {
  readonly #parts: readonly Part[];
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  #fields: readonly SelectedField[] | undefined;
  #byKey: ReadonlyMap<string, SelectedField> | undefined;

  constructor(parts: readonly Part[], fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#parts = parts;
    this.#fragments = fragments;
  }

  /** By response key, as for an object whose type meets every type condition. */
  get fields(): readonly SelectedField[] {
    return (this.#fields ??= this.#collect((_onType, key) => key));
  }

  field(key: string): SelectedField | undefined {
    this.#byKey ??= new Map(this.fields.map((field) => [field.key, field]));
    return this.#byKey.get(key);
  }

  /** As `fields`, but with fields apart that are asked for on another type than this one; those have an `onType`. */
  fieldsOn(typeName: string | undefined): readonly SelectedField[] {
    const fields = this.#collect((onType, key) => (onType === typeName ? `:${key}` : `${onType ?? ''}:${key}`));
    return fields.map((field) => (field.onType === typeName ? { ...field, onType: undefined } : field));
  }

  #collect(identityOf: (onType: string | undefined, key: string) => string): SelectedField[] {
    const found = new Map<string, FoundField>();
    const opened = new Map<string, { readonly all: []; readonly any: When[] } | undefined>();
    const collect = ({ selectionSet, when }: Part, onType: string | undefined): void => {
      for (const node of selectionSet.selections) {
        const here = whenOf(node.directives, when);
        if (node.kind === Kind.FIELD) {
          const id = identityOf(onType, responseKey(node));
          const field = found.get(id) ?? { node, onType, whens: [], parts: [] };
          found.set(id, field);
          field.whens.push(here);
          if (node.selectionSet) field.parts.push({ selectionSet: node.selectionSet, when: here });
          continue;
        }
        const fragment = node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(node.name.value) : node;
        if (!fragment) continue;
        const inner = fragment.typeCondition?.name.value ?? onType;
        if (node.kind !== Kind.FRAGMENT_SPREAD) {
          collect({ selectionSet: fragment.selectionSet, when: here }, inner);
          continue;
        }
        const name = node.name.value;
        if (opened.has(name)) opened.get(name)?.any.push(here ?? ALWAYS);
        else {
          const entry = here && { all: [] as [], any: [here] };
          opened.set(name, entry);
          collect({ selectionSet: fragment.selectionSet, when: entry }, inner);
        }
      }
    };
    for (const part of this.#parts) collect(part, undefined);
    return [...found.values()].map(({ node, onType, whens, parts }) => ({
      key: responseKey(node),
      name: node.name.value,
      node,
      onType,
      when: anyOf(whens),
      selection: parts.length > 0 ? new Selection(parts, this.#fragments) : undefined,
    }));
  }
}

function whenOf(directives: readonly DirectiveNode[] = [], outer: When | undefined): When | undefined {
  const all = directives
    .filter(({ name }) => name.value === 'skip' || name.value === 'include')
    .map((directive) => ({
      keepsWhen: directive.name.value === 'include',
      value: directive.arguments?.find(({ name }) => name.value === 'if')?.value,
    }));
  return all.length === 0 ? outer : { all, any: outer ? [outer] : [] };
}

function anyOf(whens: readonly (When | undefined)[]): When | undefined {
  const conditional = whens.filter((when) => when !== undefined);
  if (conditional.length < whens.length) return undefined;
  return conditional.length === 1 ? conditional[0] : { all: [], any: conditional };
}

/** @param variables with their defaults */
export function isAskedFor(when: When | undefined, variables: Variables): boolean {
  return when === undefined || holds(when, variables, new Map());
}

/** Each place is looked at once: nested fragments under conditions have more ways to a field than places. */
function holds(when: When, variables: Variables, known: Map<When, boolean>): boolean {
  let result = known.get(when);
  if (result === undefined) {
    result =
      when.all.every(({ value, keepsWhen }) => value && valueFromASTUntyped(value, variables) === keepsWhen) &&
      (when.any.length === 0 || when.any.some((one) => holds(one, variables, known)));
    known.set(when, result);
  }
  return result;
}

const fragmentsByDocument = new WeakMap<DocumentNode, ReadonlyMap<string, FragmentDefinitionNode>>();

export function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  let fragments = fragmentsByDocument.get(document);
  if (!fragments) {
    fragments = new Map(
      document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
    );
    fragmentsByDocument.set(document, fragments);
  }
  return fragments;
}

const selectionByOperation = new WeakMap<OperationDefinitionNode, Selection>();

/** What an operation selects. Remembered for as long as the operation is. */
export function selectionOf(document: DocumentNode, operation: OperationDefinitionNode): Selection {
  let selection = selectionByOperation.get(operation);
  if (!selection) {
    selection = new Selection([{ selectionSet: operation.selectionSet, when: undefined }], fragmentsOf(document));
    selectionByOperation.set(operation, selection);
  }
  return selection;
}

/** The operation and the fragments that it uses, each once; not those that only other operations of the document use. */
export function definitionsUsedBy(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly (OperationDefinitionNode | FragmentDefinitionNode)[] {
  const fragments = fragmentsOf(document);
  const used = new Set<OperationDefinitionNode | FragmentDefinitionNode>([operation]);
  const follow = ({ selections }: SelectionSetNode): void => {
    for (const node of selections) {
      if (node.kind !== Kind.FRAGMENT_SPREAD) {
        if (node.selectionSet) follow(node.selectionSet);
        continue;
      }
      const fragment = fragments.get(node.name.value);
      if (!fragment || used.has(fragment)) continue;
      used.add(fragment);
      follow(fragment.selectionSet);
    }
  };
  follow(operation.selectionSet);
  return [...used];
}

const defaultsByOperation = new WeakMap<OperationDefinitionNode, Variables>();

function defaultsOf(operation: OperationDefinitionNode): Variables {
  let defaults = defaultsByOperation.get(operation);
  if (!defaults) {
    const found: Record<string, unknown> = Object.create(null);
    for (const { variable, defaultValue } of operation.variableDefinitions ?? [])
      if (defaultValue) found[variable.name.value] = valueFromASTUntyped(defaultValue);
    defaultsByOperation.set(operation, (defaults = found));
  }
  return defaults;
}

/**
 * The values of an operation's variables: what was sent, a null included, and the default of what was not sent.
 * Without a prototype: a variable may be called `constructor`.
 */
export const variablesOf = (operation: OperationDefinitionNode, given: Variables = {}): Variables =>
  Object.assign(Object.create(null), defaultsOf(operation), given) as Variables;
