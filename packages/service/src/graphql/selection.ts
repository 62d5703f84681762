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

/** The key of a field in the answer: its alias, or its name. */
export const responseKey = ({ alias, name }: FieldNode): string => (alias ?? name).value;

/** Is met when all directives in `all` are met and, unless `any` is empty, at least one condition in `any` is. */
export interface Condition {
  readonly all: readonly DirectiveCondition[];
  readonly any: readonly Condition[];
}

interface DirectiveCondition {
  /** True for `@include`, false for `@skip`. */
  readonly includesIf: boolean;
  readonly value: ValueNode | undefined;
}

/** The selections with one response key, merged into one field. */
export interface SelectedField {
  readonly key: string;
  readonly name: string;
  /** The first of the merged nodes. Validation makes sure that the others have the same arguments. */
  readonly node: FieldNode;
  /** The type condition of the innermost fragment around the field; undefined without one. */
  readonly onType: string | undefined;
  /** The `@skip` and `@include` of the field and of the fragments around it; undefined when it is always included. */
  readonly condition: Condition | undefined;
  /** The fields below; undefined for a leaf. */
  readonly selection: Selection | undefined;
}

/** A selection set and the condition under which it is included. */
interface Part {
  readonly selectionSet: SelectionSetNode;
  readonly condition: Condition | undefined;
}

interface CollectedField {
  readonly node: FieldNode;
  readonly onType: string | undefined;
  readonly conditions: (Condition | undefined)[];
  readonly parts: Part[];
}

const ALWAYS: Condition = { all: [], any: [] };

/**
 * The fields of a selection, including those in fragments. A selection reads each named fragment once, even if it is spread
 * more often, so that the work is proportional to the length of the document. Inner selections are read on first use.
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

  /** One field for each response key, as if the object met every type condition. */
  get fields(): readonly SelectedField[] {
    return (this.#fields ??= this.#collect((_onType, key) => key));
  }

  field(key: string): SelectedField | undefined {
    this.#byKey ??= new Map(this.fields.map((field) => [field.key, field]));
    return this.#byKey.get(key);
  }

  /** As `fields`, but fields on a type other than `typeName` are not merged with the rest; only those have an `onType`. */
  fieldsOn(typeName: string | undefined): readonly SelectedField[] {
    const fields = this.#collect((onType, key) => (onType === typeName ? `:${key}` : `${onType ?? ''}:${key}`));
    return fields.map((field) => (field.onType === typeName ? { ...field, onType: undefined } : field));
  }

  #collect(identityOf: (onType: string | undefined, key: string) => string): SelectedField[] {
    const collected = new Map<string, CollectedField>();
    const spreadConditions = new Map<string, { readonly all: []; readonly any: Condition[] } | undefined>();
    const collect = ({ selectionSet, condition }: Part, onType: string | undefined): void => {
      for (const node of selectionSet.selections) {
        const nodeCondition = conditionOf(node.directives, condition);
        if (node.kind === Kind.FIELD) {
          const id = identityOf(onType, responseKey(node));
          const field = collected.get(id) ?? { node, onType, conditions: [], parts: [] };
          collected.set(id, field);
          field.conditions.push(nodeCondition);
          if (node.selectionSet) field.parts.push({ selectionSet: node.selectionSet, condition: nodeCondition });
          continue;
        }
        const fragment = node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(node.name.value) : node;
        if (!fragment) continue;
        const innerType = fragment.typeCondition?.name.value ?? onType;
        if (node.kind !== Kind.FRAGMENT_SPREAD) {
          collect({ selectionSet: fragment.selectionSet, condition: nodeCondition }, innerType);
          continue;
        }
        const name = node.name.value;
        if (spreadConditions.has(name)) spreadConditions.get(name)?.any.push(nodeCondition ?? ALWAYS);
        else {
          const spreadCondition = nodeCondition && { all: [] as [], any: [nodeCondition] };
          spreadConditions.set(name, spreadCondition);
          collect({ selectionSet: fragment.selectionSet, condition: spreadCondition }, innerType);
        }
      }
    };
    for (const part of this.#parts) collect(part, undefined);
    return [...collected.values()].map(({ node, onType, conditions, parts }) => ({
      key: responseKey(node),
      name: node.name.value,
      node,
      onType,
      condition: anyOf(conditions),
      selection: parts.length > 0 ? new Selection(parts, this.#fragments) : undefined,
    }));
  }
}

function conditionOf(directives: readonly DirectiveNode[] = [], outer: Condition | undefined): Condition | undefined {
  const all = directives
    .filter(({ name }) => name.value === 'skip' || name.value === 'include')
    .map((directive) => ({
      includesIf: directive.name.value === 'include',
      value: directive.arguments?.find(({ name }) => name.value === 'if')?.value,
    }));
  return all.length === 0 ? outer : { all, any: outer ? [outer] : [] };
}

function anyOf(conditions: readonly (Condition | undefined)[]): Condition | undefined {
  const conditional = conditions.filter((condition) => condition !== undefined);
  if (conditional.length < conditions.length) return undefined;
  return conditional.length === 1 ? conditional[0] : { all: [], any: conditional };
}

/** Whether `@skip` and `@include` let a field through. @param variables with their defaults */
export function isIncluded(condition: Condition | undefined, variables: Variables): boolean {
  return condition === undefined || isMet(condition, variables, new Map());
}

/** Evaluates each condition once: with nested fragments, there can be many more paths to a condition than conditions. */
function isMet(condition: Condition, variables: Variables, results: Map<Condition, boolean>): boolean {
  let result = results.get(condition);
  if (result === undefined) {
    result =
      condition.all.every(({ value, includesIf }) => value && valueFromASTUntyped(value, variables) === includesIf) &&
      (condition.any.length === 0 || condition.any.some((alternative) => isMet(alternative, variables, results)));
    results.set(condition, result);
  }
  return result;
}

const fragmentsByDocument = new WeakMap<DocumentNode, ReadonlyMap<string, FragmentDefinitionNode>>();

export function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  let fragments = fragmentsByDocument.get(document);
  if (!fragments) {
    fragments = new Map(
      document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
      ),
    );
    fragmentsByDocument.set(document, fragments);
  }
  return fragments;
}

const selectionByOperation = new WeakMap<OperationDefinitionNode, Selection>();

/** The selection of an operation; cached as long as the operation lives. */
export function selectionOf(document: DocumentNode, operation: OperationDefinitionNode): Selection {
  let selection = selectionByOperation.get(operation);
  if (!selection) {
    selection = new Selection([{ selectionSet: operation.selectionSet, condition: undefined }], fragmentsOf(document));
    selectionByOperation.set(operation, selection);
  }
  return selection;
}

/** Whether a document has one operation, which is a query. */
export function isOnlyQuery({ definitions }: DocumentNode): boolean {
  const operations = definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return operations.length === 1 && operations[0]!.operation === 'query';
}

/** The operation and each fragment that it uses, without fragments that only other operations of the document use. */
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
    const values: Record<string, unknown> = Object.create(null);
    for (const { variable, defaultValue } of operation.variableDefinitions ?? [])
      if (defaultValue) values[variable.name.value] = valueFromASTUntyped(defaultValue);
    defaultsByOperation.set(operation, (defaults = values));
  }
  return defaults;
}

/**
 * The values of an operation's variables: the sent values, including null, and defaults for the others. The object has no
 * prototype, because a variable may be called `constructor`.
 */
export const variablesOf = (operation: OperationDefinitionNode, sentVariables: Variables = {}): Variables =>
  Object.assign(Object.create(null), defaultsOf(operation), sentVariables) as Variables;
