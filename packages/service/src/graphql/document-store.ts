import type { DocumentNode } from 'graphql';
import { SecondUseStore } from './second-use-store.ts';

const DOCUMENTS_MAX_BYTES = 48 * 1024 * 1024;
/** A parsed token, with what is remembered of its document: 290 bytes were measured for the token alone. */
const TOKEN_BYTES = 1_000;

function bytesOf({ loc }: DocumentNode): number {
  let tokens = 0;
  for (let token = loc?.startToken; token; token = token.next ?? undefined) tokens++;
  return tokens * TOKEN_BYTES + (loc?.source.body.length ?? 0) * 2;
}

/** Parsed and validated documents, in place of Apollo Server's own store: bounded in bytes, without what is sent once. */
export const documentStore = () =>
  new SecondUseStore<DocumentNode>({ maxBytes: DOCUMENTS_MAX_BYTES, bytesOf }).asKeyValueCache();
