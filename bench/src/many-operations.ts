import { runCommand, readArguments } from '@pessoa/service/processes/command-line';
import { descendants, processName, rssMib } from './memory.ts';
import { AMPLE_LIMITS, startBenchSystem } from './system.ts';

const OPERATIONS = 5_000;
const RSS_MAX_MIB = 400;
const AT_ONCE = 4;
/** A request body may have 100 KB, JSON around the query included. */
const QUERY_BYTES = 99_000;

const command = {
  name: 'npm run bench:operations',
  about: `Sends ${OPERATIONS} distinct operations of the largest size and prints the router's memory. Exit code 1 above ${RSS_MAX_MIB} MiB, or when one is not answered. Linux only.`,
  options: {},
};

const DEBT =
  'id contrato modalidade natureza situacao valorOriginal valorAtualizado vencimento dataInclusao credor { nome cnpj }';
const BANK =
  'id dataHora natureza tipo valor descricao canal situacao contraparte saldoApos instituicao { nome ispb compe }';

/** A query with as many and as long aliases as the limits allow, on every source, with a comment up to the size of a body. */
function operationOf(number: number, cpf: string): string {
  const alias = (index: number): string => `o${number}_${index}_`.padEnd(64, 'x');
  const lists = Array.from({ length: 5 }, (_, index) => [
    `${alias(index)}: dividas(first: ${index + 1}) { totalCount nodes { ${DEBT} } }`,
    `${alias(index + 5)}: score { valor faixa modelo fatores { codigo nome } }`,
  ]);
  const bank = Array.from(
    { length: 4 },
    (_, index) => `${alias(index + 10)}: movimentacaoFinanceira(first: ${index + 1}) { nodes { ${BANK} } }`,
  );
  const document = `query ${alias(99)} { pessoa(cpf: "${cpf}") { nome ${lists.flat().join(' ')} eventos { ${bank.join(' ')} } } } #`;
  return document.padEnd(QUERY_BYTES, `${number} `);
}

async function measure(): Promise<void> {
  const system = await startBenchSystem({ ...AMPLE_LIMITS, TOPOLOGY: 'separate' });
  try {
    const router = descendants(system.supervisor.pid!).find((pid) => processName(pid) === 'router/src/main.ts');
    if (router === undefined) throw new Error('there is no router');
    const startMib = rssMib(router);
    let nextNumber = 0;
    let highestMib = startMib;
    const failures: string[] = [];
    const worker = async (): Promise<void> => {
      while (nextNumber < OPERATIONS) {
        const number = nextNumber++;
        const response = await fetch(`${system.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${system.token}` },
          body: JSON.stringify({ query: operationOf(number, system.exampleCpf) }),
        });
        const body = await response.text();
        if (response.status !== 200 || !body.includes('"nome"'))
          failures.push(`${response.status} ${body.slice(0, 200)}`);
        highestMib = Math.max(highestMib, rssMib(router));
        if (number % 500 === 499) console.log(`${number + 1} sent: ${rssMib(router).toFixed(0)} MiB`);
      }
    };
    const start = performance.now();
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const seconds = (performance.now() - start) / 1_000;
    console.log(
      `${OPERATIONS} operations of ${QUERY_BYTES} bytes in ${seconds.toFixed(0)} s: RSS ${startMib.toFixed(0)} MiB before, ${highestMib.toFixed(0)} at most, ${rssMib(router).toFixed(0)} after; ${failures.length} not answered`,
    );
    for (const failure of failures.slice(0, 3)) console.log(failure);
    if (highestMib > RSS_MAX_MIB || failures.length > 0) process.exitCode = 1;
  } finally {
    await system.stop();
  }
}

await runCommand(command, async (args) => {
  readArguments(command, args);
  await measure();
});
