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

/** The requirements that the guard checks before the resolver of a field runs. */
export interface FieldRequirements {
  /** Those of the field, its object type, their interfaces, and the scalar or enum that the field returns. */
  readonly onField: readonly Requirement[];
  /**
   * Those of the object type or interface that the field returns. Their policies are checked at the fields of that
   * object.
   */
  readonly onReturnedType: readonly Requirement[];
}

/** Directives of a definition and of its extensions. An element without SDL has none. */
function directivesOf(element: {
  readonly astNode?: { readonly directives?: readonly ConstDirectiveNode[] } | null | undefined;
  readonly extensionASTNodes?: readonly { readonly directives?: readonly ConstDirectiveNode[] }[];
}): ConstDirectiveNode[] {
  return [element.astNode, ...(element.extensionASTNodes ?? [])].flatMap((node) => node?.directives ?? []);
}

/** Reads the requirements of a schema from the SDL that it was built from. */
export class SchemaRequirements {
  readonly #schema: GraphQLSchema;
  readonly #kinds: DirectiveKinds;

  constructor(schema: GraphQLSchema) {
    const nodes = [schema.astNode, ...schema.extensionASTNodes].filter((node) => node !== null && node !== undefined);
    this.#schema = schema;
    this.#kinds = readDirectiveKinds(readLinks(nodes));
  }

  /** @throws Error for an unreadable directive, or one that no link names */
  ofField(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): FieldRequirements {
    const interfaces = type.getInterfaces();
    const returnedType = getNamedType(field.type);
    const onField = [
      this.#read(`${type.name}.${field.name}`, field),
      ...this.#ofObject(type),
      ...interfaces.map((parent) => this.#readOptional(`${parent.name}.${field.name}`, parent.getFields()[field.name])),
      isLeafType(returnedType) ? this.#read(returnedType.name, returnedType) : undefined,
    ];
    return {
      onField: onField.filter((requirement) => requirement !== undefined),
      onReturnedType: this.#ofReturnedType(returnedType),
    };
  }

  #ofObject(type: GraphQLObjectType): (Requirement | undefined)[] {
    return [this.#read(type.name, type), ...type.getInterfaces().map((parent) => this.#read(parent.name, parent))];
  }

  /**
   * An interface has the requirements of all types that implement it. Composition writes the same into the supergraph.
   */
  #ofReturnedType(type: GraphQLNamedType): Requirement[] {
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
