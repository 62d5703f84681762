import { baseAContract } from '@pessoa/debt/base-a-contract';
import { baseCContract } from '@pessoa/event/base-c-contract';
import type { BaseContract } from '@pessoa/platform/base/base';
import { baseBContract } from '@pessoa/score/base-b-contract';

/** The tables and columns that each base has, by the name that commands give the base. */
export const contracts = {
  'base-a': baseAContract,
  'base-b': baseBContract,
  'base-c': baseCContract,
} as const satisfies Readonly<Record<string, BaseContract>>;
