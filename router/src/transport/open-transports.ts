import { systemClock } from '@pessoa/domain/data';
import { type PerService, perService, type Service, services } from '@pessoa/domain/services';
import type { FetchHandler } from '@pessoa/service/graphql/router-fetch';
import { INTERNAL_IDENTITY_HEADER, internalIdentitySigner } from '@pessoa/service/identity/internal-identity';
import type { RouterConfig } from '../config.ts';
import type { CallObserver } from './call-metrics.ts';
import { localWire } from './local-wire.ts';
import { shareCalls } from './shared-calls.ts';
import { createTransport, type Transport, transportOver } from './transport.ts';
import type { WireRequest } from './wire.ts';

/** Opens a transport to each subgraph. Its calls carry the router's identity beside the caller's token. */
export function openTransports(
  { subgraphs, subgraphConnections, internalKey }: RouterConfig,
  observers: PerService<CallObserver> | undefined,
): PerService<Transport> {
  const identityFor = internalIdentitySigner(internalKey, systemClock);
  const signerOf = (subgraph: Service) => {
    const { pathname, search } = new URL(subgraphs[subgraph].url);
    return ({ headers, body }: WireRequest): Record<string, string> => {
      const { authorization = '', 'x-finalidade': finalidade = '' } = headers;
      const call = { subgraph, method: 'POST', path: pathname + search, authorization, finalidade };
      return { [INTERNAL_IDENTITY_HEADER]: identityFor(call, body) };
    };
  };
  const batchSignerOf =
    (subgraph: Service) =>
    (path: string, body: string): Record<string, string> => ({
      [INTERNAL_IDENTITY_HEADER]: identityFor(
        { subgraph, method: 'POST', path, authorization: '', finalidade: '' },
        body,
      ),
    });
  const openTransport = (name: Service): Transport => {
    const observer = observers && { observer: observers[name] };
    const transport = createTransport({
      ...subgraphs[name],
      fonte: services[name],
      connections: subgraphConnections,
      sign: signerOf(name),
      signBatch: batchSignerOf(name),
      ...observer,
    });
    return shareCalls(transport, subgraphs[name].timeoutMillis, observers?.[name]);
  };
  return perService(openTransport);
}

/** Opens a transport to each subgraph of this process. Equal reads share no call here, because their answers are objects. Only loads behind a cache are shared (profiles, purchases). */
export const localTransports = (
  fetchHandlers: PerService<FetchHandler>,
  { subgraphs }: Pick<RouterConfig, 'subgraphs'>,
  observers: PerService<CallObserver> | undefined,
): PerService<Transport> =>
  perService((name) => {
    const { timeoutMillis } = subgraphs[name];
    const fonte = services[name];
    return transportOver(localWire(fetchHandlers[name], fonte), {
      fonte,
      timeoutMillis,
      ...(observers && { observer: observers[name] }),
    });
  });
