import { consentsToTry, peopleToTry } from '@pessoa/development/seed/people-to-try/people-to-try';
import type { PersonToTry } from '@pessoa/development/seed/people-to-try/person-to-try';
import { systemClock } from '@pessoa/domain/data';
import type { WholeGraph } from './whole-graph.ts';

/** A request whose answer is an example of the OpenAPI document. */
export interface ExampleRequest {
  readonly name: string;
  readonly summary: string;
  /** With an answer of 200. */
  readonly route?: string;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** null: none is sent. */
  readonly token?: Parameters<WholeGraph['environment']['token']>[0] | null;
}

const person = (situation: string): PersonToTry => {
  const found = peopleToTry.find(({ situacao }) => situacao.en === situation);
  if (found === undefined) throw new Error(`nobody to try has the situation ${situation}`);
  return found;
};

const everything = person('a protest, and something of everything');
const unknown = person('nothing known: no base has this CPF');
const noDebts = person('no debts');
const hidden = person('debts that the law hides from third parties');
const indebted = person('over-indebted');
const noIncome = person('no income');
const old = person('old data');
const expired = person('consent expired');
const wrongRow = person('a row that its base got wrong');

/** Each person's last consultation is asked for first: what is read here is a consultation as well. */
const answered: readonly [route: string, query: string, people: readonly PersonToTry[]][] = [
  ['/evento/{cpf}', '?limite=2', [everything, old]],
  ['/evento/movtofinanceiro/{cpf}', '?natureza=CREDITO', [everything, old]],
  ['/evento/ultcompracartao/{cpf}', '', [everything, noDebts]],
  ['/divida/{cpf}', '?limite=2', [everything, noDebts, hidden, indebted]],
  ['/score/{cpf}', '', [everything, indebted, noIncome]],
];

const divida = `/divida/${everything.cpf}`;
const DENIED = 'UNAUTHORIZED_FIELD_OR_TYPE';

const refused: readonly ExampleRequest[] = [
  { name: 'UNAUTHENTICATED', summary: 'Sem token', path: divida, token: null },
  { name: 'FINALIDADE_AUSENTE', summary: 'Sem finalidade', path: divida, token: { finalidade: null } },
  { name: `${DENIED}_ESCOPO`, summary: 'Sem um dos escopos', path: `/score/${everything.cpf}`, token: { scope: 'score:read' } }, // prettier-ignore
  { name: `${DENIED}_TITULAR`, summary: 'Com o token de outro titular', path: divida, token: { cpf: noDebts.cpf } },
  { name: `${DENIED}_CONSENTIMENTO`, summary: expired.situacao.pt, path: `/evento/ultcompracartao/${expired.cpf}` },
  { name: 'CPF_INVALIDO', summary: 'Um dígito verificador errado', path: `/divida/${wrongDigit(everything.cpf)}` },
  { name: 'BAD_USER_INPUT', summary: 'Uma página sem itens', path: `${divida}?limite=0` },
  { name: 'NAO_ENCONTRADO', summary: unknown.situacao.pt, path: `/divida/${unknown.cpf}` },
  { name: 'ROTA_DESCONHECIDA', summary: 'Uma rota que não há', path: '/dividas' },
  { name: 'METODO_NAO_PERMITIDO', summary: 'POST de uma rota', path: divida, method: 'POST' },
  { name: 'TIPO_NAO_ACEITO', summary: 'Um cliente que só lê HTML', path: divida, headers: { accept: 'text/html' } },
  { name: 'FONTE_INVALIDA', summary: wrongRow.situacao.pt, path: `/divida/${wrongRow.cpf}` },
];

function wrongDigit(cpf: string): string {
  return `${cpf.slice(0, -1)}${(Number(cpf.slice(-1)) + 1) % 10}`;
}

export const exampleRequests: readonly ExampleRequest[] = [
  ...answered.flatMap(([route, query, people]) =>
    people.map(({ cpf, situacao }) => {
      const path = `${route.replace('{cpf}', cpf)}${query}`;
      return { name: cpf, summary: `${situacao.pt}: GET ${path}`, route, path };
    }),
  ),
  ...refused,
];

/** Asks the router, with a token that may read everything unless the request says otherwise. */
export async function askExample(
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
