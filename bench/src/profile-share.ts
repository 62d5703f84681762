import type { Profiler } from 'node:inspector';

/** The part of a profile's busy samples in which a function of some file is on the stack, from 0 to 1. */
export function profileShare(profile: Profiler.Profile, isInFile: (url: string) => boolean): number {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(
    profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  );
  const isCounted = (id: number | undefined): boolean =>
    id !== undefined && (isInFile(nodes.get(id)!.callFrame.url) || isCounted(parents.get(id)));
  const counted = new Map(profile.nodes.map(({ id }) => [id, isCounted(id)]));
  let busyMicros = 0;
  let countedMicros = 0;
  profile.samples?.forEach((id, index) => {
    if (nodes.get(id)!.callFrame.functionName === '(idle)') return;
    const micros = profile.timeDeltas![index]!;
    busyMicros += micros;
    if (counted.get(id)) countedMicros += micros;
  });
  return countedMicros / busyMicros;
}
