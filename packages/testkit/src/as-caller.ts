import { beginCaller } from '@pessoa/service/resilience/caller';

/** Runs as a request does: whatever it starts is of one caller. */
export const asCaller = <T>(work: () => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    setImmediate(() => {
      beginCaller();
      work().then(resolve, reject);
    });
  });
