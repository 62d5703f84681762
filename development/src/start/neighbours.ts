import { perService, services } from '@pessoa/domain/services';
import { developmentAudience, ensureDevelopmentKeys, mintToken } from '@pessoa/service/development/development-keys';
import { urlOf } from './service-environment.ts';
import type { StartSettings } from './start-settings.ts';

/** Long enough for a service that runs, short enough to be said in the first second. */
const PATIENCE_MILLIS = 800;

const subgraphs = perService((service) => ({
  variable: `${service.toUpperCase()}_URL`,
  called: service.replace(/^./, (letter) => letter.toUpperCase()),
  fonte: services[service],
  route: `/${services[service]}/0`,
}));

/**
 * What is wrong with the servers that the environment names beside those that start here: a subgraph that is another
 * program, or of another system, whose keys are others; an index that is no Elasticsearch.
 */
export async function faultsOfNeighbours(settings: StartSettings): Promise<string[]> {
  const { env } = settings;
  const own = settings.specs.map(({ port }) => urlOf(settings.host, port));
  const faults = await Promise.all([
    ...Object.values(subgraphs).map(async ({ variable, ...subgraph }) => {
      const url = env[variable];
      if (!url || !URL.canParse(url)) return undefined;
      if (!new URL(url).pathname.endsWith('/graphql')) return `${variable}: does not end in /graphql`;
      if (own.includes(new URL(url).origin)) return undefined;
      const fault = await faultOfSubgraph(url, subgraph, settings);
      return fault === undefined ? undefined : `${variable}: ${fault}`;
    }),
    faultOfElasticsearch(env['ELASTICSEARCH_URL']),
  ]);
  return faults.filter((fault) => fault !== undefined);
}

async function faultOfSubgraph(
  url: string,
  { called, fonte, route }: { called: string; fonte: string; route: string },
  { env, home }: StartSettings,
): Promise<string | undefined> {
  const health = await ask(new URL('/health/ready', url));
  if (!health)
    return `nothing answers there, and npm start has a ${called} of its own: leave it out, or start that one first`;
  const fontes = (health.body as { fontes?: object } | undefined)?.fontes;
  if (!fontes || !(fonte in fontes)) return `what answers there is not Pessoa's ${called}`;
  if (env['JWT_JWKS_URL']) return undefined; // the issuer of the tokens is none of ours
  const token = await mintToken((await ensureDevelopmentKeys(home)).privateJwk, {
    audience: env['JWT_AUDIENCE'] || developmentAudience,
  });
  // No CPF: it is refused before anything is read, and after the token.
  const answer = await ask(new URL(route, url), { authorization: `Bearer ${token}` });
  return answer?.status === 401
    ? `is the ${called} of another system, which does not take this one's tokens`
    : undefined;
}

async function faultOfElasticsearch(url: string | undefined): Promise<string | undefined> {
  if (!url || !URL.canParse(url)) return undefined;
  const { username, password, ...parts } = destructured(url);
  const credentials: Record<string, string> = username
    ? { authorization: `Basic ${btoa(`${username}:${password}`)}` }
    : {};
  const answer = await ask(new URL('/_cluster/health?local=true', parts.origin), credentials);
  // One that is down may come; one that wants credentials is somebody's Elasticsearch.
  if (!answer || [401, 403, 429, 503].includes(answer.status)) return undefined;
  const isElasticsearch = (answer.body as { cluster_name?: unknown } | undefined)?.cluster_name !== undefined;
  return isElasticsearch ? undefined : 'ELASTICSEARCH_URL: what answers there is no Elasticsearch';
}

const destructured = (url: string): { username: string; password: string; origin: string } => {
  const { username, password, origin } = new URL(url);
  return { username: decodeURIComponent(username), password: decodeURIComponent(password), origin };
};

async function ask(
  url: URL,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown } | undefined> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE_MILLIS), redirect: 'manual' });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as unknown) : undefined };
  } catch (error) {
    // Something is there that speaks no HTTP, or not as we do.
    return (error as Error).name === 'TimeoutError' || isRefused(error) ? undefined : { status: 0, body: undefined };
  }
}

const isRefused = (error: unknown): boolean =>
  ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'].includes(
    (error as { cause?: { code?: string } }).cause?.code ?? '',
  );
