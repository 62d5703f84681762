import {
  getNullableType,
  isAbstractType,
  isListType,
  isNonNullType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { isIncluded, type Variables } from '../directives/conditions.ts';
import type { Denial } from '../directives/denial.ts';
import type { Rule } from '../directives/rule.ts';
import type { Fragments } from './read-operation.ts';
import { returnedComposite, type SupergraphRules } from './supergraph-rules.ts';

/** What one filtering of one operation depends on. */
export interface FilterInput {
  readonly rules: SupergraphRules;
  readonly fragments: Fragments;
  /** With their defaults: `@skip` and `@include` depend on them. */
  readonly variables: Variables;
  readonly denialOf: (rule: Rule) => Denial | undefined;
  /** See `OperationGuardOptions`. */
  readonly denyBehindNull: boolean;
  /** A response key that the operation does not use, for the types of objects that only their data tells. */
  readonly typenameKey: string;
}

/** How much of a selection the caller may read, of what `@skip` and `@include` leave in. */
const remains = { nothing: 0, typename: 1, field: 2 } as const;
type Remainder = (typeof remains)[keyof typeof remains];

/** A selection set or a fragment after the filter. */
interface Filtered {
  /** Undefined when nothing is left. */
  readonly set: SelectionSetNode | undefined;
  readonly remainder: Remainder;
  readonly isChanged: boolean;
  /** Something that the operation includes was denied right here, not in the selection of a field that is left. */
  readonly hasDenied: boolean;
  /** What was denied may not be null, so that every object of the type is null. */
  readonly nullsParent: boolean;
}

/**
 * Takes out of an operation what its caller is denied. It visits each selection set of the document once, so it is
 * linear in the document.
 */
export class SelectionFilter {
  /** Selection sets of the original document of which something was taken out, at any depth. */
  readonly changed = new WeakSet<SelectionSetNode>();
  /** Those of them in which something that the operation includes was denied. */
  readonly denied = new WeakSet<SelectionSetNode>();
  readonly #input: FilterInput;
  readonly #byFragment = new Map<string, Filtered>();

  constructor(input: FilterInput) {
    this.#input = input;
  }

  /** @returns undefined when nothing is left that could be answered */
  filterRoot(set: SelectionSetNode, type: GraphQLCompositeType): SelectionSetNode | undefined {
    const filtered = this.#filterSet(set, type);
    if (!filtered.isChanged) return set;
    return filtered.nullsParent ? undefined : this.#settle(filtered, type);
  }

  /** The fragments that the filtered operation may spread. */
  filteredFragment(fragment: FragmentDefinitionNode): FragmentDefinitionNode | undefined {
    const set = this.#byFragment.get(fragment.name.value)?.set;
    return set && { ...fragment, selectionSet: set };
  }

  #filterSet(set: SelectionSetNode, type: GraphQLCompositeType): Filtered {
    const results = set.selections.map((node) => this.#filterSelection(node, type));
    const isChanged = results.some((result) => result.isChanged);
    const hasDenied = results.some((result) => result.hasDenied);
    if (isChanged) this.changed.add(set);
    if (hasDenied || results.some((result) => result.hasDeniedBelow)) this.denied.add(set);
    const selections = results.flatMap(({ node }) => node ?? []);
    const most = Math.max(...results.map((result) => (result.node ? result.remainder : remains.nothing))) as Remainder;
    return {
      remainder: most,
      set: isChanged ? (most > remains.nothing ? { ...set, selections } : undefined) : set,
      isChanged,
      hasDenied,
      nullsParent: results.some((result) => result.nullsParent),
    };
  }

  #filterSelection(node: SelectionNode, type: GraphQLCompositeType): FilteredSelection {
    const isIn = isIncluded(node, this.#input.variables);
    const result =
      node.kind === Kind.FIELD
        ? this.#filterField(node, type)
        : node.kind === Kind.INLINE_FRAGMENT
          ? this.#filterFragment(node, type)
          : this.#filterSpread(node, type);
    // Nobody asks for it: it goes without an error when something in it is denied.
    return isIn ? result : { ...(result.isChanged ? DROPPED : result), remainder: remains.nothing };
  }

  #filterField(node: FieldNode, parent: GraphQLCompositeType): FilteredSelection {
    const name = node.name.value;
    const rule = this.#input.rules.ruleOf(parent, name);
    const type = fieldType(parent, name);
    if (rule && this.#input.denialOf(rule)) return denied(type);
    const returned = returnedComposite(parent, name);
    if (!node.selectionSet || !returned) return keep(node);
    const inner = this.#filterSet(node.selectionSet, returned);
    if (!inner.isChanged) return keep(node);
    const set = inner.nullsParent && type && !isListType(getNullableType(type)) ? undefined : this.#settle(inner, returned); // prettier-ignore
    if (!set) return denied(type);
    return {
      node: { ...node, selectionSet: set },
      remainder: remains.field,
      isChanged: true,
      hasDenied: false,
      hasDeniedBelow: this.denied.has(node.selectionSet),
      nullsParent: false,
    };
  }

  #filterFragment(
    node: Extract<SelectionNode, { kind: Kind.INLINE_FRAGMENT }>,
    parent: GraphQLCompositeType,
  ): FilteredSelection {
    const type = this.#conditionType(node.typeCondition?.name.value) ?? parent;
    const inner = this.#filterSet(node.selectionSet, type);
    if (!inner.isChanged) return { ...keep(node), remainder: inner.remainder };
    return {
      ...this.#fragmentResult(inner, node.selectionSet, type, parent),
      node: inner.set && { ...node, selectionSet: inner.set },
    };
  }

  #filterSpread(
    node: Extract<SelectionNode, { kind: Kind.FRAGMENT_SPREAD }>,
    parent: GraphQLCompositeType,
  ): FilteredSelection {
    const fragment = this.#input.fragments.get(node.name.value);
    const type = this.#conditionType(fragment?.typeCondition.name.value);
    if (!fragment || !type) return keep(node);
    let inner = this.#byFragment.get(node.name.value);
    if (!inner) this.#byFragment.set(node.name.value, (inner = this.#filterSet(fragment.selectionSet, type)));
    if (!inner.isChanged) return { ...keep(node), remainder: inner.remainder };
    return { ...this.#fragmentResult(inner, fragment.selectionSet, type, parent), node: inner.set && node };
  }

  #fragmentResult(
    inner: Filtered,
    original: SelectionSetNode,
    type: GraphQLCompositeType,
    parent: GraphQLCompositeType,
  ): Omit<FilteredSelection, 'node'> {
    return {
      remainder: inner.remainder,
      isChanged: true,
      hasDenied: inner.hasDenied,
      hasDeniedBelow: this.denied.has(original),
      nullsParent: inner.nullsParent && covers(this.#input.rules.schema, type, parent),
    };
  }

  /** The selection of a field after the filter; undefined when the field itself must go. */
  #settle(filtered: Filtered, type: GraphQLCompositeType): SelectionSetNode | undefined {
    const isHidden = this.#input.denyBehindNull && filtered.remainder === remains.typename;
    if (filtered.hasDenied && (!filtered.set || isHidden)) return undefined;
    // An empty selection is no document: here only parts that nobody asks for were taken out. And of an abstract type, the
    // object's own type decides which denied fields its answer must have.
    const needsTypename = !filtered.set || isAbstractType(type);
    if (!needsTypename) return filtered.set;
    return { kind: Kind.SELECTION_SET, selections: [...(filtered.set?.selections ?? []), typename(this.#input.typenameKey)] }; // prettier-ignore
  }

  #conditionType(name: string | undefined): GraphQLCompositeType | undefined {
    return name === undefined
      ? undefined
      : (this.#input.rules.schema.getType(name) as GraphQLCompositeType | undefined);
  }
}

interface FilteredSelection {
  readonly node: SelectionNode | undefined;
  readonly remainder: Remainder;
  readonly isChanged: boolean;
  readonly hasDenied: boolean;
  readonly hasDeniedBelow: boolean;
  readonly nullsParent: boolean;
}

const UNCHANGED = {
  remainder: remains.nothing,
  isChanged: false,
  hasDenied: false,
  hasDeniedBelow: false,
  nullsParent: false,
};
const DROPPED: FilteredSelection = { ...UNCHANGED, node: undefined, isChanged: true };

const keep = (node: SelectionNode): FilteredSelection => ({
  ...UNCHANGED,
  node,
  remainder: node.kind === Kind.FIELD && node.name.value === '__typename' ? remains.typename : remains.field,
});

const denied = (type: GraphQLOutputType | undefined): FilteredSelection => ({
  node: undefined,
  remainder: remains.nothing,
  isChanged: true,
  hasDenied: true,
  hasDeniedBelow: false,
  nullsParent: isNonNullType(type),
});

const fieldType = (parent: GraphQLCompositeType, name: string): GraphQLOutputType | undefined =>
  'getFields' in parent ? parent.getFields()[name]?.type : undefined;

/** Whether every object of a type meets a type condition. */
function covers(schema: GraphQLSchema, condition: GraphQLCompositeType, type: GraphQLCompositeType): boolean {
  if (condition === type) return true;
  if (!isAbstractType(condition)) return false;
  const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  return possible.every((object) => schema.isSubType(condition, object));
}

const typename = (key: string): FieldNode => ({
  kind: Kind.FIELD,
  alias: { kind: Kind.NAME, value: key },
  name: { kind: Kind.NAME, value: '__typename' },
});
