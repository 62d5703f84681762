import { text } from 'node:stream/consumers';
import { VerificationError } from './verification-error.ts';

/**
 * Reads a CPF from an input, as 11 digits or with its points and dash.
 *
 * @throws VerificationError, without what was read
 */
export async function readCpf(input: NodeJS.ReadableStream): Promise<string> {
  const digits = /^(\d{3})\.?(\d{3})\.?(\d{3})-?(\d{2})$/.exec((await text(input)).trim());
  if (!digits) throw new VerificationError('The standard input has no CPF of 11 digits.');
  return digits.slice(1).join('');
}
