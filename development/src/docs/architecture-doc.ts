import { allowedDependencies, type Group } from '../boundaries/allowed-dependencies.ts';
import { arrowsOf, readWorkspaces, reducedArrows } from '../boundaries/workspaces.ts';

const BEGIN = '<!-- from the package.json of each workspace by `npm run docs:generate` -->\n';
const END = '<!-- end of what each package.json says -->\n';
const groups: readonly Group[] = ['commands', 'processes', 'packages'];

function diagram(): string {
  const workspaces = readWorkspaces();
  const arrows = reducedArrows(arrowsOf(workspaces));
  const boxes = groups.flatMap((group) => [
    `  subgraph ${group}`,
    ...workspaces
      .filter(({ name }) => allowedDependencies[name]?.group === group)
      .map(({ name }) => `    ${name}_[${name}]`),
    '  end',
  ]);
  const lines = [...arrows].flatMap(([from, targets]) => targets.map((to) => `  ${from}_ --> ${to}_`));
  return `\n\`\`\`mermaid\nflowchart TB\n${[...boxes, ...lines].join('\n')}\n\`\`\`\n\n`;
}

/** Replaces the diagram of the workspaces between the marks of ARCHITECTURE.md. */
export function architectureDoc(current: string): string {
  const from = current.indexOf(BEGIN);
  const to = current.indexOf(END);
  if (from === -1 || to < from) throw new Error('ARCHITECTURE.md has no marks for the diagram of the workspaces');
  return current.slice(0, from + BEGIN.length) + diagram() + current.slice(to);
}
