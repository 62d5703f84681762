import {
  getNamedType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { assertKnown, readDirectiveKinds, type DirectiveKinds } from './authorization-directives.ts';
import { readLinks } from './links.ts';
import { readRequirement, type Requirement } from './requirement.ts';

/** What a field of an object type asks before its resolver may run. */
export interface FieldRequirements {
  /** Of the field, its type, their interfaces, and the scalar or enum it returns. */
  readonly own: readonly Requirement[];
  /** Of the object type or interface it returns, whose policies are decided later, at that object's own fields. */
  readonly returned: readonly Requirement[];
}

/** Directives of a definition and of its extensions; a schema built from code has none. */
function directivesOf(element: {
  readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] } | null | undefined;
  readonly extensionASTNodes?: readonly { readonly directives?: readonly ConstDirectiveNode[] }[];
}): ConstDirectiveNode[] {
  return [element.astNode, ...(element.extensionASTNodes ?? [])].flatMap((node) => node?.directives ?? []);
}

/** Reads what the SDL of a schema requires. */
export class SchemaRequirements {
  readonly #schema: GraphQLSchema;
  readonly #kinds: DirectiveKinds;

  constructor(schema: GraphQLSchema) {
    const nodes = [schema.astNode, ...schema.extensionASTNodes].filter((node) => node !== null && node !== undefined);
    this.#schema = schema;
    this.#kinds = readDirectiveKinds(readLinks(nodes));
  }

  /** @throws Error for a directive that cannot be read or is not linked */
  ofField(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): FieldRequirements {
    const interfaces = type.getInterfaces();
    const returned = getNamedType(field.type);
    const own = [
      this.#read(`${type.name}.${field.name}`, field),
      ...this.#ofObject(type),
      ...interfaces.map((it) => this.#readOptional(`${it.name}.${field.name}`, it.getFields()[field.name])),
      isLeafType(returned) ? this.#read(returned.name, returned) : undefined,
    ];
    return { own: own.filter((it) => it !== undefined), returned: this.#ofReturned(returned) };
  }

  #ofObject(type: GraphQLObjectType): (Requirement | undefined)[] {
    return [this.#read(type.name, type), ...type.getInterfaces().map((it) => this.#read(it.name, it))];
  }

  /** An interface asks what all who implement it ask: composition writes the same into the supergraph. */
  #ofReturned(type: GraphQLNamedType): Requirement[] {
    const objects = isObjectType(type) ? [type] : isInterfaceType(type) ? this.#schema.getPossibleTypes(type) : [];
    const unique = new Map<string, Requirement>();
    for (const requirement of objects.flatMap((object) => this.#ofObject(object))) {
      if (requirement !== undefined) unique.set(JSON.stringify(requirement), requirement);
    }
    return [...unique.values()];
  }

  #readOptional(where: string, element: GraphQLField<unknown, unknown> | undefined): Requirement | undefined {
    return element === undefined ? undefined : this.#read(where, element);
  }

  #read(where: string, element: Parameters<typeof directivesOf>[0]): Requirement | undefined {
    const directives = directivesOf(element);
    for (const directive of directives) assertKnown(directive.name.value, this.#kinds, where);
    return readRequirement(directives, this.#kinds, where);
  }
}
