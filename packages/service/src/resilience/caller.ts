import { AsyncLocalStorage } from 'node:async_hooks';

/** Identifies one request of a client; the object itself is the identity. */
export type Caller = object;

const callers = new AsyncLocalStorage<Caller>();

/** Begins a request: everything that runs from here on in this asynchronous context belongs to one caller. */
export const beginCaller = (): void => callers.enterWith({});

/** @returns undefined for work that does not belong to a request */
export const currentCaller = (): Caller | undefined => callers.getStore();
