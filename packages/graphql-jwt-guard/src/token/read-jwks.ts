import { readFile } from 'node:fs/promises';

/** The place of the JWKS (RFC 7517): an http(s) URL, or the path of a file. */
export type JwksLocation = { readonly url: URL } | { readonly file: string };

const FETCH_TIMEOUT_MILLIS = 2_000;
const MAX_BYTES = 256 * 1024;

const tooLarge = (): Error => new RangeError(`the JWKS has more than ${MAX_BYTES} bytes`);

async function fetchJwks(url: URL): Promise<string> {
  // The host must not redirect to another place of keys.
  const response = await fetch(url, {
    redirect: 'error',
    headers: { accept: 'application/jwk-set+json, application/json' },
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MILLIS),
  });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new Error(`the JWKS answered with status ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function readJwksFile(file: string): Promise<string> {
  const bytes = await readFile(file);
  if (bytes.byteLength > MAX_BYTES) throw tooLarge();
  return bytes.toString('utf8');
}

/**
 * @returns a function that reads the JWKS. A read over 256 KB, or over 2 s for a URL, rejects.
 * @throws TypeError for a URL that is not http(s), or that has a user or a password: errors and logs would show them
 */
export function jwksReader(location: JwksLocation): () => Promise<unknown> {
  if ('file' in location) return async () => JSON.parse(await readJwksFile(location.file)) as unknown;
  const { url } = location;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new TypeError('the JWKS URL must be http or https');
  if (url.username !== '' || url.password !== '') throw new TypeError('the JWKS URL must not have a password');
  return async () => JSON.parse(await fetchJwks(url)) as unknown;
}
