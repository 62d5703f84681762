import { isIPv4 } from 'node:net';
import type { Fault } from './environment.ts';

/** Seconds. A stolen token opens everything for as long as it lives. */
const LIFETIME_MAX_SECONDS = 3_600;
/** Of the 32 bytes or more of a key. One made at random has 20 at the very least, in all but one of 10^9. */
const DISTINCT_BYTES_MIN = 20;

/**
 * What is right in development and a danger in production, from the variables as they are written. One line each.
 *
 * @param set without empty variables
 */
export function productionFaults(set: Readonly<Record<string, string | undefined>>): Fault[] {
  if ((set['PESSOA_ENV'] ?? 'production') !== 'production') return [];
  return [
    ...faultIf(isForeignHttp(set['JWT_JWKS_URL']), 'JWT_JWKS_URL', 'is http:// to another machine: whoever stands between could hand in keys of their own; use https:// or file://'), // prettier-ignore
    ...faultIf(Number(set['JWT_MAX_LIFETIME_SECONDS'] ?? 0) > LIFETIME_MAX_SECONDS, 'JWT_MAX_LIFETIME_SECONDS', 'is above 3600 (1 h), the most that production accepts'), // prettier-ignore
    ...faultIf(isGuessable(set['CPF_HASH_KEY']), 'CPF_HASH_KEY', GUESSABLE),
    ...faultIf(isGuessable(set['INTERNAL_KEY']), 'INTERNAL_KEY', GUESSABLE),
    ...faultIf(areSameKey(set['CPF_HASH_KEY'], set['INTERNAL_KEY']), 'INTERNAL_KEY', 'is the same as CPF_HASH_KEY: whoever learns one must not have the other'), // prettier-ignore
    ...faultIf(set['EXPLORER'] === 'on', 'EXPLORER', 'is on: whoever reaches the port sees the pages for developers; say `public` if that is meant'), // prettier-ignore
  ];
}

const GUESSABLE = 'can be guessed: make it at random, for example with `openssl rand -base64 32`';

const faultIf = (isFault: boolean, name: string, message: string): Fault[] => (isFault ? [{ name, message }] : []);

function isForeignHttp(text: string | undefined): boolean {
  return isForeign(text, ['http:']);
}

function isForeign(text: unknown, protocols: readonly string[]): boolean {
  const url = typeof text === 'string' ? URL.parse(text) : null;
  return url !== null && protocols.includes(url.protocol) && !isThisMachine(url.hostname);
}

/**
 * The variables by which data about people goes to another machine unencrypted: right in a network of the service's own,
 * and only there. An issuer or an audience is a name, though it may look like an address. None in development.
 */
export function unencryptedVariables(values: Readonly<Record<string, unknown>>): string[] {
  if (values['PESSOA_ENV'] === 'development') return [];
  return Object.keys(values).filter((name) => name.endsWith('_URL') && isForeign(values[name], ['http:', 'redis:']));
}

/** By its name or its address; a name of a DNS may lead anywhere. */
const isThisMachine = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));

const bytesOf = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64url');

/** Repeated bytes, words, or bytes that count up or down. */
function isGuessable(text: string | undefined): boolean {
  const bytes = bytesOf(text);
  if (bytes.byteLength < 32) return false; // a fault already
  const steps = new Set(bytes.subarray(1).map((byte, index) => byte - bytes[index]!));
  return new Set(bytes).size < DISTINCT_BYTES_MIN || steps.size === 1 || isPlainText(bytes) || WORDS.test(text ?? '');
}

/** Written in letters of one case, without a digit: 43 characters made at random never are. */
const WORDS = /^(?:[a-z_-]+|[A-Z_-]+)={0,2}$/;

/** A sentence has its letters in a few places of the 256; 32 bytes made at random are never all printable. */
const isPlainText = (bytes: Buffer): boolean => bytes.every((byte) => byte >= 0x20 && byte < 0x7f);

function areSameKey(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && bytesOf(one).equals(bytesOf(other));
}
