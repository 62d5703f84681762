import { systemClock } from '@pessoa/domain/data';
import { type PerService, perService, type Service, services } from '@pessoa/domain/services';
import { INTERNAL_IDENTITY_HEADER, internalIdentitySigner } from '@pessoa/service/identity/internal-identity';
import type { RouterConfig } from '../config.ts';
import { createTransport, type Transport, type TransportRequest } from './transport.ts';

/** Opens a transport to each subgraph. Its calls carry the router's identity beside the caller's token. */
export function openTransports({ subgraphs, subgraphConnections, internalKey }: RouterConfig): PerService<Transport> {
  const identityFor = internalIdentitySigner(internalKey, systemClock);
  const signerOf = (subgraph: Service) => {
    const { pathname, search } = new URL(subgraphs[subgraph].url);
    return ({ headers, body }: TransportRequest): Record<string, string> => {
      const { authorization = '', 'x-finalidade': finalidade = '' } = headers;
      const call = { subgraph, method: 'POST', path: pathname + search, authorization, finalidade };
      return { [INTERNAL_IDENTITY_HEADER]: identityFor(call, body) };
    };
  };
  const openTransport = (name: Service): Transport =>
    createTransport({
      ...subgraphs[name],
      fonte: services[name],
      connections: subgraphConnections,
      sign: signerOf(name),
    });
  return perService(openTransport);
}
