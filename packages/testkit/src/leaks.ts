/** Patterns that no answer may contain: hosts, SQL, stacks, names of libraries. */
const LEAKS: readonly [string, RegExp][] = [
  ['a host or port of ours', /\b(?:127\.0\.0\.1|localhost|0\.0\.0\.0|\[::1\])(?::\d+)?/],
  ['a connection string', /\b(?:postgres(?:ql)?|redis|https?):\/\/[^\s"]*@/],
  ['SQL', /\b(?:SELECT\s.+\sFROM|INSERT INTO|LATERAL|relation "|column ")/i],
  ['a stack', /\bat \S+ \(?(?:file:|node:|\/)[^\s)]+:\d+/],
  ['a path of the machine', /\/(?:node_modules|subgraphs|packages)\//],
  ['a library', /\b(?:prisma|apollo|undici|fastify|ioredis|node-postgres|ECONNREFUSED|ECONNRESET|ETIMEDOUT)\b/i],
];

/** @throws Error when an answer reveals internals */
export function scanForLeaks(text: string): void {
  // A subgraph's `_service` returns the SDL, which links to a public specification.
  const answer = text.replaceAll('https://specs.apollo.dev/', '');
  for (const [what, pattern] of LEAKS) {
    const leak = pattern.exec(answer);
    if (leak) throw new Error(`an answer leaks ${what}: "${leak[0]}" in ${text.slice(0, 400)}`);
  }
}
