import { arrowsOf, circleOf, type Workspace } from './workspaces.ts';

/** The parts of ARCHITECTURE.md's diagram. */
export type Group = 'processes' | 'packages' | 'commands';

interface Allowed {
  readonly group: Group;
  /** Workspaces that its code may import. */
  readonly imports: readonly string[];
}

const ofSubgraph = ['bases', 'domain', 'postgres', 'service', 'subgraph'];
const ofOperator = [
  'audit',
  'bases',
  'databases',
  'domain',
  'indexer',
  'postgres',
  'search-index',
  'service',
  'subgraph',
];
const ofDeveloper = [
  ...ofOperator,
  'debt',
  'event',
  'graphql-jwt-guard',
  'operations',
  'rest',
  'router',
  'score',
  'testkit',
];

/** What each workspace may import of ours. A workspace that is not here is refused. */
export const allowedDependencies: Readonly<Record<string, Allowed>> = {
  audit: { group: 'packages', imports: ['domain', 'postgres', 'service'] },
  bases: { group: 'packages', imports: ['domain'] },
  databases: { group: 'packages', imports: ['domain', 'postgres', 'service'] },
  domain: { group: 'packages', imports: [] },
  'graphql-jwt-guard': { group: 'packages', imports: [] },
  postgres: { group: 'packages', imports: [] },
  rest: { group: 'packages', imports: ['domain'] },
  'search-index': { group: 'packages', imports: ['bases', 'domain'] },
  service: { group: 'packages', imports: ['domain', 'graphql-jwt-guard', 'rest'] },
  subgraph: {
    group: 'packages',
    imports: ['audit', 'bases', 'domain', 'graphql-jwt-guard', 'postgres', 'rest', 'service'],
  },
  testkit: {
    group: 'packages',
    imports: ['audit', 'databases', 'domain', 'postgres', 'search-index', 'service'],
  },
  debt: { group: 'processes', imports: ofSubgraph },
  event: { group: 'processes', imports: [...ofSubgraph, 'audit', 'search-index'] },
  score: { group: 'processes', imports: ofSubgraph },
  indexer: { group: 'processes', imports: ['bases', 'domain', 'postgres', 'search-index', 'service'] },
  router: { group: 'processes', imports: ['audit', 'domain', 'graphql-jwt-guard', 'rest', 'service'] },
  operations: { group: 'commands', imports: ofOperator },
  development: { group: 'commands', imports: ofDeveloper },
  e2e: { group: 'commands', imports: [...ofDeveloper, 'development'] },
  bench: { group: 'commands', imports: [...ofDeveloper, 'development'] },
};

const commands = ['operations', 'development', 'e2e', 'bench'];

/** Who may depend on a technology so that its code runs. A package that is not here is nobody's business. */
const technologies: readonly { readonly of: RegExp; readonly may: readonly string[] }[] = [
  {
    of: /^pg(-|$)/,
    may: ['postgres', 'databases', 'audit', 'subgraph', 'indexer', 'testkit', ...commands],
  },
  { of: /^@prisma\//, may: ['debt', 'score', 'event', 'subgraph', 'databases', 'development'] },
  { of: /^ioredis$/, may: ['subgraph'] },
  { of: /^@elastic\//, may: ['search-index', 'event', 'indexer', 'testkit', 'bench'] },
  { of: /^(fastify|@apollo\/server)$/, may: ['service', 'subgraph', 'router', 'audit', 'bench'] },
];

/** Every dependency that a workspace may not have, and every circle, in one sentence each. */
export function manifestFaults(workspaces: readonly Workspace[]): string[] {
  const faults = workspaces.flatMap(({ name, dependencies }) => {
    const allowed = allowedDependencies[name];
    if (!allowed) return [`${name} is no workspace of allowed-dependencies.ts`];
    const ours = arrowsOf(workspaces).get(name)!;
    return [
      ...ours
        .filter((dependency) => !allowed.imports.includes(dependency))
        .map((dependency) => `${name} may not depend on ${dependency}`),
      ...technologies.flatMap(({ of, may }) =>
        may.includes(name)
          ? []
          : dependencies
              .filter((dependency) => of.test(dependency))
              .map((dependency) => `${name} may not depend on ${dependency}`),
      ),
      ...(name === 'domain' && dependencies.length > 0 ? [`domain may not depend on ${dependencies.join(', ')}`] : []),
    ];
  });
  const circle = circleOf(arrowsOf(workspaces));
  return circle ? [...faults, `a circle of workspaces: ${circle.join(' -> ')}`] : faults;
}

const listed = (names: readonly string[]): string =>
  names.length === 0
    ? 'no workspace'
    : names
        .toSorted()
        .map((name) => `\`${name}\``)
        .join(', ');

/** The two lines of a workspace's README.md that say who may import it and what it may import. */
export function importLines(name: string): readonly [string, string] {
  const importers = Object.entries(allowedDependencies).flatMap(([importer, { imports }]) =>
    imports.includes(name) ? [importer] : [],
  );
  return [
    `- Who may import it: ${listed(importers)}.`,
    `- What it may import of ours: ${listed(allowedDependencies[name]!.imports)}.`,
  ];
}
