/** The pages that a user signs in to. */
export type PagePath = '/pessoa' | '/pessoa/lista';

/** Where the sign-in for each page begins. */
export const SIGN_IN_ADDRESSES: Readonly<Record<PagePath, string>> = {
  '/pessoa': '/pessoa/entrar',
  '/pessoa/lista': '/pessoa/entrar?para=lista',
};

/**
 * The page that the query of a sign-in names. It names one of ours and no address, so that no link sends a user elsewhere.
 *
 * @returns undefined for another name
 */
export function readDestination(para: unknown): PagePath | undefined {
  if (para === undefined) return '/pessoa';
  return para === 'lista' ? '/pessoa/lista' : undefined;
}
