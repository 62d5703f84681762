import {
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLResolveInfo,
} from 'graphql';

/** On which type each field of an operation is selected: an interface, or the object type. Each operation is read once. */
export class SelectionTypes {
  readonly #types = new WeakMap<FieldNode, GraphQLCompositeType>();

  /** @param field of the operation that `info` is about */
  typeOf(field: FieldNode, info: GraphQLResolveInfo): GraphQLCompositeType {
    if (!this.#types.has(field)) this.#read(info);
    return this.#types.get(field) ?? info.parentType;
  }

  #read({ schema, operation, fragments }: GraphQLResolveInfo): void {
    const types = new TypeInfo(schema);
    const remember = (node: FieldNode): void => {
      const type = types.getParentType();
      if (type) this.#types.set(node, type);
    };
    for (const definition of [operation, ...Object.values(fragments)])
      visit(definition, visitWithTypeInfo(types, { Field: remember }));
  }
}
