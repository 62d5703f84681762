import type { SourceState } from '@pessoa/service/resilience/breaker';
import type { Transport } from './transport/transport.ts';

const TIMEOUT_MILLIS = 500;

/** How one source does: what its service says of its base, or what our own calls say when it does not answer. */
export async function sourceState(graphqlUrl: string, transport: Transport): Promise<SourceState> {
  const health = await askHealth(graphqlUrl);
  if (!health) return 'fora';
  const own = transport.state();
  const said = health.fontes[transport.fonte] ?? 'ok';
  if (own === 'fora' || said === 'fora') return 'fora';
  return own === 'degradada' || said === 'degradada' ? 'degradada' : 'ok';
}

export const isSubgraphReady = async (graphqlUrl: string): Promise<boolean> =>
  (await askHealth(graphqlUrl))?.ready ?? false;

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
