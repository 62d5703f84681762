import { readFileSync } from 'node:fs';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { systemClock } from '@pessoa/domain/data';
import { readConfig } from '@pessoa/router/config';
import { INTERNAL_IDENTITY_HEADER, internalIdentitySigner } from '@pessoa/service/identity/internal-identity';
import { createIdentityVerifier } from '@pessoa/service/identity/verifier';
import { stripAuthorization } from 'graphql-jwt-guard';
import { reportCpu } from './cpu-report.ts';

interface Context {
  readonly authorization?: string;
}

// @apollo/server and @apollo/gateway as in their quick start, with our check of the token.
process.env['APOLLO_TELEMETRY_DISABLED'] = '1';
const config = readConfig(process.env);
const identityFor = internalIdentitySigner(config.internalKey, systemClock);
const verifier = createIdentityVerifier(config);
const { sdl } = stripAuthorization(readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8'));
const gateway = new ApolloGateway({
  supergraphSdl: sdl,
  buildService: ({ name }) =>
    new RemoteGraphQLDataSource<Context>({
      url: config.subgraphs[name as keyof typeof config.subgraphs].url,
      // The router's identity: without it the subgraphs would store these reads in the audit, and answers would differ.
      willSendRequest({ request, context: { authorization = '' } }) {
        const { http, query, ...rest } = request; // `query` comes first, as in the body that the gateway sends
        const call = { subgraph: name, method: 'POST', path: '/graphql', authorization, finalidade: '' };
        http?.headers.set('authorization', authorization);
        http?.headers.set(INTERNAL_IDENTITY_HEADER, identityFor(call, JSON.stringify({ query, ...rest })));
      },
    }),
});
const server = new ApolloServer<Context>({ gateway });
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async ({ req }) => {
    await verifier.verify(req.headers.authorization);
    const { authorization = '' } = req.headers;
    return { authorization };
  },
});
reportCpu(url.replace(/\/$/, ''));
