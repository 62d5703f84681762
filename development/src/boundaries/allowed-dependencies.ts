import { arrowsOf, circleOf, type Workspace } from './workspaces.ts';

/** The parts of ARCHITECTURE.md's diagram. */
export type Group = 'processes' | 'packages' | 'commands';

interface Allowed {
  readonly group: Group;
  readonly imports: readonly string[];
}

const importsOfSubgraph = ['bases', 'domain', 'postgres', 'service', 'subgraph'];
const importsOfOperations = [
  'audit',
  'bases',
  'databases',
  'domain',
  'indexer',
  'postgres',
  'score',
  'search-index',
  'service',
  'subgraph',
];
const importsOfDevelopment = [
  ...importsOfOperations,
  'auditor',
  'debt',
  'event',
  'graphql-jwt-guard',
  'operations',
  'rest',
  'router',
  'testkit',
  'transparency-log',
];

/** The workspaces that each workspace may import. A workspace without an entry is a fault. */
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
    imports: ['audit', 'databases', 'domain', 'search-index', 'service'],
  },
  'audit-verifier': { group: 'packages', imports: ['transparency-log'] },
  'transparency-log': { group: 'packages', imports: [] },
  debt: { group: 'processes', imports: importsOfSubgraph },
  event: { group: 'processes', imports: [...importsOfSubgraph, 'audit', 'search-index'] },
  score: { group: 'processes', imports: importsOfSubgraph },
  auditor: { group: 'processes', imports: ['audit', 'domain', 'postgres', 'service', 'transparency-log'] },
  indexer: { group: 'processes', imports: ['bases', 'domain', 'postgres', 'search-index', 'service'] },
  router: { group: 'processes', imports: ['audit', 'domain', 'graphql-jwt-guard', 'rest', 'service'] },
  single: {
    group: 'processes',
    imports: ['auditor', 'debt', 'domain', 'event', 'router', 'score', 'service', 'subgraph'],
  },
  witness: { group: 'processes', imports: ['domain', 'service', 'transparency-log'] },
  operations: { group: 'commands', imports: importsOfOperations },
  development: { group: 'commands', imports: importsOfDevelopment },
  e2e: {
    group: 'commands',
    imports: [...importsOfDevelopment, 'audit-verifier', 'development', 'single', 'witness'],
  },
  bench: { group: 'commands', imports: [...importsOfDevelopment, 'development'] },
};

const commands = ['operations', 'development', 'e2e', 'bench'];

/** The workspaces that may have a technology among their `dependencies`. Other packages are not restricted. */
const technologies: readonly { readonly pattern: RegExp; readonly workspaces: readonly string[] }[] = [
  {
    pattern: /^pg(-|$)/,
    workspaces: ['postgres', 'databases', 'audit', 'auditor', 'subgraph', 'indexer', 'testkit', ...commands],
  },
  { pattern: /^@prisma\//, workspaces: ['debt', 'score', 'event', 'subgraph', 'databases', 'development'] },
  { pattern: /^ioredis$/, workspaces: ['service', 'subgraph'] },
  { pattern: /^@elastic\//, workspaces: ['search-index', 'event', 'indexer', 'testkit', 'bench'] },
  {
    pattern: /^(fastify|@apollo\/server)$/,
    workspaces: ['service', 'subgraph', 'router', 'audit', 'auditor', 'bench'],
  },
];

/** One sentence for each forbidden dependency, for each workspace without an entry, and for a circle. */
export function manifestFaults(workspaces: readonly Workspace[]): string[] {
  const faults = workspaces.flatMap(({ name, dependencies }) => {
    const allowed = allowedDependencies[name];
    if (!allowed) return [`${name} has no entry in allowed-dependencies.ts`];
    const ownDependencies = arrowsOf(workspaces).get(name)!;
    return [
      ...ownDependencies
        .filter((dependency) => !allowed.imports.includes(dependency))
        .map((dependency) => `${name} may not depend on ${dependency}`),
      ...technologies.flatMap(({ pattern: of, workspaces: may }) =>
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

const nameList = (names: readonly string[]): string =>
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
    `- Who may import it: ${nameList(importers)}.`,
    `- What it may import of ours: ${nameList(allowedDependencies[name]!.imports)}.`,
  ];
}
