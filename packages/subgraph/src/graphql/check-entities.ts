import { PublicError } from '@pessoa/domain/errors';
import type { GraphQLSchema } from 'graphql';

/** Restricts `_entities` to people. For other types, an error of @apollo/subgraph would quote the text of the request. */
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

const isPerson = (representation: unknown): boolean =>
  typeof representation === 'object' &&
  representation !== null &&
  '__typename' in representation &&
  representation.__typename === 'Pessoa';
