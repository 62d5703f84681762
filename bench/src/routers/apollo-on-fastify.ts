import { ApolloServer } from '@apollo/server';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import { fastify } from 'fastify';
import { Agent, fetch } from 'undici';
import { type GatewayContext, openCheckingGateway } from '../apollo-gateway.ts';

// @apollo/server and @apollo/gateway on a faster server and a faster client than those of their quick start.
const dispatcher = new Agent({ connections: 64, pipelining: 1 });
const { gateway, contextOf } = openCheckingGateway(((url: string, init: object) =>
  fetch(url, { ...init, dispatcher })) as never);
const app = fastify();
const server = new ApolloServer<GatewayContext>({ gateway, plugins: [fastifyApolloDrainPlugin(app)] });
await server.start();
await app.register(fastifyApollo(server), { context: ({ headers }) => contextOf(headers.authorization) });
const origin = await app.listen({ port: 0, host: '127.0.0.1' });
process.send?.({ url: `${origin}/graphql` });
