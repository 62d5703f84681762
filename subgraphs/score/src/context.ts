import type { SubgraphContext } from '@pessoa/subgraph/subgraph';
import type { ScoreReads } from './reads.ts';

export type Context = SubgraphContext<ScoreReads>;
