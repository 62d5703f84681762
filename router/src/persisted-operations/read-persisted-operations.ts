import { readFileSync, statSync } from 'node:fs';
import { ConfigError } from '@pessoa/service/config/environment';
import type { RouterConfig } from '../config.ts';
import { ManifestError, readManifest } from './operation-manifest.ts';
import { PersistedOperations } from './persisted-operations.ts';

/** The most bytes of a manifest. */
const MANIFEST_MAX_BYTES = 16 * 1024 * 1024;

/**
 * Reads the operations that the router knows: those of the REST routes, and unless ids are off those of the manifest.
 *
 * @throws ConfigError for a manifest that cannot be used
 */
export function readPersistedOperations({
  persistedOperations: { mode, manifest },
  allowsIntrospection: introspection,
}: Pick<RouterConfig, 'persistedOperations' | 'allowsIntrospection'>): PersistedOperations {
  try {
    const operations = mode === 'off' ? [] : readManifest(contentOf(manifest));
    return new PersistedOperations(operations, { introspection });
  } catch (error) {
    return toManifestFault(error);
  }
}

/** @throws ConfigError that names the setting, for a fault of the manifest; any other error as it is */
export function toManifestFault(error: unknown): never {
  if (!(error instanceof ManifestError)) throw error;
  const faults = error.message.split('\n').map((fault) => `PERSISTED_OPERATIONS_MANIFEST: ${fault}`);
  throw new ConfigError(`router cannot start:\n${faults.map((fault) => `  ${fault}`).join('\n')}`, faults);
}

function contentOf(file: string | URL): string {
  try {
    if (statSync(file).size <= MANIFEST_MAX_BYTES) return readFileSync(file, 'utf8');
  } catch {
    throw new ManifestError(['is not a file that can be read']);
  }
  throw new ManifestError([`has more than ${MANIFEST_MAX_BYTES / 1024 / 1024} MiB`]);
}
