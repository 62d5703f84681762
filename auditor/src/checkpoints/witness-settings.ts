import { splitList } from '@pessoa/service/config/split-list';
import { cosignatureVerifier } from '@pessoa/transparency-log/checkpoints/cosignature';
import type { Witness } from './witness-client.ts';

/** What is wrong with `WITNESSES`, for a line of a ConfigError. */
export class WitnessesFault extends Error {}

/** @throws WitnessesFault */
export function readWitnesses(text: string): Witness[] {
  const witnesses = splitList(text).map((pair): Witness => {
    const [key = '', url = '', ...rest] = pair.split(/\s+/);
    if (rest.length > 0 || !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
      throw new WitnessesFault('is not a list of `<verifier key> <URL>`');
    return { url, verifier: readKey(key) };
  });
  if (new Set(witnesses.map(({ verifier }) => verifier.name)).size < witnesses.length)
    throw new WitnessesFault('names a witness twice');
  return witnesses;
}

function readKey(key: string): Witness['verifier'] {
  try {
    return cosignatureVerifier(key);
  } catch (cause) {
    throw new WitnessesFault('has a verifier key that is not that of a witness', { cause });
  }
}
