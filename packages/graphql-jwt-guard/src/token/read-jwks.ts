import { readFile } from 'node:fs/promises';

/** Where the key set (RFC 7517) is: an http(s) URL, or a file. */
export type JwksLocation = { readonly url: URL } | { readonly file: string };

const FETCH_TIMEOUT_MILLIS = 2_000;
const MAX_BYTES = 256 * 1024;

const tooLarge = (): Error => new RangeError(`the JWKS has more than ${MAX_BYTES} bytes`);

async function fetchText(url: URL): Promise<string> {
  // A redirect would let whoever answers for the host name another source of keys.
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

async function readText(file: string): Promise<string> {
  const bytes = await readFile(file);
  if (bytes.byteLength > MAX_BYTES) throw tooLarge();
  return bytes.toString('utf8');
}

/**
 * @returns a function that reads the set once, within two seconds and 256 KB
 * @throws TypeError for a URL that is not http(s), or that carries a password: errors and logs would show it
 */
export function jwksReader(location: JwksLocation): () => Promise<unknown> {
  if ('file' in location) return async () => JSON.parse(await readText(location.file)) as unknown;
  const { url } = location;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new TypeError('the JWKS URL must be http or https');
  if (url.username !== '' || url.password !== '') throw new TypeError('the JWKS URL must not carry a password');
  return async () => JSON.parse(await fetchText(url)) as unknown;
}
