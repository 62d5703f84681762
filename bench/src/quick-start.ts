import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { type GatewayContext, openCheckingGateway } from './apollo-gateway.ts';
import { reportCpu } from './cpu-report.ts';

// @apollo/server and @apollo/gateway as in their quick start.
const { gateway, contextOf } = openCheckingGateway();
const { url } = await startStandaloneServer(new ApolloServer<GatewayContext>({ gateway }), {
  listen: { port: 0, host: '127.0.0.1' },
  context: ({ req }) => contextOf(req.headers.authorization),
});
reportCpu(url.replace(/\/$/, ''));
