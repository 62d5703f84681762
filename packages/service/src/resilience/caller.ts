import { AsyncLocalStorage } from 'node:async_hooks';

/** One request of a client, known by its identity alone. */
export type Caller = object;

const callers = new AsyncLocalStorage<Caller>();

/** Whatever runs from here on, in this chain of calls, is for one caller. */
export const beginCaller = (): void => callers.enterWith({});

/** @returns undefined for work that no request asked for */
export const currentCaller = (): Caller | undefined => callers.getStore();
