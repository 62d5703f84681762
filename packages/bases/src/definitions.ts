import type { PerBase } from '@pessoa/domain/services';
import { baseA } from './base-a.ts';
import { baseB } from './base-b.ts';
import { baseC } from './base-c.ts';
import type { BaseDefinition } from './base-definition.ts';

export const definitions = { baseA, baseB, baseC } as const satisfies PerBase<BaseDefinition>;
