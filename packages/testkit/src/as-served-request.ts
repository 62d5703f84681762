import { beginServedRequest } from '@pessoa/service/resilience/served-request';

/** Runs `work` as one request of a client. */
export const asServedRequest = <T>(work: () => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    setImmediate(() => {
      beginServedRequest();
      work().then(resolve, reject);
    });
  });
