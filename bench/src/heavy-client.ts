import { Agent } from 'undici';

/**
 * A client in a process of its own, so that its work does not disturb the times that the bench measures. From `start` to
 * `stop` it sends the heaviest operations over 32 connections, each as soon as the one before is answered, and it ignores
 * `Retry-After`. After `stop` it sends the number of answers by HTTP status.
 */

const CONNECTIONS = 32;

const DEBT =
  'id contrato modalidade natureza situacao valorOriginal valorAtualizado vencimento dataInclusao credor { nome cnpj }';
const BANK =
  'id dataHora natureza tipo valor descricao canal situacao contraparte saldoApos instituicao { nome ispb compe }';

const repeat = (count: number, textOf: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => textOf(index)).join(' ');

/** A document that is new to the router and takes long to check: as many repeated fields as the limits allow. */
const repeatedFields = (number: number, cpf: string): string =>
  `query Q${number} { pessoa(cpf: "${cpf}") { ${repeat(16, () => `eventos { movimentacaoFinanceira(first: 1) { nodes { ${BANK} } } }`)} ${repeat(16, () => `dividas(first: 1) { nodes { ${DEBT} } }`)} } }`;

/** A document that is new to the router and takes long to plan: conditions in every root field. */
const conditions = (number: number, cpf: string): string =>
  `query Q${number}($s: Boolean = true) { ${repeat(5, (index) => `r${index}: pessoa(cpf: "${cpf}") { nome @include(if: $s) ... @skip(if: $s) { score { valor } } eventos @include(if: $s) { ultimaConsulta { id } } dividas @include(if: $s) { totalCount } }`)} }`;

/** A known document about 100 people that costs nearly the 10,000 points which an operation may cost. */
const MANY_PEOPLE = `query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { nome dividas(first: 40) { nodes { ${DEBT} } } score { valor faixa motivos { descricao } } eventos { ultimaConsulta { dataHora } ultimaCompraCartao { valor } } } }`;

const [url = '', token = '', ...cpfs] = process.argv.slice(2);
const dispatcher = new Agent({ connections: CONNECTIONS, pipelining: 1 });
let isSending = false;
let number = Date.now();
let statuses: Record<string, number> = {};

function nextOperation(): object {
  number++;
  const cpf = cpfs[number % cpfs.length]!;
  if (number % 3 === 0) return { query: MANY_PEOPLE, variables: { cpfs } };
  return { query: number % 3 === 1 ? repeatedFields(number, cpf) : conditions(number, cpf) };
}

async function loop(): Promise<void> {
  while (isSending) {
    const { statusCode, body } = await dispatcher.request({
      origin: url,
      path: '/graphql',
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(nextOperation()),
    });
    await body.dump();
    statuses[statusCode] = (statuses[statusCode] ?? 0) + 1;
  }
}

let loops: Promise<void>[] = [];
process.on('message', (message) => {
  if (message === 'start') {
    isSending = true;
    statuses = {};
    loops = Array.from({ length: CONNECTIONS }, loop);
  } else {
    isSending = false;
    void Promise.all(loops).then(() => process.send!(statuses));
  }
});
