import { manifestFaults } from '../../src/boundaries/allowed-dependencies.ts';
import { arrowsOf, circleOf, readWorkspaces, reducedArrows, type Workspace } from '../../src/boundaries/workspaces.ts';

const arrows = (all: Record<string, string[]>) => new Map(Object.entries(all));

const withDependency = (name: string, dependency: string): Workspace[] =>
  readWorkspaces().map((workspace) =>
    workspace.name === name ? { ...workspace, dependencies: [...workspace.dependencies, dependency] } : workspace,
  );

describe('the workspaces', () => {
  test('depend on what they may, in no circle', () => {
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

  test('a dependency that closes a circle is told with the way back', () => {
    expect(manifestFaults(withDependency('domain', '@pessoa/service'))).toContain(
      'a circle of workspaces: domain -> service -> domain',
    );
  });

  test('a workspace that nobody has listed is a fault', () => {
    const unlisted = { name: 'new', folder: 'packages/new', dependencies: [] };
    expect(manifestFaults([unlisted])).toEqual(['new is no workspace of allowed-dependencies.ts']);
  });
});

describe('arrows', () => {
  test('dependencies of tests are none', () => {
    expect(arrowsOf(readWorkspaces()).get('e2e')).toEqual([]);
  });

  test('those that a longer way makes too are left out, the others stay', () => {
    const all = arrows({ a: ['b', 'c', 'd'], b: ['c'], c: ['d'], d: [], e: ['a', 'd'] });
    expect(reducedArrows(all)).toEqual(arrows({ a: ['b'], b: ['c'], c: ['d'], d: [], e: ['a'] }));
  });

  test.each<[string, Record<string, string[]>, string[] | undefined]>([
    ['none', { a: ['b', 'c'], b: ['c'], c: [] }, undefined],
    ['of two', { a: ['b'], b: ['a'] }, ['a', 'b', 'a']],
    ['behind a way in', { a: ['b'], b: ['c'], c: ['b'] }, ['b', 'c', 'b']],
    ['of itself', { a: ['a'] }, ['a', 'a']],
  ])('a circle is found: %s', (_title, all, circle) => {
    expect(circleOf(arrows(all))).toEqual(circle);
  });
});
