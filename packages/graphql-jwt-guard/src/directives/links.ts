import {
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type SchemaDefinitionNode,
  type SchemaExtensionNode,
} from 'graphql';

/** One `@link` (or `@core`) on the schema: a specification, and the names under which its elements are used here. */
export interface Link {
  /** The URL without its version: `https://specs.apollo.dev/requiresScopes`. */
  readonly identity: string;
  /** `v0.1`; undefined when the URL does not end in a version. */
  readonly version: string | undefined;
  /** The specification's name in this schema: the prefix of whatever is not imported. */
  readonly name: string;
  /** Imported element to its name here; directives with their `@`. */
  readonly imports: ReadonlyMap<string, string>;
  readonly node: ConstDirectiveNode;
}

const LINK_SPECS: Readonly<Record<string, string>> = {
  'https://specs.apollo.dev/link': 'link',
  'https://specs.apollo.dev/core': 'core',
};
const VERSION = /^v\d+\.\d+$/;

function readUrl(text: string): { identity: string; version: string | undefined; lastPart: string } {
  if (!URL.canParse(text)) return { identity: text, version: undefined, lastPart: text };
  const { origin, pathname } = new URL(text);
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
    // An import that we cannot read could be the one that names an authorization directive.
    if (typeof name !== 'string' || typeof local !== 'string') throw new Error('an import of a @link cannot be read');
    imports.set(name, local);
  }
  return imports;
}

function readArguments(node: ConstDirectiveNode): Record<string, unknown> {
  return Object.fromEntries((node.arguments ?? []).map((arg) => [arg.name.value, valueFromASTUntyped(arg.value)]));
}

/** Reads a directive as a link, if it has the form of one: a text `url`, or `feature` as `@core` has it. */
function readLink(node: ConstDirectiveNode): Link | undefined {
  const { url, feature, as, import: imported } = readArguments(node);
  const address = url ?? feature;
  if (typeof address !== 'string') return undefined;
  const { identity, version, lastPart } = readUrl(address);
  return { identity, version, name: typeof as === 'string' ? as : lastPart, imports: readImports(imported), node };
}

/**
 * The links of a schema. The link directive itself may be renamed: it is the one whose link to the link specification
 * uses its own name.
 *
 * @throws Error for an import that cannot be read
 */
export function readLinks(schemaNodes: readonly (SchemaDefinitionNode | SchemaExtensionNode)[]): Link[] {
  const applied = schemaNodes.flatMap((node) => node.directives ?? []);
  const bootstrap = applied.find((node) => {
    const { url, feature, as } = readArguments(node);
    const address = url ?? feature;
    const ownName = typeof address === 'string' ? LINK_SPECS[readUrl(address).identity] : undefined;
    return ownName !== undefined && node.name.value === (as ?? ownName);
  });
  const linkName = bootstrap?.name.value ?? 'link';
  return applied.filter((node) => node.name.value === linkName).flatMap((node) => readLink(node) ?? []);
}

/** The name, without `@`, that a directive of a linked specification has in this schema. */
export function localDirectiveName(link: Link, directive: string): string {
  const imported = link.imports.get(`@${directive}`);
  if (imported !== undefined) return imported.replace(/^@/, '');
  // A specification's directive of its own name needs no prefix.
  return link.identity.endsWith(`/${directive}`) ? link.name : `${link.name}__${directive}`;
}
