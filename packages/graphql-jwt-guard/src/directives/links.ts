import {
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type SchemaDefinitionNode,
  type SchemaExtensionNode,
} from 'graphql';

/** A `@link` (or `@core`) of a schema: a specification, and the local names of its elements. */
export interface Link {
  /** The URL without its version: `https://specs.apollo.dev/requiresScopes`. */
  readonly identity: string;
  /** Example: `v0.1`. Undefined if the URL does not end in a version. */
  readonly version: string | undefined;
  /** The local name of the specification: the prefix of elements without import. */
  readonly name: string;
  /** By the name of an imported element: its local name. Names of directives have their `@`. */
  readonly imports: ReadonlyMap<string, string>;
  readonly node: ConstDirectiveNode;
}

const LINK_SPECS: Readonly<Record<string, string>> = {
  'https://specs.apollo.dev/link': 'link',
  'https://specs.apollo.dev/core': 'core',
};
const VERSION = /^v\d+\.\d+$/;

function readUrl(url: string): { identity: string; version: string | undefined; lastPart: string } {
  if (!URL.canParse(url)) return { identity: url, version: undefined, lastPart: url };
  const { origin, pathname } = new URL(url);
  const parts = pathname.split('/').filter((part) => part !== '');
  const version = VERSION.test(parts.at(-1) ?? '') ? parts.pop() : undefined;
  return { identity: [origin, ...parts].join('/'), version, lastPart: parts.at(-1) ?? '' };
}

function readImports(value: unknown): Map<string, string> {
  const imports = new Map<string, string>();
  for (const item of Array.isArray(value) ? (value as unknown[]) : []) {
    const entry = typeof item === 'string' ? { name: item } : (item as { name?: unknown; as?: unknown } | null);
    const name = entry?.name;
    const local = entry !== null && 'as' in entry ? entry.as : name;
    // An unreadable import may rename an authorization directive.
    if (typeof name !== 'string' || typeof local !== 'string') throw new Error('an import of a @link cannot be read');
    imports.set(name, local);
  }
  return imports;
}

function readArguments(node: ConstDirectiveNode): Record<string, unknown> {
  return Object.fromEntries((node.arguments ?? []).map((arg) => [arg.name.value, valueFromASTUntyped(arg.value)]));
}

/** @returns undefined for a directive without the string `url`, or `feature` for `@core` */
function readLink(node: ConstDirectiveNode): Link | undefined {
  const { url, feature, as, import: imported } = readArguments(node);
  const address = url ?? feature;
  if (typeof address !== 'string') return undefined;
  const { identity, version, lastPart } = readUrl(address);
  return { identity, version, name: typeof as === 'string' ? as : lastPart, imports: readImports(imported), node };
}

/**
 * Reads the links of a schema. The schema may rename `@link` itself: the link directive is the one that links the link
 * specification under its own name.
 *
 * @throws Error for an unreadable import
 */
export function readLinks(schemaNodes: readonly (SchemaDefinitionNode | SchemaExtensionNode)[]): Link[] {
  const directives = schemaNodes.flatMap((node) => node.directives ?? []);
  const bootstrap = directives.find((node) => {
    const { url, feature, as } = readArguments(node);
    const address = url ?? feature;
    const specName = typeof address === 'string' ? LINK_SPECS[readUrl(address).identity] : undefined;
    return specName !== undefined && node.name.value === (as ?? specName);
  });
  const linkName = bootstrap?.name.value ?? 'link';
  return directives.filter((node) => node.name.value === linkName).flatMap((node) => readLink(node) ?? []);
}

/** The local name of a directive of a linked specification, without `@`. */
export function localDirectiveName(link: Link, directive: string): string {
  const imported = link.imports.get(`@${directive}`);
  if (imported !== undefined) return imported.replace(/^@/, '');
  // A directive with the name of its specification has no prefix.
  return link.identity.endsWith(`/${directive}`) ? link.name : `${link.name}__${directive}`;
}
