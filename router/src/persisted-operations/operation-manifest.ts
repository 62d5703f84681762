import { createHash } from 'node:crypto';
import { z } from 'zod';

/** One operation of a manifest. */
export interface PersistedOperation {
  /** SHA-256 of `body` in lower-case hex. */
  readonly id: string;
  /** The name of the operation in `body`. */
  readonly name: string;
  readonly type: 'query' | 'mutation' | 'subscription';
  /** A document with one operation and the fragments that it uses. */
  readonly body: string;
}

/** The id of a document: SHA-256 of its text in lower-case hex. */
export const operationId = (body: string): string => createHash('sha256').update(body).digest('hex');

/** The most operations of a manifest. */
export const OPERATIONS_MAX = 1_000;

/** Faults of a manifest. The message has one line for each, with the name of the operation. */
export class ManifestError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    const shown = faults.slice(0, 20);
    if (faults.length > shown.length) shown.push(`and ${faults.length - shown.length} more`);
    super(shown.join('\n'));
    this.faults = faults;
  }
}

export const MANIFEST_FORMAT = { format: 'apollo-persisted-query-manifest', version: 1 } as const;

const Header = z.object({
  format: z.literal(MANIFEST_FORMAT.format, `\`format\` is not "${MANIFEST_FORMAT.format}"`),
  version: z.literal(MANIFEST_FORMAT.version, `\`version\` is not ${MANIFEST_FORMAT.version}`),
  operations: z
    .array(z.unknown(), '`operations` is not a list')
    .max(OPERATIONS_MAX, `\`operations\` has more than ${OPERATIONS_MAX}`),
});

const Operation = z.object(
  {
    id: z.string('`id` is not a text'),
    name: z.string('`name` is not a text'),
    type: z.enum(['query', 'mutation', 'subscription'], '`type` is neither query, mutation nor subscription'),
    body: z.string('`body` is not a text'),
  },
  'is not an object',
);

/**
 * Reads a manifest of persisted operations in the format of Apollo. Members that the format does not have are ignored.
 *
 * @param text JSON
 * @throws ManifestError for another format, and for an operation whose `id` is not the SHA-256 of its `body` or occurs twice
 */
export function readManifest(text: string): PersistedOperation[] {
  const header = Header.safeParse(parseJson(text));
  if (!header.success) throw new ManifestError(header.error.issues.map(({ message }) => message));
  const faults: string[] = [];
  const operations = new Map<string, PersistedOperation>();
  for (const [index, value] of header.data.operations.entries()) {
    const { data: operation, error } = Operation.safeParse(value);
    if (!operation) {
      faults.push(...error.issues.map(({ message }) => `${labelOf(value, index)}: ${message}`));
    } else if (operationId(operation.body) !== operation.id) {
      faults.push(`${labelOf(value, index)}: \`id\` is not the SHA-256 of \`body\` in lower-case hex`);
    } else if (operations.has(operation.id)) {
      faults.push(`${labelOf(value, index)}: occurs twice`);
    } else operations.set(operation.id, operation);
  }
  if (faults.length > 0) throw new ManifestError(faults);
  return [...operations.values()];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ManifestError(['is not JSON']);
  }
}

/** A name that cannot be one of GraphQL is not quoted. */
function labelOf(value: unknown, index: number): string {
  const { name } = (value ?? {}) as { name?: unknown };
  const place = `operation ${index + 1}`;
  return typeof name === 'string' && /^[A-Za-z_]\w{0,63}$/.test(name) ? `${place} (${name})` : place;
}
