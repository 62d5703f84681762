import { LocalGraphQLDataSource } from '@apollo/gateway';
import { OperationAccess } from '../../src/authorization/operation-access.ts';
import { CompilingGateway } from '../../src/execution/compiling-gateway.ts';
import { NOBODY } from '../graph/router-under-test.ts';
import { subgraphSchema } from '../graph/subgraphs.ts';
import { composeSupergraph } from '../graph/supergraph.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

it('a gateway with a data source that checks no answer does not start', async () => {
  const access = new OperationAccess(composeSupergraph(), () => NOBODY);
  const config = {
    buildService: () => new LocalGraphQLDataSource(subgraphSchema('debt')),
    logger: silent,
  };
  // @ts-expect-error -- the types refuse it too
  const gateway = new CompilingGateway(access, config);
  await expect(gateway.load()).rejects.toThrow('is not a SubgraphDataSource');
});
