import type { SubgraphContext } from '@pessoa/platform/subgraph';
import type { EventReads } from './reads.ts';

export type Context = SubgraphContext<EventReads>;
