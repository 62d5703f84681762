import { isIP } from 'node:net';
import { readCpf } from '@pessoa/domain/cpf';
import { addYears, systemClock, today } from '@pessoa/domain/data';
import { type ListedPerson, readDemonstration } from '@pessoa/service/development/demonstration-file';
import { type Consent, ensureDevelopmentKeys, mintToken } from '@pessoa/service/development/development-keys';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';

/** The initial content of a page for developers. */
export interface Session {
  readonly query: string;
  readonly variables: { readonly cpf: string };
  /** `Bearer <token>`, with a new token for each load. Empty without development keys, and for another host. */
  readonly authorization: string;
}

/** @param host the host of the page's address, without port; empty if the request is not local */
export type OpenSession = (host: string) => Promise<Session>;

/**
 * @param home folder with the development keys and the people to try. Tokens carry the consents of these people.
 *   Undefined: sessions have no token.
 * @param exampleCpf the person of the example query. The example names nobody if this is not a CPF.
 */
export async function createSessionOpener(
  home: string | undefined,
  exampleCpf: string | undefined,
): Promise<OpenSession> {
  const keys = home === undefined ? undefined : await ensureDevelopmentKeys(home);
  const cpf = readCpf(exampleCpf);
  const people = home === undefined ? [] : ((await readDemonstration(home))?.paraExperimentar ?? []);
  const consentimento = [
    ...people.map(consentOf),
    ...(cpf && !people.some((person) => person.cpf === cpf) ? [cpf] : []),
  ];
  return async (host) => ({
    query: EXAMPLE_QUERY,
    variables: { cpf: cpf ?? '' },
    authorization: keys && isLocalHost(host) ? `Bearer ${await mintToken(keys.privateJwk, { consentimento })}` : '',
  });
}

const lastYear = (): string => addYears(today(systemClock), -1);

const consentOf = ({ cpf, consentimento }: ListedPerson): string | Consent =>
  consentimento === 'vigente' ? cpf : { cpf, ate: lastYear() };

// DNS rebinding: a site on the internet may point its own name to this machine, and then read the page with its token.
// So a page gets a token only if its host is an address, or a name that always means this machine.
const isLocalHost = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || isIP(host.replace(/^\[|\]$/g, '')) !== 0;
