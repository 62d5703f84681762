import { Kind, parse, specifiedDirectives, visit, type DocumentNode } from 'graphql';
import { looksLikeAuthorization } from '../directives/authorization-directives.ts';
import { readLinks, type Link } from '../directives/links.ts';

export interface StripOptions {
  /** Identities of further specifications without authorization. Example: `https://example.com/owners`. */
  readonly harmless?: readonly string[];
}

/** Specifications that do not restrict readers. */
const HARMLESS: readonly string[] = ['link', 'core', 'join', 'tag', 'inaccessible', 'cost'].map(
  (name) => `https://specs.apollo.dev/${name}`,
);

/** @throws Error for an SDL without links: every supergraph links at least the join specification */
export function linksOf(document: DocumentNode): Link[] {
  const links = readLinks(
    document.definitions.filter((node) => node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION),
  );
  if (links.length === 0) throw new Error('this is not a supergraph: it has no @link');
  return links;
}

/** Whether a directive of this name belongs to the specification of the link. */
function definesDirective(link: Link, directiveName: string): boolean {
  if (directiveName === link.name || directiveName.startsWith(`${link.name}__`)) return true;
  return [...link.imports.values()].includes(`@${directiveName}`);
}

/**
 * Proves that a supergraph does not restrict its readers. Each linked specification is harmless. Each applied directive
 * belongs to one of them. No directive looks like authorization.
 *
 * @throws Error that names the first exception
 */
export function assertStripped(supergraphSdl: string, options: StripOptions = {}): void {
  const document = parse(supergraphSdl);
  const harmless = new Set([...HARMLESS, ...(options.harmless ?? [])]);
  const links = linksOf(document);
  for (const { identity } of links) {
    if (!harmless.has(identity)) throw new Error(`the supergraph links ${identity}, which is not known to be harmless`);
  }
  const builtIn = new Set(specifiedDirectives.map((directive) => directive.name));
  visit(document, {
    Directive({ name: { value: name } }) {
      if (builtIn.has(name)) return;
      if (looksLikeAuthorization(name)) throw new Error(`the supergraph still has @${name}`);
      // It holds directives of subgraphs as data, and this function cannot read their meaning.
      if (name === 'join__directive') throw new Error('the supergraph applies @join__directive');
      if (!links.some((link) => definesDirective(link, name)))
        throw new Error(`the supergraph applies @${name}, which no link defines`);
    },
    DirectiveDefinition({ name: { value: name } }) {
      if (looksLikeAuthorization(name)) throw new Error(`the supergraph still has @${name}`);
    },
  });
}
