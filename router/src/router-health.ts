import { type PerService, type Service, serviceNames, services } from '@pessoa/domain/services';
import { askOncePerSecond } from '@pessoa/service/http/ask-once-per-second';
import type { IdentityVerifier } from '@pessoa/service/identity/verifier';
import type { SourceState } from '@pessoa/service/resilience/breaker';
import type { Transport } from './transport/transport.ts';

const TIMEOUT_MILLIS = 500;

/**
 * Health of the router. It is ready if it could read the keys of an issuer, and if each subgraph was ready at least once.
 * A subgraph that fails later only loses its own fields.
 */
export function routerHealth(
  subgraphs: PerService<{ readonly url: string }>,
  transports: PerService<Transport>,
  verifier: IdentityVerifier,
) {
  const subgraphsOnceReady = new Set<Service>();
  return {
    async isReady(): Promise<boolean> {
      await Promise.all(
        serviceNames.map(async (name) => (await isSubgraphReady(subgraphs[name].url)) && subgraphsOnceReady.add(name)),
      );
      const hasKeys = await verifier.ready().then(() => true, () => false); // prettier-ignore
      return hasKeys && subgraphsOnceReady.size === serviceNames.length;
    },
    keys: verifier.keyStates,
    sources: askOncePerSecond(async () =>
      Object.fromEntries(
        await Promise.all(
          serviceNames.map(async (name) => [services[name], await sourceState(subgraphs[name].url, transports[name])]),
        ),
      ),
    ),
  };
}

/**
 * The worse of two states: the one that the subgraph reports of its source, and the one that the router's calls show.
 */
async function sourceState(graphqlUrl: string, transport: Transport): Promise<SourceState> {
  const health = await fetchHealth(graphqlUrl);
  if (!health) return 'fora';
  const callState = transport.state();
  const reportedState = health.fontes[transport.fonte] ?? 'ok';
  if (callState === 'fora' || reportedState === 'fora') return 'fora';
  return callState === 'degradada' || reportedState === 'degradada' ? 'degradada' : 'ok';
}

const isSubgraphReady = async (graphqlUrl: string): Promise<boolean> => (await fetchHealth(graphqlUrl))?.ready ?? false;

/** @returns undefined if the subgraph does not answer within 500 ms */
async function fetchHealth(
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
