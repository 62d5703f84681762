import { beginCaller } from '@pessoa/service/resilience/caller';

/** Runs `work` as one caller, like a request. */
export const asCaller = <T>(work: () => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    setImmediate(() => {
      beginCaller();
      work().then(resolve, reject);
    });
  });
