import { localDirectiveName, type Link } from './links.ts';

export const authorizationDirectives = ['authenticated', 'requiresScopes', 'policy'] as const;

export type AuthorizationDirective = (typeof authorizationDirectives)[number];

/** Which authorization directive each directive name of a schema stands for. */
export type DirectiveKinds = ReadonlyMap<string, AuthorizationDirective>;

const FEDERATION = 'https://specs.apollo.dev/federation';

/** The directive that a specification of its own defines, as composed supergraphs link them. */
export const directiveOfSpec = (identity: string): AuthorizationDirective | undefined =>
  authorizationDirectives.find((directive) => identity === `https://specs.apollo.dev/${directive}`);

/** Whether a name is, by itself or behind a prefix, that of an authorization directive. */
export const looksLikeAuthorization = (directiveName: string): boolean =>
  authorizationDirectives.some((name) => directiveName === name || directiveName.endsWith(`__${name}`));

/**
 * The authorization directives under the names that the links give them: imported, renamed, or with the prefix of the
 * specification. Without any link that could name them they have their plain names.
 */
export function readDirectiveKinds(links: readonly Link[]): DirectiveKinds {
  const kinds = new Map<string, AuthorizationDirective>();
  for (const link of links) {
    const own = directiveOfSpec(link.identity);
    if (own !== undefined) kinds.set(localDirectiveName(link, own), own);
    if (link.identity !== FEDERATION) continue;
    for (const directive of authorizationDirectives) kinds.set(localDirectiveName(link, directive), directive);
  }
  return kinds.size > 0 ? kinds : new Map(authorizationDirectives.map((directive) => [directive, directive]));
}

/**
 * Fails where a directive looks like an authorization directive but no link names it as one: the author meant to
 * protect something, and ignoring it would leave that open.
 *
 * @throws Error
 */
export function assertKnown(directiveName: string, kinds: DirectiveKinds, where: string): void {
  if (looksLikeAuthorization(directiveName) && !kinds.has(directiveName)) {
    throw new Error(`@${directiveName} on ${where} is not imported by any @link: import or rename it`);
  }
}
