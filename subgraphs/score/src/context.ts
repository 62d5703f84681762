import type { SubgraphContext } from '@pessoa/platform/subgraph';
import type { ScoreReads } from './reads.ts';

export type Context = SubgraphContext<ScoreReads>;
