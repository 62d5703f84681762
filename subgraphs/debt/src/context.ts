import type { SubgraphContext } from '@pessoa/subgraph/subgraph';
import type { DebtReads } from './reads.ts';

export type Context = SubgraphContext<DebtReads>;
