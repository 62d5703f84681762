import {
  buildASTSchema,
  type ConstDirectiveNode,
  type DocumentNode,
  getDirectiveValues,
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
} from 'graphql';
import { localDirectiveName, readLinks } from 'graphql-jwt-guard';

/** What `@listSize` says of a field. */
export interface ListSize {
  /** The number of items when no slicing argument tells it. */
  readonly assumedSize: number | undefined;
  /** The arguments that tell the number of items; the highest counts. */
  readonly slicingArguments: readonly string[];
  /** The lists of the returned object that have this size. Empty: the field itself is the list. */
  readonly sizedFields: readonly string[];
  /** Whether an operation must give exactly one slicing argument. */
  readonly requireOneSlicingArgument: boolean;
}

const COST_SPEC = 'https://specs.apollo.dev/cost';
const KNOWN_VERSION = 'v0.1';

/** The weights and list sizes of a composed supergraph: `@cost` and `@listSize`, by the names that its links give them. */
export class CostRules {
  readonly schema: GraphQLSchema;
  /** By `Type`, `Type.field`, `Type.field(argument:)` or `Input.field`. */
  readonly #weights = new Map<string, number>();
  /** By `Type.field`. */
  readonly #listSizes = new Map<string, ListSize>();

  /**
   * @throws Error for an unknown version of the specification, a weight or size below 0, or a slicing argument or a sized
   *   field that does not exist
   */
  constructor(supergraphSdl: string) {
    const document = parse(supergraphSdl, { noLocation: true });
    this.schema = buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
    const link = costLink(document);
    if (!link) return;
    if (link.version !== KNOWN_VERSION) throw new Error(`${COST_SPEC}/${link.version ?? ''} is not a known version`);
    this.#read(localDirectiveName(link, 'cost'), localDirectiveName(link, 'listSize'));
  }

  /** The weight of one value of a type. Default: 1 for an object, 0 for a scalar or an enum. */
  typeWeight(type: GraphQLNamedType): number {
    return this.#weights.get(type.name) ?? (isCompositeType(type) ? 1 : 0);
  }

  /** The weight of reading a field; undefined without `@cost`. Composition refuses `@cost` on fields of interfaces. */
  fieldWeight(type: GraphQLObjectType, fieldName: string): number | undefined {
    return this.#weights.get(`${type.name}.${fieldName}`);
  }

  /** A size on a field of an interface holds for the objects that do not give it another. */
  listSize(type: GraphQLObjectType, fieldName: string): ListSize | undefined {
    const owner = [type, ...type.getInterfaces()].find(({ name }) => this.#listSizes.has(`${name}.${fieldName}`));
    return owner && this.#listSizes.get(`${owner.name}.${fieldName}`);
  }

  /** The weight of giving an argument; default: 0. */
  argumentWeight(type: GraphQLObjectType, fieldName: string, argument: string): number {
    return this.#weights.get(`${type.name}.${fieldName}(${argument}:)`) ?? 0;
  }

  /** The weight of giving a field of an input object; default: 0. */
  inputFieldWeight(inputType: GraphQLNamedType, fieldName: string): number {
    return this.#weights.get(`${inputType.name}.${fieldName}`) ?? 0;
  }

  #read(costName: string, listSizeName: string): void {
    for (const type of Object.values(this.schema.getTypeMap())) {
      this.#readWeight(costName, type.name, type);
      if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        const where = `${type.name}.${field.name}`;
        this.#readWeight(costName, where, field);
        if (!('args' in field)) continue; // of an input object
        for (const argument of field.args) this.#readWeight(costName, `${where}(${argument.name}:)`, argument);
        const values = this.#valuesOf(listSizeName, field);
        if (values) this.#listSizes.set(where, checkedListSize(where, field, values));
      }
    }
  }

  #readWeight(directive: string, where: string, element: Annotated): void {
    const weight = this.#valuesOf(directive, element)?.['weight'];
    if (weight === undefined) return;
    // A field with such a weight would pay for others.
    if (typeof weight !== 'number' || weight < 0) throw new Error(`${where} has a weight below 0`);
    this.#weights.set(where, weight);
  }

  #valuesOf(directive: string, { astNode }: Annotated): Record<string, unknown> | undefined {
    const definition = this.schema.getDirective(directive);
    return definition && astNode ? getDirectiveValues(definition, astNode) : undefined;
  }
}

type Field = GraphQLField<unknown, unknown>;

interface Annotated {
  readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined;
}

const costLink = ({ definitions }: DocumentNode) =>
  readLinks(
    definitions.filter((node) => node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION),
  ).find(({ identity }) => identity === COST_SPEC);

function checkedListSize(where: string, field: Field, values: Readonly<Record<string, unknown>>): ListSize {
  const listSize: ListSize = {
    assumedSize: (values['assumedSize'] as number | null | undefined) ?? undefined,
    slicingArguments: (values['slicingArguments'] as string[] | null | undefined) ?? [],
    sizedFields: (values['sizedFields'] as string[] | null | undefined) ?? [],
    requireOneSlicingArgument: values['requireOneSlicingArgument'] !== false,
  };
  if ((listSize.assumedSize ?? 0) < 0) throw new Error(`${where} has an assumed size below 0`);
  const unknown = listSize.slicingArguments.find((name) => !field.args.some((argument) => argument.name === name));
  if (unknown !== undefined) throw new Error(`${where} has no argument \`${unknown}\`, which slices it`);
  const returned = getNamedType(field.type);
  const fields = isObjectType(returned) || isInterfaceType(returned) ? returned.getFields() : {};
  const missing = listSize.sizedFields.find((name) => !Object.hasOwn(fields, name));
  if (missing !== undefined) throw new Error(`${where} gives a size to \`${missing}\`, which its type does not have`);
  return listSize;
}
