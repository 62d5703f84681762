import { isIP } from 'node:net';
import { readCpf } from '@pessoa/domain/cpf';
import { addYears, systemClock, today } from '@pessoa/domain/data';
import { type ListedPerson, readDemonstration } from '@pessoa/service/development/demonstration-file';
import { type Consent, ensureDevelopmentKeys, mintToken } from '@pessoa/service/development/development-keys';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example';

/** What a page starts with. */
export interface Session {
  readonly query: string;
  readonly variables: { readonly cpf: string };
  /** `Bearer <token>`, the token made for this load; empty where pages bring none. */
  readonly authorization: string;
}

/** @param host the name or address by which the page was asked for, without port */
export type OpenSession = (host: string) => Promise<Session>;

/**
 * @param home folder with the development keys, and with the people to try, whose consents the tokens carry; absent:
 *   sessions without token
 * @param exampleCpf whom the example asks for; unless it is a CPF, the example asks for nobody
 */
export async function createSessionOpener(
  home: string | undefined,
  exampleCpf: string | undefined,
): Promise<OpenSession> {
  const keys = home === undefined ? undefined : await ensureDevelopmentKeys(home);
  const cpf = readCpf(exampleCpf);
  const people = home === undefined ? [] : ((await readDemonstration(home))?.paraExperimentar ?? []);
  const consentimento = [...people.map(consentOf), ...(cpf && !people.some((one) => one.cpf === cpf) ? [cpf] : [])];
  return async (host) => ({
    query: EXAMPLE_QUERY,
    variables: { cpf: cpf ?? '' },
    authorization: keys && isOurs(host) ? `Bearer ${await mintToken(keys.privateJwk, { consentimento })}` : '',
  });
}

const lastYear = (): string => addYears(today(systemClock), -1);

const consentOf = ({ cpf, consentimento }: ListedPerson): string | Consent =>
  consentimento === 'vigente' ? cpf : { cpf, ate: lastYear() };

// DNS rebinding: a site on the internet may point its own name at this machine and read the page, token and all. It needs
// a name for that, so a token is given only to a page asked for by address or by a name that always means this machine.
const isOurs = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || isIP(host.replace(/^\[|\]$/g, '')) !== 0;
