import { isIPv4 } from 'node:net';
import type { SettingFault } from './environment.ts';
import { furtherIssuersIn } from './issuer-settings.ts';

/** The longest life of a token in production, because a stolen token is valid for as long as it lives. */
const LIFETIME_MAX_SECONDS = 3_600;
/** The fewest distinct bytes of a key of 32 bytes or more. Fewer than one in 10^9 random keys has fewer. */
const DISTINCT_BYTES_MIN = 20;

/**
 * Finds settings that are fine in development but unsafe in production. In development it finds none.
 *
 * @param variables as they are written, without empty ones
 */
export function productionFaults(set: Readonly<Record<string, string | undefined>>): SettingFault[] {
  if ((set['PESSOA_ENV'] ?? 'production') !== 'production') return [];
  return [
    ...faultIf(isHttpToOtherMachine(set['JWT_JWKS_URL']), 'JWT_JWKS_URL', `is ${REPLACEABLE_KEYS}`),
    ...faultIf(Number(set['JWT_MAX_LIFETIME_SECONDS'] ?? 0) > LIFETIME_MAX_SECONDS, 'JWT_MAX_LIFETIME_SECONDS', TOO_LONG), // prettier-ignore
    ...furtherIssuersIn(set['JWT_FURTHER_ISSUERS']).flatMap(({ jwksUrl, maxLifetimeSeconds }, index) => [
      ...faultIf(
        isHttpToOtherMachine(jwksUrl.href),
        'JWT_FURTHER_ISSUERS',
        `[${index}].jwksUrl is ${REPLACEABLE_KEYS}`,
      ),
      ...faultIf(maxLifetimeSeconds > LIFETIME_MAX_SECONDS, 'JWT_FURTHER_ISSUERS', `[${index}].maxLifetimeSeconds ${TOO_LONG}`), // prettier-ignore
    ]),
    ...faultIf(isGuessable(set['CPF_HASH_KEY']), 'CPF_HASH_KEY', GUESSABLE),
    ...faultIf(isGuessable(set['INTERNAL_KEY']), 'INTERNAL_KEY', GUESSABLE),
    ...faultIf(isGuessable(set['AUDITOR_KEY']), 'AUDITOR_KEY', GUESSABLE),
    ...faultIf(isGuessable(set['AUDITOR_VRF_KEY']), 'AUDITOR_VRF_KEY', GUESSABLE),
    ...faultIf(areSameKey(set['CPF_HASH_KEY'], set['INTERNAL_KEY']), 'INTERNAL_KEY', `is the same as CPF_HASH_KEY: ${ONE_FOR_ALL}`), // prettier-ignore
    ...faultIf(areSameKey(set['INTERNAL_KEY'], set['AUDITOR_KEY']), 'AUDITOR_KEY', `is the same as INTERNAL_KEY: ${ONE_FOR_ALL}`), // prettier-ignore
    ...['CPF_HASH_KEY', 'INTERNAL_KEY'].flatMap(
      (other) =>
      faultIf(areSameKey(set[other], set['AUDITOR_VRF_KEY']), 'AUDITOR_VRF_KEY', `is the same as ${other}: ${ONE_FOR_ALL}`), // prettier-ignore
    ),
    ...faultIf(isHttpToOtherMachine(set['OIDC_ISSUER']), 'OIDC_ISSUER', `is ${REPLACEABLE_KEYS}`),
    ...faultIf(isHttpToOtherMachine(set['PERSON_PAGE_ORIGIN']), 'PERSON_PAGE_ORIGIN', 'is http:// of another machine, so the sessions of users would travel unencrypted: use https://'), // prettier-ignore
    ...faultIf(set['EXPLORER'] === 'on', 'EXPLORER', 'is on, so everybody who reaches the port sees the pages for developers: set it to `public` if you want that'), // prettier-ignore
  ];
}

const REPLACEABLE_KEYS =
  'http:// to another machine, so an attacker in between could replace the keys: use https:// or file://';
const TOO_LONG = 'is above 3600 (1 h), the most that production accepts';
const ONE_FOR_ALL = 'somebody who learns one key must not have the other';
const GUESSABLE = 'can be guessed: make a random one, for example with `openssl rand -base64 32`';

const faultIf = (isFault: boolean, name: string, message: string): SettingFault[] =>
  isFault ? [{ name, message }] : [];

function isHttpToOtherMachine(text: string | undefined): boolean {
  return isToOtherMachine(text, ['http:']);
}

function isToOtherMachine(text: unknown, protocols: readonly string[]): boolean {
  const url = typeof text === 'string' ? URL.parse(text) : null;
  return url !== null && protocols.includes(url.protocol) && !isThisMachine(url.hostname);
}

/**
 * The names of variables whose URL sends data to another machine without encryption, which is only safe in a private
 * network. In development there are none. Issuer and audience do not count: they are names that look like URLs.
 */
export function unencryptedVariables(values: Readonly<Record<string, unknown>>): string[] {
  if (values['PESSOA_ENV'] === 'development') return [];
  return Object.keys(values).filter(
    (name) => name.endsWith('_URL') && isToOtherMachine(values[name], ['http:', 'redis:']),
  );
}

/** Whether a host name is surely this machine. Any other name could resolve to another machine. */
const isThisMachine = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));

const bytesOf = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64url');

/** Whether a key is made of repeated bytes, of words, or of bytes that count up or down. */
function isGuessable(text: string | undefined): boolean {
  const bytes = bytesOf(text);
  if (bytes.byteLength < 32) return false; // reported elsewhere as too short
  const steps = new Set(bytes.subarray(1).map((byte, index) => byte - bytes[index]!));
  return new Set(bytes).size < DISTINCT_BYTES_MIN || steps.size === 1 || isPlainText(bytes) || WORDS.test(text ?? '');
}

/** Letters of one case without a digit. A random key of 43 characters never looks like this. */
const WORDS = /^(?:[a-z_-]+|[A-Z_-]+)={0,2}$/;

/** Whether all bytes are printable characters, as in a sentence. 32 random bytes never are. */
const isPlainText = (bytes: Buffer): boolean => bytes.every((byte) => byte >= 0x20 && byte < 0x7f);

function areSameKey(key: string | undefined, otherKey: string | undefined): boolean {
  return key !== undefined && otherKey !== undefined && bytesOf(key).equals(bytesOf(otherKey));
}
