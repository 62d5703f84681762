import { Kind, parse, specifiedDirectives, visit, type DocumentNode } from 'graphql';
import { looksLikeAuthorization } from '../directives/authorization-directives.ts';
import { readLinks, type Link } from '../directives/links.ts';

export interface StripOptions {
  /** Identities of further linked specifications, such as `https://example.com/owners`, that carry no authorization. */
  readonly harmless?: readonly string[];
}

/** What a supergraph may link without restricting who reads it. */
const HARMLESS: readonly string[] = ['link', 'core', 'join', 'tag', 'inaccessible', 'cost'].map(
  (name) => `https://specs.apollo.dev/${name}`,
);

/** The links of a supergraph, which always has some: the join specification for one. */
export function linksOf(document: DocumentNode): Link[] {
  const links = readLinks(
    document.definitions.filter((it) => it.kind === Kind.SCHEMA_DEFINITION || it.kind === Kind.SCHEMA_EXTENSION),
  );
  if (links.length === 0) throw new Error('this is not a supergraph: it has no @link');
  return links;
}

/** Whether a link gives a directive this name. */
function names(link: Link, directiveName: string): boolean {
  if (directiveName === link.name || directiveName.startsWith(`${link.name}__`)) return true;
  return [...link.imports.values()].includes(`@${directiveName}`);
}

/**
 * Proves that nothing in a supergraph restricts who may read it: every linked specification is known to be harmless,
 * every applied directive belongs to one of them, and none looks like authorization.
 *
 * @throws Error naming what is left
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
      // It carries directives of the subgraphs as data: what they mean cannot be seen here.
      if (name === 'join__directive') throw new Error('the supergraph applies @join__directive');
      if (!links.some((link) => names(link, name)))
        throw new Error(`the supergraph applies @${name}, of no known link`);
    },
    DirectiveDefinition({ name: { value: name } }) {
      if (looksLikeAuthorization(name)) throw new Error(`the supergraph still has @${name}`);
    },
  });
}
