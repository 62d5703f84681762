import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  buildASTSchema,
  executeSync,
  getNamedType,
  getNullableType,
  GraphQLError,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  print,
  TypeInfo,
  validate,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type SelectionNode,
} from 'graphql';
import { filterOperation, OperationGuard, type Caller } from '../../src/index.ts';
import { randomCaller, randomOperation, type RandomOperation } from './random-operations.ts';
import { composeShop } from './shop-supergraph.ts';

const supergraphSdl = composeShop();
const guards = {
  open: new OperationGuard(supergraphSdl),
  denyBehindNull: new OperationGuard(supergraphSdl, { denyBehindNull: true }),
};
/** With its directives: what follows reads them by itself, and shares no code with the guard. */
const schema = buildASTSchema(parse(supergraphSdl), { assumeValid: true, assumeValidSDL: true });

const RUNS = generatedCases(10_000);

it(`of ${RUNS} generated operations and callers, each gets all that the caller may read and nothing else`, () => {
  const seen = { unchanged: 0, filtered: 0, empty: 0 };
  const property = fc.property(fc.gen(), (gen) => {
    const operation = randomOperation(gen, schema);
    const caller = randomCaller(gen);
    const outcome = check(operation, caller, gen(fc.boolean));
    seen[outcome]++;
  });
  fc.assert(property, { numRuns: RUNS, seed: 20_261_128 });
  // Otherwise the generator, not the guard, would be what passes.
  expect(Math.min(seen.unchanged, seen.filtered, seen.empty)).toBeGreaterThan(RUNS / 50);
});

function check(
  { source, variables }: RandomOperation,
  caller: Caller,
  denyBehindNull: boolean,
): 'unchanged' | 'filtered' | 'empty' {
  const document = parse(source);
  expect(validate(schema, document).map(({ message }) => message)).toEqual([]);
  const guard = denyBehindNull ? guards.denyBehindNull : guards.open;
  const guarded = guard.guard(document, operationOf(document), variables, caller);
  const reference = new Reference(document, withDefaults(document, variables), caller, denyBehindNull);

  const result = guarded.document && run(guarded.document, variables, () => false);
  const told = () => `${source}\n${JSON.stringify({ variables, denyBehindNull, ...printable(caller) })}\n${guarded.document && print(guarded.document)}`; // prettier-ignore
  try {
    if (guarded.document) {
      expect(validate(schema, guarded.document).map(({ message }) => message)).toEqual([]);
      expect(new Reference(guarded.document, {}, caller).deniedNodes.size).toBe(0);
    }
    expect(JSON.stringify(guarded.complete(result as Record<string, unknown> | null))).toBe(
      JSON.stringify(reference.data()),
    );
    const paths = guarded.deniedParts.map(({ path }) => path.join('.'));
    expect([...paths].sort()).toEqual([...reference.deniedPaths()].sort());
    for (const path of paths) expect(guarded.isDenied(path.split('.'))).toBe(true);
    const pure = filterOperation(guard, document, undefined, variables, caller);
    expect(pure).toEqual({ document: guarded.document, unauthorizedPaths: guarded.deniedParts });
  } catch (error) {
    throw new Error(`${told()}\n${String(error)}`, { cause: error });
  }
  return guarded.document === null ? 'empty' : guarded.isChanged ? 'filtered' : 'unchanged';
}

const possibleTypes = (type: GraphQLCompositeType): string[] =>
  (isAbstractType(type) ? schema.getPossibleTypes(type) : [type]).map(({ name }) => name);

const printable = ({ isAuthenticated, scopes, policies }: Caller) => ({ isAuthenticated, scopes: [...scopes], policies: [...policies] }); // prettier-ignore

const operationOf = (document: DocumentNode) =>
  document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)!;

const withDefaults = (document: DocumentNode, variables: Readonly<Record<string, unknown>>) => ({
  ...Object.fromEntries(
    (operationOf(document).variableDefinitions ?? []).map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue && valueFromASTUntyped(defaultValue),
    ]),
  ),
  ...variables,
});

/** Made-up data that depends on the place alone, so that an operation and a part of it find the same. */
function run(
  document: DocumentNode,
  variableValues: Readonly<Record<string, unknown>>,
  isDenied: (nodes: readonly FieldNode[]) => boolean,
): unknown {
  // prettier-ignore
  const numberAt = (path: string): number => createHash('sha1').update(path).digest().readUInt16BE();
  const make = (type: GraphQLOutputType, path: string, mayBeNull = true): unknown => {
    if (isNonNullType(type)) return make(type.ofType as GraphQLOutputType, path, false);
    if (mayBeNull && numberAt(`null ${path}`) % 8 === 0) return null;
    if (isListType(type)) {
      return Array.from({ length: numberAt(path) % 3 }, (_, index) =>
        make(type.ofType as GraphQLOutputType, `${path}.${index}`),
      );
    }
    const named = getNamedType(type);
    if (named.name === 'Grade') return 'NEW';
    if (isLeafType(named)) return named.name === 'Int' ? numberAt(path) : `v${numberAt(path)}`;
    const objects = isAbstractType(named) ? schema.getPossibleTypes(named) : [named];
    return { __typename: objects[numberAt(`type ${path}`) % objects.length]!.name, path };
  };
  const { data } = executeSync({
    schema,
    document,
    variableValues,
    rootValue: { path: '' },
    typeResolver: (value) => (value as { __typename: string }).__typename,
    fieldResolver(source: { path: string }, _args, _context, info) {
      if (isDenied(info.fieldNodes)) throw new GraphQLError('denied');
      return make(info.returnType, `${source.path}/${info.path.key}`);
    },
  });
  return data ?? null;
}

/** The same rules, written as shortly as they can be, and enforced by graphql-js at every resolver. */
class Reference {
  readonly deniedNodes = new Set<FieldNode>();
  readonly #types = new Map<FieldNode, GraphQLOutputType>();
  readonly #gone = new Map<FieldNode, boolean>();
  readonly #document: DocumentNode;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #caller: Caller;
  readonly #denyBehindNull: boolean;

  constructor(
    document: DocumentNode,
    variables: Readonly<Record<string, unknown>>,
    caller: Caller,
    denyBehindNull = false,
  ) {
    this.#denyBehindNull = denyBehindNull;
    this.#document = document;
    this.#variables = variables;
    this.#caller = caller;
    this.#fragments = new Map(
      document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
      ),
    );
    const types = new TypeInfo(schema);
    const enter = (node: FieldNode): void => {
      const parent = types.getParentType();
      this.#types.set(node, types.getType()!);
      if (parent && !node.name.value.startsWith('__') && this.#isDenied(parent, node.name.value))
        this.deniedNodes.add(node);
    };
    visit(document, visitWithTypeInfo(types, { Field: { enter } }));
  }

  data(): unknown {
    if (this.#isEmptied(operationOf(this.#document).selectionSet.selections)) return null;
    return run(this.#document, this.#variables, (nodes) => nodes.every((node) => this.#isGone(node)));
  }

  deniedPaths(): Set<string> {
    const paths = new Set<string>();
    const walk = (selections: readonly SelectionNode[], path: readonly string[]): void => {
      for (const node of selections) {
        if (!this.#isActive(node)) continue;
        if (node.kind !== Kind.FIELD) walk(this.#selectionsOf(node), path);
        else if (this.deniedNodes.has(node)) paths.add([...path, node.alias!.value].join('.'));
        else walk(this.#selectionsOf(node), [...path, (node.alias ?? node.name).value]);
      }
    };
    walk(operationOf(this.#document).selectionSet.selections, []);
    return paths;
  }

  /** Whether all that is asked for here is denied: then it is not worth asking. */
  #isEmptied(selections: readonly SelectionNode[]): boolean {
    const fields = this.#fieldsOf(selections);
    const counted = this.#denyBehindNull ? fields.filter(({ name }) => name.value !== '__typename') : fields;
    return counted.length > 0 && counted.every((node) => this.#isGone(node));
  }

  #isGone(node: FieldNode): boolean {
    let isGone = this.#gone.get(node);
    if (isGone === undefined) {
      isGone = this.deniedNodes.has(node) || this.#isNulled(node) || this.#isEmptied(this.#selectionsOf(node));
      this.#gone.set(node, isGone);
    }
    return isGone;
  }

  /** Whether something denied may not be null in any object that this field returns. */
  #isNulled(field: FieldNode): boolean {
    const type = this.#types.get(field)!;
    const returned = getNamedType(type);
    if (isListType(getNullableType(type)) || isLeafType(returned)) return false;
    const every = possibleTypes(returned as GraphQLCompositeType);
    const nulls = (selections: readonly SelectionNode[], types: readonly string[]): boolean =>
      types.length === every.length &&
      selections.some((node) => {
        if (!this.#isActive(node)) return false;
        if (node.kind === Kind.FIELD) return isNonNullType(this.#types.get(node)) && this.#isGone(node);
        const owner = node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(node.name.value)! : node;
        const name = owner.typeCondition?.name.value;
        const met = name ? possibleTypes(schema.getType(name) as GraphQLCompositeType) : types;
        return nulls(
          owner.selectionSet.selections,
          types.filter((one) => met.includes(one)),
        );
      });
    return nulls(this.#selectionsOf(field), every);
  }

  /** The fields that are asked for, denied or not, with fragments written out. */
  #fieldsOf(selections: readonly SelectionNode[], visited = new Set<SelectionNode>()): FieldNode[] {
    return selections.flatMap((node) => {
      if (!this.#isActive(node)) return [];
      if (node.kind === Kind.FIELD) return [node];
      const owner = node.kind === Kind.FRAGMENT_SPREAD ? (this.#fragments.get(node.name.value) as never) : node;
      if (visited.has(owner)) return [];
      visited.add(owner);
      return this.#fieldsOf(this.#selectionsOf(node), visited);
    });
  }

  #selectionsOf(node: SelectionNode): readonly SelectionNode[] {
    const owner = node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(node.name.value)! : node;
    return owner.selectionSet?.selections ?? [];
  }

  #isActive({ directives = [] }: SelectionNode): boolean {
    return directives.every(({ name, arguments: args = [] }) => {
      const value = valueFromASTUntyped(args[0]!.value, this.#variables);
      return name.value === 'skip' ? value === false : value === true;
    });
  }

  #isDenied(parent: GraphQLCompositeType, fieldName: string): boolean {
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[fieldName] : undefined;
    if (!field) return false;
    const returned = getNamedType(field.type);
    const isOpen =
      this.#holds(parent.astNode?.directives) &&
      this.#holds(field.astNode?.directives) &&
      (isAbstractType(returned) || this.#holds(returned.astNode?.directives));
    if (!isOpen || !isInterfaceType(parent)) return !isOpen;
    return schema.getPossibleTypes(parent).some((object) => this.#isDenied(object, fieldName));
  }

  #holds(directives: readonly DirectiveNode[] = []): boolean {
    const { isAuthenticated, scopes, policies } = this.#caller;
    return directives.every(({ name, arguments: args = [] }) => {
      const names = args[0] && (valueFromASTUntyped(args[0].value) as string[][]);
      if (name.value === 'signedIn') return isAuthenticated;
      if (name.value === 'scopes')
        return isAuthenticated && names!.some((allOf) => allOf.every((scope) => scopes.has(scope)));
      if (name.value === 'rule') return names!.some((allOf) => allOf.every((policy) => policies.has(policy)));
      return true;
    });
  }
}
