import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { operationId, type PersistedOperation } from '@pessoa/router/persisted-operations/operation-manifest';
import {
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  visit,
} from 'graphql';

interface DocumentFile {
  readonly path: string;
  readonly text: string;
  readonly document: DocumentNode;
}

/**
 * Reads the operations of all `.graphql` files in a folder and the folders in it. A fragment may be in another file than the
 * operation that uses it: each operation gets the fragments that it uses. A file with one operation that needs no other file
 * is taken as it is written, so its id is the SHA-256 of the file.
 *
 * @returns by name
 * @throws Error that names the file, for bad GraphQL, an operation without a name, or a name that occurs twice
 */
export async function readOperationDocuments(folder: string): Promise<PersistedOperation[]> {
  const files = await readFiles(folder);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const { path, definition } of definitionsOf(files)) {
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const name = definition.name.value;
    if (fragments.has(name)) throw new Error(`${path}: another fragment is called ${name}`);
    fragments.set(name, definition);
  }
  const operations = new Map<string, PersistedOperation>();
  for (const { path, text, definition, definitions } of definitionsOf(files)) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) continue;
    if (definition.kind !== Kind.OPERATION_DEFINITION)
      throw new Error(`${path}: only operations and fragments may be here`);
    const name = definition.name?.value;
    if (name === undefined) throw new Error(`${path}: an operation has no name`);
    if (operations.has(name)) throw new Error(`${path}: another operation is called ${name}`);
    const needed = [definition, ...usedFragments(definition, fragments, path)];
    const isWholeFile = needed.length === definitions.length && needed.every((node) => definitions.includes(node));
    const body = isWholeFile ? text : needed.map(print).join('\n\n');
    operations.set(name, { id: operationId(body), name, type: definition.operation, body });
  }
  return [...operations.values()].toSorted(byName);
}

const byName = (a: PersistedOperation, b: PersistedOperation): number => (a.name < b.name ? -1 : 1);

async function readFiles(folder: string): Promise<DocumentFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
    throw new Error(`${folder} is not a folder that can be read`);
  });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.graphql'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  return Promise.all(
    paths.map(async (file) => {
      const text = await readFile(file, 'utf8');
      const path = relative(process.cwd(), file);
      return { path, text, document: parseFile(path, text) };
    }),
  );
}

function parseFile(path: string, text: string): DocumentNode {
  try {
    return parse(text, { noLocation: true });
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

function* definitionsOf(
  files: readonly DocumentFile[],
): Generator<{ path: string; text: string; definition: DefinitionNode; definitions: readonly DefinitionNode[] }> {
  for (const { path, text, document } of files) {
    for (const definition of document.definitions) yield { path, text, definition, definitions: document.definitions };
  }
}

/** The fragments that an operation uses, directly or through others, by name. */
function usedFragments(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  path: string,
): FragmentDefinitionNode[] {
  const used = new Map<string, FragmentDefinitionNode>();
  const follow = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      FragmentSpread({ name: { value: name } }) {
        const fragment = fragments.get(name);
        if (!fragment) throw new Error(`${path}: no file has the fragment ${name}`);
        if (used.has(name)) return;
        used.set(name, fragment);
        follow(fragment);
      },
    });
  };
  follow(operation);
  return [...used.keys()].toSorted().map((name) => used.get(name)!);
}
