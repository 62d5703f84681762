import { PublicError } from '@pessoa/domain/errors';
import type { GraphQLSchema } from 'graphql';

/** Lets `_entities` be asked for nothing but people: what @apollo/subgraph says of others is an error with their text in it. */
export function checkEntities(schema: GraphQLSchema): void {
  const field = schema.getQueryType()?.getFields()['_entities'];
  if (!field?.resolve) throw new Error('a subgraph without _entities');
  const { resolve } = field;
  field.resolve = (source, args: { representations: readonly unknown[] }, context, info) => {
    if (!args.representations.every(isPerson)) {
      throw new PublicError('BAD_USER_INPUT', { detail: '`representations` are people: `__typename` and `cpf`.' });
    }
    return resolve(source, args, context, info);
  };
}

const isPerson = (one: unknown): boolean =>
  typeof one === 'object' && one !== null && '__typename' in one && one.__typename === 'Pessoa';
