import { manifestFaults } from '../../src/boundaries/allowed-dependencies.ts';
import { arrowsOf, circleOf, readWorkspaces, reducedArrows, type Workspace } from '../../src/boundaries/workspaces.ts';

const arrowsFrom = (targets: Record<string, string[]>) => new Map(Object.entries(targets));

const withDependency = (name: string, dependency: string): Workspace[] =>
  readWorkspaces().map((workspace) =>
    workspace.name === name ? { ...workspace, dependencies: [...workspace.dependencies, dependency] } : workspace,
  );

describe('the workspaces', () => {
  test('have only allowed dependencies, without a circle', () => {
    const workspaces = readWorkspaces();
    expect(workspaces.length).toBeGreaterThan(15);
    expect(manifestFaults(workspaces)).toEqual([]);
  });

  test.each([
    ['domain', 'zod'],
    ['domain', '@pessoa/service'],
    ['router', '@pessoa/subgraph'],
    ['router', 'pg'],
    ['service', '@pessoa/postgres'],
    ['debt', '@pessoa/score'],
    ['debt', '@pessoa/databases'],
    ['score', '@elastic/elasticsearch'],
    ['event', 'ioredis'],
    ['indexer', '@pessoa/event'],
    ['operations', '@pessoa/development'],
    ['search-index', 'pg'],
    ['graphql-jwt-guard', '@pessoa/domain'],
    ['rest', 'fastify'],
  ])('%s may not depend on %s', (name, dependency) => {
    const short = dependency.replace('@pessoa/', '');
    expect(manifestFaults(withDependency(name, dependency))).toContain(`${name} may not depend on ${short}`);
  });

  test('a fault for a circle shows the whole circle', () => {
    expect(manifestFaults(withDependency('domain', '@pessoa/service'))).toContain(
      'a circle of workspaces: domain -> service -> domain',
    );
  });

  test('a workspace without an entry is a fault', () => {
    const unlisted = { name: 'new', folder: 'packages/new', dependencies: [] };
    expect(manifestFaults([unlisted])).toEqual(['new has no entry in allowed-dependencies.ts']);
  });
});

describe('arrows', () => {
  test('devDependencies are not arrows', () => {
    expect(arrowsOf(readWorkspaces()).get('e2e')).toEqual([]);
  });

  test('an arrow that a longer path replaces is removed, the others stay', () => {
    const arrows = arrowsFrom({ a: ['b', 'c', 'd'], b: ['c'], c: ['d'], d: [], e: ['a', 'd'] });
    expect(reducedArrows(arrows)).toEqual(arrowsFrom({ a: ['b'], b: ['c'], c: ['d'], d: [], e: ['a'] }));
  });

  test.each<[string, Record<string, string[]>, string[] | undefined]>([
    ['none', { a: ['b', 'c'], b: ['c'], c: [] }, undefined],
    ['of two', { a: ['b'], b: ['a'] }, ['a', 'b', 'a']],
    ['that a path leads into', { a: ['b'], b: ['c'], c: ['b'] }, ['b', 'c', 'b']],
    ['of one workspace', { a: ['a'] }, ['a', 'a']],
  ])('a circle is found: %s', (_title, targets, circle) => {
    expect(circleOf(arrowsFrom(targets))).toEqual(circle);
  });
});
