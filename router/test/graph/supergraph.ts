import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { type Service, serviceNames } from '@pessoa/domain/services';
import { parse } from 'graphql';
import { stripAuthorization } from 'graphql-jwt-guard';

export const sdlOf = (name: Service) =>
  parse(readFileSync(new URL(`../../../schema/${name}.graphql`, import.meta.url), 'utf8'));

/**
 * Composes the SDL files of the subgraphs: the tests then hold for the current files, not for the committed supergraph.
 */
export function composeWithAuthorization(): string {
  const { supergraphSdl, errors } = composeServices(
    // No subgraph listens there, so a call to such an address fails.
    serviceNames.map((name) => ({ name, url: `http://${name}.invalid/graphql`, typeDefs: sdlOf(name) })),
  );
  if (!supergraphSdl) throw new Error(errors?.map(String).join('\n'));
  return supergraphSdl;
}

/** The supergraph that the router loads. */
export const composeSupergraph = (): string => stripAuthorization(composeWithAuthorization()).sdl;
