// Asks about one person: TOKEN=… URL=… node query-person.ts CPF. It needs Node 24 or newer, and no package.
import { setTimeout as sleep } from 'node:timers/promises';

const { TOKEN, URL: base } = process.env;
const cpf = process.argv[2];
if (!TOKEN || !base || !cpf) throw new Error('TOKEN and URL are in the environment, the CPF is the argument');

const TRIES = 4;

interface Pessoa {
  nome: string | null;
  score: { valor: number; faixa: string } | null;
  resumoDividas: { quantidade: number; valorTotal: string } | null;
}

interface GraphqlAnswer {
  data?: { pessoa: Pessoa } | null;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string; motivo?: string } }[];
}

interface Problem {
  code: string;
  detail: string;
}

/** Sends a request. After 429 and 503 it waits as long as `Retry-After` says, and sends it again. */
async function send(path: string, init: RequestInit = {}): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(base + path, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${TOKEN}`, 'x-finalidade': 'CONCESSAO_CREDITO' },
      signal: AbortSignal.timeout(10_000),
    });
    const seconds = Number(response.headers.get('retry-after'));
    if (![429, 503].includes(response.status) || !seconds || attempt === TRIES) return response;
    await response.body?.cancel();
    await sleep(seconds * 1_000);
  }
}

function fail({ status, headers }: Response, { code, detail }: Problem): never {
  console.error(`${status} ${code}: ${detail}\ninteração ${headers.get('x-fapi-interaction-id')}`);
  process.exit(1);
}

async function readPerson(): Promise<Pessoa> {
  const query =
    'query Pessoa($cpf: CPF!) { pessoa(cpf: $cpf) { nome score { valor faixa } resumoDividas { quantidade valorTotal } } }';
  const response = await send('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { cpf } }),
  });
  const { data, errors = [] } = (await response.json()) as GraphqlAnswer;
  if (!data?.pessoa) return fail(response, { code: errors[0]!.extensions.code, detail: errors[0]!.message });
  // A lost or refused part is null, and `errors` says why: the rest of the answer is right.
  for (const { path, extensions } of errors)
    console.error(`sem ${path?.join('.')}: ${extensions.code} ${extensions.motivo ?? ''}`);
  return data.pessoa;
}

/** Counts the postings of all pages: the header `Link` has the next one, until there is none. */
async function countPostings(): Promise<{ postings: number; pages: number }> {
  let [postings, pages] = [0, 0];
  let path: string | undefined = `/evento/movtofinanceiro/${cpf}?limite=100`;
  while (path) {
    const response = await send(path);
    if (response.status === 404) break; // this base does not know the person
    const body = (await response.json()) as Problem & { movimentacaoFinanceira: unknown[] };
    if (!response.ok) fail(response, body);
    postings += body.movimentacaoFinanceira.length;
    pages += 1;
    path = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  }
  return { postings, pages };
}

const { nome, score, resumoDividas } = await readPerson();
console.log(`nome: ${nome ?? 'sem informação'}`);
console.log(`score: ${score ? `${score.valor} ${score.faixa}` : 'sem informação'}`);
console.log(
  `dívidas: ${resumoDividas ? `${resumoDividas.quantidade}, R$ ${resumoDividas.valorTotal}` : 'sem informação'}`,
);
const { postings, pages } = await countPostings();
console.log(`movimentações: ${postings} em ${pages} páginas`);
