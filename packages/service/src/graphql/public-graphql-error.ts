import { PublicError, type PublicErrorCode, publicErrors } from '@pessoa/domain/errors';
import { type ASTNode, GraphQLError } from 'graphql';

/**
 * An error of the closed table as GraphQL's own error, with the table's HTTP status for when it refuses a whole request.
 *
 * @param options.detail our own words, without any value the client sent; default: the table's message
 * @param options.nodes where in the document
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
