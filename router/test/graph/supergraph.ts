import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { type Service, serviceNames } from '@pessoa/domain/services';
import { parse } from 'graphql';
import { stripAuthorization } from 'graphql-jwt-guard';

export const sdlOf = (name: Service) =>
  parse(readFileSync(new URL(`../../../schema/${name}.graphql`, import.meta.url), 'utf8'));

/** Composed here, not read: these tests hold for the SDL as it is now. */
export function composeSupergraph(): string {
  const { supergraphSdl, errors } = composeServices(
    // No subgraph is there: nothing may ever be asked of these addresses.
    serviceNames.map((name) => ({ name, url: `http://${name}.invalid/graphql`, typeDefs: sdlOf(name) })),
  );
  if (!supergraphSdl) throw new Error(errors?.map(String).join('\n'));
  return stripAuthorization(supergraphSdl).sdl;
}
