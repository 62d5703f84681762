import { setTimeout as sleep } from 'node:timers/promises';
import type { RouterGraph } from './router-graph.ts';

interface Lease {
  readonly graph: RouterGraph;
  /** The requests that it answers now. */
  active: number;
  /** Called when it has answered the last one; absent while it is the current one. */
  onIdle?: () => void;
}

/** The graph that answers, which another one may replace. Each request keeps the graph that it began with. */
export class CurrentGraph {
  #lease: Lease;
  readonly #closing = new Set<Promise<void>>();

  constructor(graph: RouterGraph) {
    this.#lease = { graph, active: 0 };
  }

  get graph(): RouterGraph {
    return this.#lease.graph;
  }

  async use<T>(work: (graph: RouterGraph) => Promise<T>): Promise<T> {
    const lease = this.#lease;
    lease.active++;
    try {
      return await work(lease.graph);
    } finally {
      lease.active--;
      if (lease.active === 0) lease.onIdle?.();
    }
  }

  /** Closes the graphs when they have answered their requests, or after `millis`. */
  async close(millis: number): Promise<void> {
    const closing = [...this.#closing, this.#closeWhenIdle(this.#lease)];
    await Promise.race([Promise.all(closing), sleep(millis, undefined, { ref: false })]);
  }

  /** Requests go to `next` from now on. Resolves when the one before it has answered its requests and is closed. */
  async replace(next: RouterGraph): Promise<void> {
    const retired = this.#lease;
    this.#lease = { graph: next, active: 0 };
    const closed = this.#closeWhenIdle(retired);
    this.#closing.add(closed);
    await closed.finally(() => this.#closing.delete(closed));
  }

  async #closeWhenIdle(lease: Lease): Promise<void> {
    if (lease.active > 0) await new Promise<void>((resolve) => (lease.onIdle = resolve));
    await lease.graph.close();
  }
}
