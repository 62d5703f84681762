import { fragmentsOf, type Variables } from '@pessoa/service/graphql/selection';
import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLObjectType,
  isAbstractType,
  isCompositeType,
  isListType,
  type OperationDefinitionNode,
  print,
  type SelectionSetNode,
} from 'graphql';
import { collectFields, type CollectOptions } from './collect-fields.ts';
import type { CostRules } from './cost-rules.ts';
import { argumentsWeight } from './input-weight.ts';
import { checkSlicing, LIST_SIZE_DEFAULT, listSizeOf } from './list-sizes.ts';
import { maxOf, productOf, sumOf, type Term } from './term.ts';

/** A read of a source, shared by all fields of the operation that have the same place in the schema and arguments. */
export interface Read {
  readonly weight: Term;
}

/** What an operation asks of the objects of one type. */
export interface ObjectPlan {
  readonly typeName: string;
  readonly weight: number;
  readonly fields: readonly FieldPlan[];
  /** What its fields read. */
  readonly reads: readonly Read[];
  /** The weight of such an object and of everything in it, without reads. */
  readonly total: Term;
}

export interface FieldPlan {
  /** Its key in the answer. */
  readonly key: string;
  /** The weight of one of its values, when it is not an object. */
  readonly leafWeight: number;
  /** One plan for each type that its objects may have. */
  readonly objects: readonly ObjectPlan[];
  readonly size: Term;
}

/** The cost of one operation, as a function of its variables. */
export interface CostPlan {
  readonly root: ObjectPlan;
  readonly reads: readonly Read[];
  /** The root, and the objects of its fields without what is in them. */
  readonly people: Term;
  readonly total: Term;
}

/** Any `__schema` or `__type` costs this, whatever is asked of it: it reads no source. */
export const INTROSPECTION_WEIGHT = 100;

/** The most fields of a plan. The limits of documents allow a fifth of it, but not every user of this module has them. */
const FIELDS_MAX = 10_000;

/**
 * Makes the plan of one operation, whose document is valid.
 *
 * @param variables those of `@skip` and `@include`
 * @throws GraphQLError BAD_USER_INPUT where an operation must give exactly one slicing argument, and does not
 */
export function compileCost(
  rules: CostRules,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): CostPlan {
  const type = rules.schema.getRootType(operation.operation);
  if (!type) throw new Error(`the supergraph has no ${operation.operation}`);
  return new CostCompiler(rules, { schema: rules.schema, fragments: fragmentsOf(document), variables }).compile(type, operation.selectionSet); // prettier-ignore
}

/** A field of the operation on one type. */
interface Place {
  readonly type: GraphQLObjectType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly node: FieldNode;
  /** Names the read that the field would be. */
  readonly path: string;
}

class CostCompiler {
  readonly #rules: CostRules;
  readonly #options: CollectOptions;
  readonly #reads = new Map<string, Read>();
  #fields = 0;

  constructor(rules: CostRules, options: CollectOptions) {
    this.#rules = rules;
    this.#options = options;
  }

  compile(type: GraphQLObjectType, set: SelectionSetNode): CostPlan {
    const root = this.#object(type, [set], '', new Map());
    const reads = [...this.#reads.values()];
    return {
      root,
      reads,
      people: sumOf([
        root.weight,
        ...root.fields.map(({ size, objects }) => productOf(size, maxOf(objects.map(({ weight }) => weight)))),
      ]),
      total: this.#fields > FIELDS_MAX ? Infinity : sumOf([root.total, ...reads.map(({ weight }) => weight)]),
    };
  }

  /** @param sizes of the lists that the field before gives a size */
  #object(
    type: GraphQLObjectType,
    sets: readonly SelectionSetNode[],
    path: string,
    sizes: ReadonlyMap<string, Term>,
  ): ObjectPlan {
    const weight = this.#rules.typeWeight(type);
    const reads = new Set<Read>();
    const fields: FieldPlan[] = [];
    for (const { key, node, selectionSets } of collectFields(sets, type, this.#options)) {
      if (++this.#fields > FIELDS_MAX) break;
      const name = node.name.value;
      if (name === '__typename') continue;
      if (name.startsWith('__')) {
        fields.push({ key, leafWeight: INTROSPECTION_WEIGHT, objects: [], size: 1 });
        continue;
      }
      const field = type.getFields()[name];
      if (!field) throw new Error(`the supergraph has no ${type.name}.${name}`);
      const place = { type, field, node, path: `${path}${type.name}.${name}${argumentsText(field, node)}` };
      const read = this.#read(place);
      if (read) reads.add(read);
      fields.push(this.#field(key, place, selectionSets, sizes.get(name), path === ''));
    }
    const total = sumOf([weight, ...fields.map(({ size, leafWeight, objects }) => productOf(size, objects.length > 0 ? maxOf(objects.map((object) => object.total)) : leafWeight))]); // prettier-ignore
    return { typeName: type.name, weight, fields, reads: [...reads], total };
  }

  #field(
    key: string,
    { type, field, node, path }: Place,
    sets: readonly SelectionSetNode[],
    givenSize: Term | undefined,
    isRoot: boolean,
  ): FieldPlan {
    const listSize = this.#rules.listSize(type, field.name);
    const named = getNamedType(field.type);
    if (listSize) checkSlicing(listSize, `${type.name}.${field.name}`, node);
    const size = listSize && listSizeOf(listSize, field, node);
    const innerSizes = new Map(size === undefined ? [] : listSize?.sizedFields.map((name) => [name, size] as const));
    const ownSize = givenSize ?? (innerSizes.size > 0 ? undefined : size) ?? LIST_SIZE_DEFAULT;
    const types = isAbstractType(named) ? this.#rules.schema.getPossibleTypes(named) : isCompositeType(named) ? [named] : []; // prettier-ignore
    return {
      key,
      leafWeight: isCompositeType(named) ? 0 : this.#rules.typeWeight(named),
      // One read serves all root fields: a source gathers the keys of all of them.
      objects: types.map((object) => this.#object(object, sets, isRoot ? ' ' : `${path} `, innerSizes)),
      size: sizeOfLists(field, ownSize),
    };
  }

  #read(place: Place): Read | undefined {
    const fieldWeight = this.#rules.fieldWeight(place.type, place.field.name);
    const inputWeight = argumentsWeight(this.#rules, place.type, place.field, place.node);
    if (fieldWeight === undefined && inputWeight === 0) return undefined;
    let read = this.#reads.get(place.path);
    if (!read) this.#reads.set(place.path, (read = { weight: sumOf([fieldWeight ?? 0, inputWeight]) }));
    return read;
  }
}

/** A list of lists multiplies. */
function sizeOfLists({ type }: GraphQLField<unknown, unknown>, size: Term): Term {
  let total: Term = 1;
  let itemSize = size;
  for (let list = getNullableType(type); isListType(list); list = getNullableType(list.ofType)) {
    total = productOf(total, itemSize);
    itemSize = LIST_SIZE_DEFAULT;
  }
  return total;
}

/** The arguments as written, with defaults. Equal ones share a read; the values of variables are not compared. */
const argumentsText = ({ args }: GraphQLField<unknown, unknown>, { arguments: nodes = [] }: FieldNode): string =>
  args
    .map(({ name, astNode }) => {
      const value = nodes.find((node) => node.name.value === name)?.value ?? astNode?.defaultValue;
      return value ? `(${name}: ${print(value)})` : '';
    })
    .join('');
