import { PublicError, type PublicErrorCode, publicErrors } from '@pessoa/domain/errors';
import { type ASTNode, GraphQLError } from 'graphql';

/**
 * A `GraphQLError` for a code of the closed table. Its HTTP status applies when the error refuses the whole request.
 *
 * @param options.detail in our own words, without any value that the client sent; default: the message of the table
 * @param options.nodes the nodes of the document that the error is about
 */
export function publicGraphQLError(
  code: PublicErrorCode,
  options: { detail?: string; nodes?: ASTNode | readonly ASTNode[] | null } = {},
): GraphQLError {
  return new GraphQLError(options.detail ?? publicErrors[code].message, {
    nodes: options.nodes ?? null,
    originalError: new PublicError(code, options.detail === undefined ? {} : { detail: options.detail }),
    extensions: { code, http: { status: publicErrors[code].status } },
  });
}
