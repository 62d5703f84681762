import type { DocumentNode } from 'graphql';
import { SecondUseStore } from './second-use-store.ts';

const DOCUMENTS_MAX_BYTES = 48 * 1024 * 1024;
/** An estimate for a token and its share of the parsed document; the token alone takes 290 bytes. */
const TOKEN_BYTES = 1_000;

/** An estimate of the memory of a parsed document. */
export function documentBytes({ loc }: DocumentNode): number {
  let tokens = 0;
  for (let token = loc?.startToken; token; token = token.next ?? undefined) tokens++;
  return tokens * TOKEN_BYTES + (loc?.source.body.length ?? 0) * 2;
}

/** Replaces Apollo Server's store of parsed documents. It is limited to 48 MiB and ignores documents sent only once. */
export const documentStore = () =>
  new SecondUseStore<DocumentNode>({ maxBytes: DOCUMENTS_MAX_BYTES, bytesOf: documentBytes }).asKeyValueCache();
