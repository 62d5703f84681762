import type { FaultsByArea } from './fault.ts';
import { cache, invalidation } from './faults/cache.ts';
import { cursors, fallbacks } from './faults/cursors.ts';
import { breakers, deadlines, transport } from './faults/transport.ts';

export const faultsByArea: FaultsByArea = { transport, breakers, deadlines, cache, invalidation, cursors, fallbacks };
