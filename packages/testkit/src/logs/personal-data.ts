import { readCpf } from '@pessoa/domain/cpf';

/** What a text holds that no log may hold. */
export type PersonalData = 'CPF' | 'name' | 'address' | 'token' | 'password';

/** Our invented people, streets and postings. The names of every seed end in `Fictícia` or `Fictício`. */
const NAME = /fict[ií]ci[oa]\b|jo[aã]o da silva/i;
const ADDRESS = /rua das amostras|avenida dos testes/i;
/** Three base64url parts, of which the first begins as JSON does: a token, whatever its claims. */
const TOKEN = /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/;
/** The password of a connection string. */
const PASSWORD = /\w:\/\/[^\s:/@"']*:[^\s/@"']+@/;

/** Eleven digits, of any script, each with at most one mark or blank before it. Times have colons. */
const CPF = /(?<![\p{Nd}\p{L}])\p{Nd}(?:[^\p{L}\p{N}:]?\p{Nd}){10}(?!\p{Nd})/gu;
/** Digits without marks may touch letters: `p52998224725`. */
const DIGITS = /(?<!\p{Nd})\p{Nd}{11}(?!\p{Nd})/gu;
const BASE64 = /[\w+/-]{15,}={0,2}/g;
const DIGIT = /\p{Nd}/u;
/** An interaction id. Its marks would join digits to a CPF that nobody meant. */
const UUID = /\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/gi;
/** A digest of 8, 16 or 32 bytes: of a person, of an operation. One in a thousand holds the digits of a CPF between two letters. */
const DIGEST = /\b(?:[\da-f]{16}|[\da-f]{32}|[\da-f]{64})\b/g;

/** The value of a digit of any script: the ten digits of a script follow one another. */
function valueOf(digit: string): string {
  let zero = digit.codePointAt(0)!;
  while (DIGIT.test(String.fromCodePoint(zero - 1))) zero--;
  return String((digit.codePointAt(0)! - zero) % 10);
}

const isCpf = (text: string): boolean =>
  readCpf([...text].filter((character) => DIGIT.test(character)).map(valueOf).join('')) !== undefined; // prettier-ignore

const hasCpf = (text: string): boolean =>
  [...text.matchAll(CPF), ...text.matchAll(DIGITS)].some(([found]) => isCpf(found));

/** The text without escapes of JSON (`\u0035`) and of URLs (`%35`). */
function unescape(text: string): string {
  const plain = text.replace(/\\+u([\da-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const bytes = /(?:%[\da-f]{2})+/gi;
  return plain.replace(bytes, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString());
}

/**
 * Finds what no log may hold, in any spelling: with marks, in digits of another script, escaped, in base64.
 *
 * A number of eleven digits that is a CPF by chance counts too: one in a hundred is. Give it texts, not measurements.
 */
export function personalDataIn(text: string): Set<PersonalData> {
  const found = new Set<PersonalData>();
  const plain = unescape(unescape(text)).normalize('NFC').replace(UUID, 'UUID').replace(DIGEST, 'digest');
  const decoded = [...plain.matchAll(BASE64)].map(([run]) => Buffer.from(run, 'base64').toString('latin1'));
  if (hasCpf(plain) || decoded.some((inner) => [...inner.matchAll(DIGITS)].some(([digits]) => isCpf(digits)))) found.add('CPF'); // prettier-ignore
  if ([plain, ...decoded].some((inner) => NAME.test(inner))) found.add('name');
  if (ADDRESS.test(plain)) found.add('address');
  if (TOKEN.test(plain)) found.add('token');
  if (PASSWORD.test(plain)) found.add('password');
  return found;
}
