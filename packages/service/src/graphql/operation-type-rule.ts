import { GraphQLError, type ValidationRule } from 'graphql';

/** Refuses an operation of a kind that the schema has not: graphql-js lets it pass and fails when it is to be executed. */
export const operationTypeRule: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (context.getSchema().getRootType(node.operation)) return;
    context.reportError(new GraphQLError(`The schema has no ${node.operation}.`, { nodes: node }));
  },
});
