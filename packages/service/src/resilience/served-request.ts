import { AsyncLocalStorage } from 'node:async_hooks';

/** Identifies one request of a client; the object itself is the identity. */
export type ServedRequest = object;

const servedRequests = new AsyncLocalStorage<ServedRequest>();

/** Begins a request: everything that runs from here on in this asynchronous context belongs to one request. */
export const beginServedRequest = (): void => servedRequests.enterWith({});

/** Runs a function as one request of a client, apart from the one around it. */
export const asServedRequest = <Result>(run: () => Result): Result => servedRequests.run({}, run);

/** @returns undefined for work that does not belong to a request */
export const currentServedRequest = (): ServedRequest | undefined => servedRequests.getStore();
