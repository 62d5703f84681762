import { SecondUseStore } from '@pessoa/service/graphql/second-use-store';

const PLANS_MAX_BYTES = 24 * 1024 * 1024;

/** Query plans, in place of the gateway's own store: bounded in bytes, without what is asked once. */
export const planStore = () =>
  new SecondUseStore<object>({
    maxBytes: PLANS_MAX_BYTES,
    bytesOf: (plan) => JSON.stringify(plan).length * 4,
  }).asKeyValueCache();
