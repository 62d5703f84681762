import type { FaultsByArea } from './fault.ts';
import { audit } from './faults/audit.ts';
import { cache, invalidation } from './faults/cache.ts';
import { cursors, fallbacks } from './faults/cursors.ts';
import { execution, limits } from './faults/execution.ts';
import { guard } from './faults/guard.ts';
import { imports } from './faults/import.ts';
import { log } from './faults/log.ts';
import { observation } from './faults/observation.ts';
import { pageProofs } from './faults/page-proofs.ts';
import { personLists } from './faults/person-lists.ts';
import { personMap } from './faults/person-map.ts';
import { quotas } from './faults/quotas.ts';
import { reads } from './faults/reads.ts';
import { seals } from './faults/seals.ts';
import { breakers, deadlines, transport } from './faults/transport.ts';
import { visibility } from './faults/visibility.ts';

export const faultsByArea: FaultsByArea = {
  guard,
  audit,
  execution,
  limits,
  quotas,
  transport,
  breakers,
  deadlines,
  cache,
  invalidation,
  visibility,
  cursors,
  fallbacks,
  observation,
  import: imports,
  log,
  'person-map': personMap,
  'person-lists': personLists,
  reads,
  seals,
  'page-proofs': pageProofs,
};
