import { perService, services } from '@pessoa/domain/services';
import { splitList } from '@pessoa/service/config/split-list';
import { developmentAudience, ensureDevelopmentKeys, mintToken } from '@pessoa/service/development/development-keys';
import { urlOf } from './service-environment.ts';
import type { StartSettings } from './start-settings.ts';

/** Long enough for a service that runs, and short enough to report a fault within the first second. */
const PATIENCE_MILLIS = 800;

const subgraphs = perService((service) => ({
  variable: `${service.toUpperCase()}_URL`,
  title: service.replace(/^./, (letter) => letter.toUpperCase()),
  fonte: services[service],
  route: `/${services[service]}/0`,
}));

/**
 * Faults of the servers that the environment names and `npm start` does not start: a subgraph URL that leads to another
 * program or to a system with other keys, and an Elasticsearch URL that leads to something else.
 */
export async function faultsOfNeighbours(settings: StartSettings): Promise<string[]> {
  const { env } = settings;
  const ownOrigins = settings.specs.map(({ port }) => urlOf(settings.host, port));
  const faults = await Promise.all([
    ...Object.values(subgraphs).map(async ({ variable, ...subgraph }) => {
      const url = env[variable];
      if (!url || !URL.canParse(url)) return undefined;
      if (!new URL(url).pathname.endsWith('/graphql')) return `${variable}: does not end in /graphql`;
      if (ownOrigins.includes(new URL(url).origin)) return undefined;
      const fault = await faultOfSubgraph(url, subgraph, settings);
      return fault === undefined ? undefined : `${variable}: ${fault}`;
    }),
    faultOfElasticsearch(env['ELASTICSEARCH_URL']),
  ]);
  return faults.filter((fault) => fault !== undefined);
}

async function faultOfSubgraph(
  url: string,
  { title, fonte, route }: { title: string; fonte: string; route: string },
  { env, home }: StartSettings,
): Promise<string | undefined> {
  const health = await get(new URL('/health/ready', url));
  if (!health)
    return `nothing answers there, and npm start starts a ${title} of its own: unset the variable, or start that one first`;
  const fontes = (health.body as { fontes?: object } | undefined)?.fontes;
  if (!fontes || !(fonte in fontes)) return `what answers there is not Pessoa's ${title}`;
  if (env['JWT_JWKS_URL']) return undefined; // somebody else issues the tokens
  const token = await mintToken((await ensureDevelopmentKeys(home)).privateJwk, {
    audience: splitList(env['JWT_AUDIENCE'] ?? '')[0] ?? developmentAudience,
  });
  // 0 is no CPF: the service checks the token, then refuses the request before it reads the base.
  const answer = await get(new URL(route, url), { authorization: `Bearer ${token}` });
  return answer?.status === 401
    ? `is the ${title} of another system, which does not take this one's tokens`
    : undefined;
}

async function faultOfElasticsearch(url: string | undefined): Promise<string | undefined> {
  if (!url || !URL.canParse(url)) return undefined;
  const { username, password, ...parts } = credentialsOf(url);
  const credentials: Record<string, string> = username
    ? { authorization: `Basic ${btoa(`${username}:${password}`)}` }
    : {};
  const answer = await get(new URL('/_cluster/health?local=true', parts.origin), credentials);
  // No answer and 503: it may still be starting. 401 and 403: an Elasticsearch that wants credentials.
  if (!answer || [401, 403, 429, 503].includes(answer.status)) return undefined;
  const isElasticsearch = (answer.body as { cluster_name?: unknown } | undefined)?.cluster_name !== undefined;
  return isElasticsearch ? undefined : 'ELASTICSEARCH_URL: what answers there is no Elasticsearch';
}

const credentialsOf = (url: string): { username: string; password: string; origin: string } => {
  const { username, password, origin } = new URL(url);
  return { username: decodeURIComponent(username), password: decodeURIComponent(password), origin };
};

async function get(
  url: URL,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown } | undefined> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE_MILLIS), redirect: 'manual' });
    const body = await response.text();
    return { status: response.status, body: body.startsWith('{') ? (JSON.parse(body) as unknown) : undefined };
  } catch (error) {
    // Any other error: a program answered there, but not in HTTP or JSON.
    return (error as Error).name === 'TimeoutError' || isRefused(error) ? undefined : { status: 0, body: undefined };
  }
}

const isRefused = (error: unknown): boolean =>
  ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'].includes(
    (error as { cause?: { code?: string } }).cause?.code ?? '',
  );
