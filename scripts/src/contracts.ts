import { baseA } from '@pessoa/debt/generated/base';
import type { BaseArgument } from '@pessoa/domain/services';
import { baseC } from '@pessoa/event/generated/base';
import type { BaseDefinition } from '@pessoa/platform/base/base-contract';
import { baseB } from '@pessoa/score/generated/base';

/** What is asked of each base, by the name that commands give the base. */
export const definitions = {
  'base-a': baseA,
  'base-b': baseB,
  'base-c': baseC,
} as const satisfies Readonly<Record<BaseArgument, BaseDefinition>>;
