import { consentsToTry, peopleToTry } from '@pessoa/development/seed/people-to-try/people-to-try';
import type { PersonToTry } from '@pessoa/development/seed/people-to-try/person-to-try';
import { systemClock } from '@pessoa/domain/data';
import type { WholeGraph } from './whole-graph.ts';

/** A request whose answer is an example of the OpenAPI document. */
export interface ExampleRequest {
  readonly name: string;
  readonly summary: string;
  /** The route whose answer with status 200 this is; absent for an error. */
  readonly route?: string;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** The claims of the token; null sends no token. */
  readonly token?: Parameters<WholeGraph['environment']['token']>[0] | null;
}

const person = (situation: string): PersonToTry => {
  const match = peopleToTry.find(({ situacao }) => situacao.en === situation);
  if (match === undefined) throw new Error(`nobody to try has the situation ${situation}`);
  return match;
};

const protested = person('a protest, and something of everything');
const unknownPerson = person('nothing known: no base has this CPF');
const noDebts = person('no debts');
const hidden = person('debts that the law hides from third parties');
const indebted = person('over-indebted');
const noIncome = person('no income');
const oldData = person('old data');
const expiredConsent = person('consent expired');
const wrongRow = person('a row that its base got wrong');

/** `/evento` comes first: each request of this list is an inquiry too, and would be the person's last one. */
const answeredRoutes: readonly [route: string, query: string, people: readonly PersonToTry[]][] = [
  ['/evento/{cpf}', '?limite=2', [protested, oldData]],
  ['/evento/movtofinanceiro/{cpf}', '?natureza=CREDITO', [protested, oldData]],
  ['/evento/ultcompracartao/{cpf}', '', [protested, noDebts]],
  ['/divida/{cpf}', '?limite=2', [protested, noDebts, hidden, indebted]],
  ['/score/{cpf}', '', [protested, indebted, noIncome]],
];

const divida = `/divida/${protested.cpf}`;
const DENIED = 'UNAUTHORIZED_FIELD_OR_TYPE';

const refusedRequests: readonly ExampleRequest[] = [
  { name: 'UNAUTHENTICATED', summary: 'Sem token', path: divida, token: null },
  { name: 'FINALIDADE_AUSENTE', summary: 'Sem finalidade', path: divida, token: { finalidade: null } },
  { name: `${DENIED}_ESCOPO`, summary: 'Sem um dos escopos', path: `/score/${protested.cpf}`, token: { scope: 'score:read' } }, // prettier-ignore
  { name: `${DENIED}_TITULAR`, summary: 'Com o token de outro titular', path: divida, token: { cpf: noDebts.cpf } },
  {
    name: `${DENIED}_CONSENTIMENTO`,
    summary: expiredConsent.situacao.pt,
    path: `/evento/ultcompracartao/${expiredConsent.cpf}`,
  },
  { name: 'CPF_INVALIDO', summary: 'Um dígito verificador errado', path: `/divida/${wrongDigit(protested.cpf)}` },
  { name: 'BAD_USER_INPUT', summary: 'Uma página sem itens', path: `${divida}?limite=0` },
  { name: 'NAO_ENCONTRADO', summary: unknownPerson.situacao.pt, path: `/divida/${unknownPerson.cpf}` },
  { name: 'ROTA_DESCONHECIDA', summary: 'Uma rota que não há', path: '/dividas' },
  { name: 'METODO_NAO_PERMITIDO', summary: 'POST de uma rota', path: divida, method: 'POST' },
  { name: 'TIPO_NAO_ACEITO', summary: 'Um cliente que só lê HTML', path: divida, headers: { accept: 'text/html' } },
  { name: 'FONTE_INVALIDA', summary: wrongRow.situacao.pt, path: `/divida/${wrongRow.cpf}` },
];

function wrongDigit(cpf: string): string {
  return `${cpf.slice(0, -1)}${(Number(cpf.slice(-1)) + 1) % 10}`;
}

export const exampleRequests: readonly ExampleRequest[] = [
  ...answeredRoutes.flatMap(([route, query, people]) =>
    people.map(({ cpf, situacao }) => {
      const path = `${route.replace('{cpf}', cpf)}${query}`;
      return { name: cpf, summary: `${situacao.pt}: GET ${path}`, route, path };
    }),
  ),
  ...refusedRequests,
];

/** Sends a request to the router. Without other claims its token may read everything. */
export async function sendExample(
  { router, environment }: WholeGraph,
  { path, method = 'GET', headers = {}, token = {} }: ExampleRequest,
): Promise<{ status: number; body: unknown }> {
  const bearer = token && (await environment.token({ consentimento: consentsToTry(systemClock), ...token }));
  const response = await fetch(`${router.url}${path}`, {
    method,
    headers: { ...(bearer !== null && { authorization: `Bearer ${bearer}` }), ...headers },
  });
  return { status: response.status, body: await response.json() };
}
