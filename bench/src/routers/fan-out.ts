import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { readFileSync } from 'node:fs';
import { type Service, serviceNames } from '@pessoa/domain/services';
import { readConfig } from '@pessoa/router/config';
import { createIdentityVerifier } from '@pessoa/service/identity/verifier';
import { type FieldNode, Kind, type OperationDefinitionNode, parse, print } from 'graphql';
import { Pool } from 'undici';
import { OPERATIONS } from './operations.ts';

/**
 * The router as one would write it by hand, for the operations of this bench alone: it checks the token, sends the three fetches that it
 * made at its start, and puts the parts of each person together. It limits, guards, checks and logs nothing.
 */

const config = readConfig(process.env);
const verifier = createIdentityVerifier(config);

/** The subgraph of each field of `Pessoa`, from the SDL. */
const serviceOf = new Map(
  serviceNames.flatMap((name) => {
    const document = parse(readFileSync(new URL(`../../../schema/${name}.graphql`, import.meta.url), 'utf8'));
    const person = document.definitions.find((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === 'Pessoa'); // prettier-ignore
    const { fields = [] } = person as { fields?: readonly { readonly name: { readonly value: string } }[] };
    return fields.map((field) => [field.name.value, name] as const);
  }),
);

interface Fetch {
  readonly service: Service;
  readonly queryJson: string;
}

/** One fetch for each subgraph, with what it answers of every root field. */
function fetchesOf(query: string): readonly Fetch[] {
  const [operation] = parse(query).definitions as [OperationDefinitionNode];
  const roots = operation.selectionSet.selections as readonly FieldNode[];
  return serviceNames.flatMap((service) => {
    const parts = roots.flatMap((root) => {
      const selections = (root.selectionSet!.selections as readonly FieldNode[]).filter(
        ({ name }) => serviceOf.get(name.value) === service,
      );
      return selections.length > 0 ? [{ ...root, selectionSet: { ...root.selectionSet!, selections } }] : [];
    });
    if (parts.length === 0) return [];
    const document = { ...operation, selectionSet: { ...operation.selectionSet, selections: parts } };
    return [{ service, queryJson: JSON.stringify(print(document)) }];
  });
}

const known = new Map(OPERATIONS.map(({ query }) => [query, fetchesOf(query)]));
const pools = Object.fromEntries(
  serviceNames.map((name) => [name, new Pool(new URL(config.subgraphs[name].url).origin, { connections: 64 })]),
) as Record<Service, Pool>;

type Person = Record<string, unknown>;

async function send(
  { service, queryJson }: Fetch,
  variables: string,
  authorization: string,
): Promise<Record<string, Person | Person[]>> {
  const { body, statusCode } = await pools[service].request({
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json', authorization },
    body: `{"query":${queryJson},"variables":${variables}}`,
  });
  const { data, errors } = JSON.parse(await body.text()) as { data?: Record<string, Person>; errors?: unknown };
  if (statusCode !== 200 || errors || !data) throw new Error('a source failed');
  return data;
}

/** Puts what the subgraphs say of one person, or of a list of people, together. */
const merge = (parts: readonly (Person | Person[])[]): Person | Person[] => {
  const [first] = parts;
  return Array.isArray(first)
    ? first.map((_, index) => Object.assign({}, ...parts.map((people) => (people as Person[])[index])) as Person)
    : (Object.assign({}, ...parts) as Person);
};

async function answer(authorization: string, body: string): Promise<string> {
  await verifier.verify(authorization);
  const { query, variables } = JSON.parse(body) as { query: string; variables: object };
  const variablesJson = JSON.stringify(variables);
  const answers = await Promise.all(known.get(query)!.map((fetch) => send(fetch, variablesJson, authorization)));
  const data: Record<string, unknown> = {};
  for (const root of Object.keys(answers[0]!)) data[root] = merge(answers.map((answer) => answer[root]!));
  return JSON.stringify({ data });
}

const server = createServer((request, response) => {
  text(request)
    .then((body) => answer(request.headers.authorization ?? '', body))
    .then(
      (json) => {
        response.setHeader('content-type', 'application/json; charset=utf-8');
        response.end(json);
      },
      (error: unknown) => {
        console.error(error);
        response.writeHead(500).end();
      },
    );
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql` });
});
