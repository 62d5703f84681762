import { readFileSync } from 'node:fs';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { systemClock } from '@pessoa/domain/data';
import { readConfig } from '@pessoa/router/config';
import { INTERNAL_IDENTITY_HEADER, internalIdentitySigner } from '@pessoa/service/identity/internal-identity';
import { createIdentityVerifier } from '@pessoa/service/identity/verifier';
import { stripAuthorization } from 'graphql-jwt-guard';

export interface GatewayContext {
  readonly authorization: string;
}

export interface CheckingGateway {
  readonly gateway: ApolloGateway;
  /** Checks the token of a request. @throws as the identity's verifier */
  contextOf(authorization: string | undefined): Promise<GatewayContext>;
}

/**
 * Makes @apollo/gateway as in its quick start, with our check of the token.
 *
 * @param fetcher default: that of @apollo/gateway
 */
export function openCheckingGateway(fetcher?: typeof fetch): CheckingGateway {
  process.env['APOLLO_TELEMETRY_DISABLED'] = '1';
  const config = readConfig(process.env);
  const identityFor = internalIdentitySigner(config.internalKey, systemClock);
  const verifier = createIdentityVerifier(config);
  const { sdl } = stripAuthorization(readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8'));
  const gateway = new ApolloGateway({
    supergraphSdl: sdl,
    buildService: ({ name }) =>
      new RemoteGraphQLDataSource<Partial<GatewayContext>>({
        url: config.subgraphs[name as keyof typeof config.subgraphs].url,
        ...(fetcher && { fetcher: fetcher as never }),
        // The router's identity: without it the subgraphs would store these reads in the audit, and answers would differ.
        willSendRequest({ request, context: { authorization = '' } }) {
          const { http, query, ...rest } = request; // `query` comes first, as in the body that the gateway sends
          const call = { subgraph: name, method: 'POST', path: '/graphql', authorization, finalidade: '' };
          http?.headers.set('authorization', authorization);
          http?.headers.set(INTERNAL_IDENTITY_HEADER, identityFor(call, JSON.stringify({ query, ...rest })));
        },
      }),
  });
  return {
    gateway,
    async contextOf(authorization) {
      await verifier.verify(authorization);
      return { authorization: authorization ?? '' };
    },
  };
}
