import type { SubgraphContext } from '@pessoa/platform/subgraph';
import type { DebtReads } from './reads.ts';

export type Context = SubgraphContext<DebtReads>;
