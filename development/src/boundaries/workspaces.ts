import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '@pessoa/operations/system/home';

export interface Workspace {
  /** Without the scope `@pessoa/`. */
  readonly name: string;
  readonly folder: string;
  /** Package names from its `dependencies`; `devDependencies` are not among them. */
  readonly dependencies: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
}

const manifestAt = (file: string): Manifest => JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest;
const shortName = (name: string): string => name.replace(/^@pessoa\//, '');

/** The workspaces of the root's package.json, sorted by name. */
export function readWorkspaces(): Workspace[] {
  const files = manifestAt('package.json').workspaces!.flatMap((pattern) =>
    globSync(`${pattern}/package.json`, { cwd: root }),
  );
  return files
    .map((file) => {
      const { name, dependencies = {} } = manifestAt(file);
      return {
        name: shortName(name),
        folder: dirname(file),
        dependencies: Object.keys(dependencies),
      };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The workspaces that each workspace depends on. */
export type Arrows = ReadonlyMap<string, readonly string[]>;

export function arrowsOf(workspaces: readonly Workspace[]): Arrows {
  const names = new Set(workspaces.map(({ name }) => name));
  return new Map(
    workspaces.map(({ name, dependencies }) => [
      name,
      dependencies
        .map(shortName)
        .filter((dependency) => names.has(dependency))
        .toSorted(),
    ]),
  );
}

/** @returns a circle of arrows, from a workspace back to itself; undefined when there is none */
export function circleOf(arrows: Arrows): string[] | undefined {
  const searched = new Set<string>();
  const search = (name: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (searched.has(name)) return undefined;
    for (const next of arrows.get(name) ?? []) {
      const circle = search(next, [...path, name]);
      if (circle) return circle;
    }
    searched.add(name);
    return undefined;
  };
  for (const name of arrows.keys()) {
    const circle = search(name, []);
    if (circle) return circle;
  }
  return undefined;
}

/** Removes each arrow that a longer path of arrows replaces. The arrows must have no circle. */
export function reducedArrows(arrows: Arrows): Arrows {
  const reaches = (from: string, to: string): boolean =>
    (arrows.get(from) ?? []).some((next) => next === to || reaches(next, to));
  return new Map(
    [...arrows].map(([from, targets]) => [
      from,
      targets.filter((target) => !targets.some((other) => other !== target && reaches(other, target))),
    ]),
  );
}
