import { localDirectiveName, type Link } from './links.ts';

/** The directives that this package enforces. */
export const authorizationDirectives = ['authenticated', 'requiresScopes', 'policy'] as const;

export type AuthorizationDirective = (typeof authorizationDirectives)[number];

/** By the name of a directive in a schema: the authorization directive that it stands for. */
export type DirectiveKinds = ReadonlyMap<string, AuthorizationDirective>;

const FEDERATION = 'https://specs.apollo.dev/federation';

/** The directive of a specification that defines only this directive. Composed supergraphs link such specifications. */
export const directiveOfSpec = (identity: string): AuthorizationDirective | undefined =>
  authorizationDirectives.find((directive) => identity === `https://specs.apollo.dev/${directive}`);

/** Whether a name is that of an authorization directive, with or without a prefix. */
export const looksLikeAuthorization = (directiveName: string): boolean =>
  authorizationDirectives.some((name) => directiveName === name || directiveName.endsWith(`__${name}`));

/**
 * Reads the local names of the authorization directives: imported, renamed, or with the prefix of the specification.
 * They have their plain names if no link names one.
 */
export function readDirectiveKinds(links: readonly Link[]): DirectiveKinds {
  const kinds = new Map<string, AuthorizationDirective>();
  for (const link of links) {
    const specDirective = directiveOfSpec(link.identity);
    if (specDirective !== undefined) kinds.set(localDirectiveName(link, specDirective), specDirective);
    if (link.identity !== FEDERATION) continue;
    for (const directive of authorizationDirectives) kinds.set(localDirectiveName(link, directive), directive);
  }
  return kinds.size > 0 ? kinds : new Map(authorizationDirectives.map((directive) => [directive, directive]));
}

/**
 * Refuses a directive that looks like an authorization directive, but is not one by any link. Its author wants to
 * protect something, and the guard would leave it open.
 *
 * @param where how an error names the element: `Type` or `Type.field`
 * @throws Error
 */
export function assertKnown(directiveName: string, kinds: DirectiveKinds, where: string): void {
  if (looksLikeAuthorization(directiveName) && !kinds.has(directiveName)) {
    throw new Error(`@${directiveName} on ${where} is not imported by any @link: import or rename it`);
  }
}
