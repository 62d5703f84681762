import { readCpf } from '@pessoa/domain/cpf';
import { addYears, systemClock, today } from '@pessoa/domain/data';
import { type ListedPerson, readDemonstration } from '@pessoa/service/development/demonstration-file';
import {
  type Consent,
  ensureDevelopmentKeys,
  mintToken,
  type TokenRequest,
} from '@pessoa/service/development/development-keys';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { isLocalHost } from '../person-page/same-origin.ts';

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
  const cpf = readCpf(exampleCpf);
  const issue = home === undefined ? undefined : await developmentIssue(home, cpf);
  return async (host) => ({
    query: EXAMPLE_QUERY,
    variables: { cpf: cpf ?? '' },
    authorization: issue && isLocalHost(host) ? `Bearer ${await issue({})}` : '',
  });
}

/** Makes a development token. It carries the consents of the people to try, unless it is that of a holder. */
export type DevelopmentIssue = (request: TokenRequest) => Promise<string>;

/** @param exampleCpf somebody else whose consent the tokens carry */
export async function developmentIssue(home: string, exampleCpf: string | undefined): Promise<DevelopmentIssue> {
  const { privateJwk } = await ensureDevelopmentKeys(home);
  const people = (await readDemonstration(home))?.paraExperimentar ?? [];
  const consentimento = [
    ...people.map(consentOf),
    ...(exampleCpf && !people.some((person) => person.cpf === exampleCpf) ? [exampleCpf] : []),
  ];
  return (request) => mintToken(privateJwk, { ...(request.cpf === undefined && { consentimento }), ...request });
}

const lastYear = (): string => addYears(today(systemClock), -1);

const consentOf = ({ cpf, consentimento }: ListedPerson): string | Consent =>
  consentimento === 'vigente' ? cpf : { cpf, ate: lastYear() };
