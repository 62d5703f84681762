import { systemClock } from '@pessoa/domain/data';
import type { Service } from '@pessoa/domain/services';
import { INTERNAL_IDENTITY_HEADER, internalIdentitySigner } from '@pessoa/service/identity/internal-identity';

/** Signs a GraphQL request to a subgraph as the router does. @returns the signature's headers */
export type SignRequest = (
  headers: Readonly<Record<string, string>>,
  body: string,
  method?: string,
  path?: string,
) => Record<string, string>;

/** @param env variables with the INTERNAL_KEY that the test's router and subgraphs share */
export function asRouter(env: Readonly<Record<string, string>>, subgraph: Service): SignRequest {
  const identityFor = internalIdentitySigner(Buffer.from(env['INTERNAL_KEY']!, 'base64url'), systemClock);
  return ({ authorization = '', 'x-finalidade': finalidade = '' }, body, method = 'POST', path = '/graphql') => {
    const call = { subgraph, method, path, authorization, finalidade };
    return { [INTERNAL_IDENTITY_HEADER]: identityFor(call, body) };
  };
}
