import { defineConfig } from '@graphql-hive/gateway';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';

// The planner in Rust; the token goes on to the subgraphs, as the other routers send it.
export const gatewayConfig = defineConfig({
  unifiedGraphHandler,
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) => ({ authorization: request.headers.get('authorization') }),
  },
  healthCheckEndpoint: false,
  landingPage: false,
  graphiql: false,
});
