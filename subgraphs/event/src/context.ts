import type { SubgraphContext } from '@pessoa/subgraph/subgraph';
import type { EventReads } from './reads.ts';

export type Context = SubgraphContext<EventReads>;
