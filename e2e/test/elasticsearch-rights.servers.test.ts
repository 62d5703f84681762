import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fixedClock } from '@pessoa/domain/data';
import { graphql } from '@pessoa/testkit/graphql-client';
import { type IndexedPostings, startIndexedPostings } from '../src/indexed-postings.ts';
import { addPerson } from '../src/people.ts';
import { makeSecrets, type SecuredElasticsearch, startSecuredElasticsearch } from '../src/secured-elasticsearch.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const ALIAS = 'movimentacao';
const QUERY = `query ($cpf: CPF!) { pessoa(cpf: $cpf) { eventos {
  movimentacaoFinanceira(filtro: { texto: "joao silv" }) { totalCount }
} } }`;

let folder: string;
let server: SecuredElasticsearch;
let graph: WholeGraph;
let postings: IndexedPostings;
/** The index that the alias points to. */
let index: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pessoa-secrets-'));
  await makeSecrets(folder);
  server = await startSecuredElasticsearch(async (name) => (await readFile(join(folder, name), 'utf8')).trim());
  graph = await startWholeGraph({
    clock: fixedClock('2026-11-22T15:00:00Z'),
    envFrom: async (bases, { CPF_HASH_KEY }) => {
      postings = await startIndexedPostings(bases, CPF_HASH_KEY!, { url: server.urlOf('indexer'), alias: ALIAS });
      return { ...postings.env, ELASTICSEARCH_URL: server.urlOf('event') };
    },
  });
  const aliases = await ask('indexer', 'GET', `_alias/${ALIAS}`);
  index = Object.keys((await aliases.json()) as object)[0]!;
}, 180_000);
afterAll(async () => {
  await graph?.close();
  await postings?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

type Caller = 'event' | 'indexer' | 'nobody' | 'wrong password';

function authorizationOf(caller: Caller): string | undefined {
  if (caller === 'nobody') return undefined;
  const { username, password } = new URL(server.urlOf(caller === 'indexer' ? 'indexer' : 'event'));
  const usedPassword = caller === 'wrong password' ? password.toLowerCase() : password;
  return `Basic ${Buffer.from(`${username}:${usedPassword}`).toString('base64')}`;
}

const bodies: Readonly<Record<string, object>> = {
  [`${ALIAS}/_doc/1`]: {},
  [`${ALIAS}-state/_doc/1`]: {},
  _aliases: { actions: [{ remove: { index: `${ALIAS}-v*`, alias: ALIAS } }] },
  '_cluster/settings': { persistent: { 'cluster.max_shards_per_node': 2000 } },
  '_security/user/other': { password: 'other-password', roles: ['superuser'] },
};

function ask(caller: Caller, method: string, path: string): Promise<Response> {
  const authorization = authorizationOf(caller);
  const body = method === 'GET' ? undefined : bodies[path];
  return fetch(`${server.url}/${path.replace('INDEX', index)}`, {
    method,
    headers: { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) },
    ...(body && { body: JSON.stringify(body) }),
  });
}

describe('Elasticsearch with the users and roles of docker-compose.yml', () => {
  it('is filled by the indexer and searched by Event, each with its own password', async () => {
    const cpf = await addPerson(graph);
    const token = await graph.environment.token({ consentimento: [cpf] });
    await postings.waitUntilIndexed();
    const answeredByIndex = async (): Promise<number> => {
      const metrics = await (await fetch(`${graph.subgraphs.event.metricsUrl}/metrics`)).text();
      return Number(/^pessoa_search_answers_total\{[^}]*engine="elasticsearch"[^}]*\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
    };
    const deadline = Date.now() + 30_000;
    let answer;
    // Event reads the state of the index every second.
    do {
      await sleep(200);
      answer = await graphql(graph.router.url, { query: QUERY, variables: { cpf }, token });
      if (Date.now() > deadline) throw new Error('Event has not asked the index for 30 s');
    } while ((await answeredByIndex()) === 0);
    expect(answer.body).toEqual({ data: { pessoa: { eventos: { movimentacaoFinanceira: { totalCount: 3 } } } } });
  });

  it.each<[Caller, string, string]>([
    ['nobody', 'GET', '_cluster/health'],
    ['event', 'GET', `_alias/${ALIAS}`],
    ['event', 'GET', `${ALIAS}/_search`],
    ['event', 'GET', `${ALIAS}-state/_search`],
    ['indexer', 'PUT', `${ALIAS}-v9-20260101000000`],
    ['indexer', 'DELETE', `${ALIAS}-v9-20260101000000`],
  ])('lets %s %s /%s', async (caller, method, path) => {
    expect((await ask(caller, method, path)).status).toBe(200);
  });

  it.each<[Caller, string, string]>([
    ['nobody', 'GET', `${ALIAS}/_search`],
    ['nobody', 'GET', `${ALIAS}-state/_search`],
    ['nobody', 'GET', '_cat/indices'],
    ['nobody', 'PUT', 'own'],
    ['nobody', 'DELETE', 'INDEX'],
    ['nobody', 'GET', '_nodes'],
    ['nobody', 'PUT', '_cluster/settings'],
    ['event', 'PUT', `${ALIAS}/_doc/1`],
    ['event', 'DELETE', 'INDEX'],
    ['event', 'POST', `${ALIAS}/_refresh`],
    ['event', 'PUT', `${ALIAS}-v9-20260101000000`],
    ['event', 'PUT', `${ALIAS}-state/_doc/1`],
    ['event', 'POST', '_aliases'],
    ['event', 'GET', 'other/_search'],
    ['event', 'GET', '.security/_search'],
    ['event', 'PUT', '_cluster/settings'],
    ['event', 'GET', '_security/user'],
    ['indexer', 'PUT', 'other'],
    ['indexer', 'GET', 'other/_search'],
    ['indexer', 'PUT', `${ALIAS}-other`],
    ['indexer', 'PUT', '_cluster/settings'],
    ['indexer', 'PUT', '_security/user/other'],
    ['indexer', 'GET', '_nodes'],
  ])('refuses %s %s /%s', async (caller, method, path) => {
    expect((await ask(caller, method, path)).status).toBe(403);
  });

  it.each(['wrong password', 'elastic'])('refuses the credentials: %s', async (user) => {
    const authorization =
      user === 'elastic'
        ? `Basic ${Buffer.from('elastic:changeme').toString('base64')}`
        : authorizationOf('wrong password')!;
    const { status } = await fetch(`${server.url}/_cluster/health`, { headers: { authorization } });
    expect(status).toBe(401);
  });

  it('has hashes of passwords only', async () => {
    const users = await readFile(join(folder, 'elasticsearch-users'), 'utf8');
    expect(users).toMatch(
      /^event:\{PBKDF2\}10000\$[\w+/]{43}=\$[\w+/]{43}=\nindexer:\{PBKDF2\}10000\$[\w+/]{43}=\$[\w+/]{43}=\n$/,
    );
    for (const user of ['event', 'indexer']) {
      expect(users).not.toContain((await readFile(join(folder, `elasticsearch-${user}-password`), 'utf8')).trim());
    }
  });
});
