import {
  getNamedType,
  isLeafType,
  isObjectType,
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLInterfaceType,
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
   * Those of the object type that the field returns. Their policies are checked at the fields of that object. A field that
   * returns an interface or a union has none: what is selected there decides.
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
      onReturnedType: isObjectType(returnedType)
        ? this.#ofObject(returnedType).filter((requirement) => requirement !== undefined)
        : [],
    };
  }

  /**
   * The requirements of a field that is selected on an interface: those of the field in every type that implements it.
   *
   * @throws Error for an unreadable directive, or one that no link names
   */
  ofInterfaceField(type: GraphQLInterfaceType, fieldName: string): FieldRequirements {
    const ofImplementers = this.#schema
      .getPossibleTypes(type)
      .map((object) => this.ofField(object, object.getFields()[fieldName]!));
    return {
      onField: ofImplementers.flatMap(({ onField }) => onField),
      onReturnedType: ofImplementers.flatMap(({ onReturnedType }) => onReturnedType),
    };
  }

  #ofObject(type: GraphQLObjectType): (Requirement | undefined)[] {
    return [this.#read(type.name, type), ...type.getInterfaces().map((parent) => this.#read(parent.name, parent))];
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
