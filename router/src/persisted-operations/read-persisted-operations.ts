import type { RouterConfig } from '../config.ts';
import { pageOperations } from '../person-page/page-operations.ts';
import { ManifestError, readManifest } from './operation-manifest.ts';
import { PersistedOperations } from './persisted-operations.ts';
import { readBoundedFile } from '../supergraph/bounded-file.ts';

/**
 * Reads the operations that the router knows: those of the REST routes and of the person's page, and unless ids are off
 * those of the manifest.
 *
 * @throws ManifestError for a manifest that cannot be used
 */
export function readPersistedOperations({
  persistedOperations: { mode, manifest },
  allowsIntrospection: introspection,
  personPage,
}: Pick<RouterConfig, 'persistedOperations' | 'allowsIntrospection' | 'personPage'>): PersistedOperations {
  return new PersistedOperations(mode === 'off' ? [] : readManifest(contentOf(manifest)), {
    introspection,
    ...(personPage && { pages: pageOperations }),
  });
}

function contentOf(file: string | URL): string {
  try {
    return readBoundedFile(file);
  } catch (error) {
    throw new ManifestError([(error as Error).message]);
  }
}
