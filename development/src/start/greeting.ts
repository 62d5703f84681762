import { restRoutes } from '@pessoa/rest/routes';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';

/** What `npm start` prints when the system is ready. Every command in it can be pasted into a shell. */
export function greeting(system: {
  url: string;
  token: string;
  exampleCpf: string;
  logs: string;
  hours: number;
}): string {
  const { url, token, exampleCpf } = system;
  const body = JSON.stringify({ query: EXAMPLE_QUERY.replace(/\s+/g, ' '), variables: { cpf: exampleCpf } });
  const paths = restRoutes.map(({ path }) => path.replace('{cpf}', exampleCpf));
  return `
Start page ${url}/            (explorer: ${url}/explorador)
Reference  ${url}/referencia
Logs       ${system.logs}

A token of every scope, for ${system.hours} hours, with the consents of the people to try (docs/people-to-try.md):

export TOKEN=${token}

The graph:

curl -sS ${url}/graphql -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d '${body}'

The five REST routes:

${paths.map((path) => `curl -sS ${url}${path} -H "authorization: Bearer $TOKEN"`).join('\n')}

Ctrl-C stops everything.
`;
}
