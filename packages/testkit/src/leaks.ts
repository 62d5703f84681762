/** What no answer may contain: hosts, SQL, stacks, names of libraries. */
const LEAKS: readonly [string, RegExp][] = [
  ['a host or port of ours', /\b(?:127\.0\.0\.1|localhost|0\.0\.0\.0|\[::1\])(?::\d+)?/],
  ['a connection string', /\b(?:postgres(?:ql)?|redis|https?):\/\/[^\s"]*@/],
  ['SQL', /\b(?:SELECT\s.+\sFROM|INSERT INTO|LATERAL|relation "|column ")/i],
  ['a stack', /\bat \S+ \(?(?:file:|node:|\/)[^\s)]+:\d+/],
  ['a path of the machine', /\/(?:node_modules|subgraphs|packages)\//],
  ['a library', /\b(?:prisma|apollo|undici|fastify|ioredis|node-postgres|ECONNREFUSED|ECONNRESET|ETIMEDOUT)\b/i],
];

/** @throws when the text of an answer gives away what runs behind it */
export function scanForLeaks(text: string): void {
  // A subgraph's `_service` answers its SDL, which links to the public specification by address.
  const answer = text.replaceAll('https://specs.apollo.dev/', '');
  for (const [what, pattern] of LEAKS) {
    const found = pattern.exec(answer);
    if (found) throw new Error(`an answer leaks ${what}: "${found[0]}" in ${text.slice(0, 400)}`);
  }
}
