import { setImmediate as nextTurn } from 'node:timers/promises';
import { CurrentGraph } from '../../src/supergraph/current-graph.ts';
import type { RouterGraph } from '../../src/supergraph/router-graph.ts';

describe('The current graph', () => {
  const closed: string[] = [];
  beforeEach(() => void (closed.length = 0));
  const graph = (id: string) => ({ id, close: async () => void closed.push(id) }) as unknown as RouterGraph;
  const idOf = async (graph: object): Promise<string> => (graph as RouterGraph).id;

  it('answers a request to its end when another one replaces it meanwhile, and is closed then', async () => {
    const current = new CurrentGraph(graph('a'));
    const [first, second] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const works = [first, second].map(({ promise }) =>
      current.use(async (used) => `${await promise} by ${await idOf(used)}`),
    );
    const replaced = current.replace(graph('b'));
    expect(await current.use(idOf)).toBe('b');
    first.reject(new Error('a fault'));
    await expect(works[0]).rejects.toThrow('a fault');
    await nextTurn();
    expect(closed).toEqual([]);
    second.resolve('answered');
    expect(await works[1]).toBe('answered by a');
    await replaced;
    expect(closed).toEqual(['a']);
  });

  it('closes after its last request and those of the ones before it, or after the time that it gets', async () => {
    const current = new CurrentGraph(graph('a'));
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    void current.use(() => first.promise);
    void current.replace(graph('b'));
    void current.use(() => second.promise);
    await current.close(20);
    expect(closed).toEqual([]);
    const closing = current.close(10_000);
    first.resolve();
    await nextTurn();
    expect(closed).toEqual(['a']);
    second.resolve();
    await closing;
    expect(closed).toContain('b');
  });

  it('is closed at once when it answers nothing', async () => {
    const current = new CurrentGraph(graph('a'));
    await current.use(idOf);
    await current.replace(graph('b'));
    await current.replace(graph('c'));
    expect(closed).toEqual(['a', 'b']);
    expect(current.graph.id).toBe('c');
  });
});
