import { type PerService, type Service, serviceNames, services } from '@pessoa/domain/services';
import { onceASecond } from '@pessoa/service/http/once-a-second';
import type { createIdentityVerifier } from '@pessoa/service/identity/verifier';
import type { SourceState } from '@pessoa/service/resilience/breaker';
import type { Transport } from './transport/transport.ts';

const TIMEOUT_MILLIS = 500;

/** Ready once every subgraph was, and the keys of tokens are known: a subgraph that is lost later costs its own fields. */
export function routerHealth(
  subgraphs: PerService<{ readonly url: string }>,
  transports: PerService<Transport>,
  verifier: ReturnType<typeof createIdentityVerifier>,
) {
  const onceReady = new Set<Service>();
  return {
    async isReady(): Promise<boolean> {
      await Promise.all(
        serviceNames.map(async (name) => (await isSubgraphReady(subgraphs[name].url)) && onceReady.add(name)),
      );
      const keysAreRead = await verifier.ready().then(() => true, () => false); // prettier-ignore
      return keysAreRead && onceReady.size === serviceNames.length;
    },
    sources: onceASecond(async () =>
      Object.fromEntries(
        await Promise.all(
          serviceNames.map(async (name) => [services[name], await sourceState(subgraphs[name].url, transports[name])]),
        ),
      ),
    ),
  };
}

/** How one source does: what its service says of its base, or what our own calls say when it does not answer. */
async function sourceState(graphqlUrl: string, transport: Transport): Promise<SourceState> {
  const health = await askHealth(graphqlUrl);
  if (!health) return 'fora';
  const own = transport.state();
  const said = health.fontes[transport.fonte] ?? 'ok';
  if (own === 'fora' || said === 'fora') return 'fora';
  return own === 'degradada' || said === 'degradada' ? 'degradada' : 'ok';
}

const isSubgraphReady = async (graphqlUrl: string): Promise<boolean> => (await askHealth(graphqlUrl))?.ready ?? false;

async function askHealth(
  graphqlUrl: string,
): Promise<{ ready: boolean; fontes: Record<string, SourceState> } | undefined> {
  try {
    const response = await fetch(new URL('/health/ready', graphqlUrl), { signal: AbortSignal.timeout(TIMEOUT_MILLIS) });
    const { fontes = {} } = (await response.json()) as { fontes?: Record<string, SourceState> };
    return { ready: response.status === 200, fontes };
  } catch {
    return undefined;
  }
}
