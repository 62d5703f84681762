import Negotiator from 'negotiator';

const TYPES = ['application/json', 'application/graphql-response+json', 'application/problem+json'];

/** What nearly every client sends. */
const usual: ReadonlySet<string | undefined> = new Set([
  undefined,
  '',
  '*/*',
  'application/json',
  'application/json, */*',
]);

/** Whether a header `accept` admits an answer of this API (RFC 9110 section 12.5.1). */
export const acceptsJson = (accept: string | undefined): boolean =>
  usual.has(accept) || new Negotiator({ headers: { accept } }).mediaTypes(TYPES).length > 0;
