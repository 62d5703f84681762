import type { ApolloServerPlugin, BaseContext, GraphQLRequestListener } from '@apollo/server';

/** A plugin whose hooks are the same for every request. */
export interface ConstantPlugin<Context extends BaseContext> extends ApolloServerPlugin<Context> {
  readonly hooks: GraphQLRequestListener<Context>;
}

export const constantPlugin = <Context extends BaseContext>(
  hooks: GraphQLRequestListener<Context>,
): ConstantPlugin<Context> => ({ hooks, requestDidStart: async () => hooks });
