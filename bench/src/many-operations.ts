import { runCommand, readArguments } from '@pessoa/service/processes/command-line';
import { descendants, nameOf, read } from './memory.ts';
import { startBenchSystem } from './system.ts';

/**
 * `npm run bench:operations`: many operations that were never asked before, each of the largest size that is accepted, and
 * what they leave in the router's memory. Exit code 1 when that is over the limit, or one was not answered. Linux only.
 */
const OPERATIONS = 5_000;
const RSS_MAX_MIB = 400;
const AT_ONCE = 4;
/** A body is at most 100 KB; the rest is the envelope. */
const QUERY_BYTES = 99_000;

const command = {
  name: 'npm run bench:operations',
  about: `Asks ${OPERATIONS} distinct operations of the largest size and prints the router's memory; over ${RSS_MAX_MIB} MiB it fails.`,
  options: {},
};

const DEBT =
  'id contrato modalidade natureza situacao valorOriginal valorAtualizado vencimento dataInclusao credor { nome cnpj }';
const BANK =
  'id dataHora natureza tipo valor descricao canal situacao contraparte saldoApos instituicao { nome ispb compe }';

/** Aliases as many and as long as they may be, every source, and a comment up to the size of a body. */
function operationOf(number: number, cpf: string): string {
  const name = (n: number): string => `o${number}_${n}_`.padEnd(64, 'x');
  const lists = Array.from({ length: 5 }, (_, n) => [
    `${name(n)}: dividas(first: ${n + 1}) { totalCount nodes { ${DEBT} } }`,
    `${name(n + 5)}: score { valor faixa modelo fatores { codigo nome } }`,
  ]);
  const bank = Array.from(
    { length: 4 },
    (_, n) => `${name(n + 10)}: movimentacaoFinanceira(first: ${n + 1}) { nodes { ${BANK} } }`,
  );
  const text = `query ${name(99)} { pessoa(cpf: "${cpf}") { nome ${lists.flat().join(' ')} eventos { ${bank.join(' ')} } } } #`;
  return text.padEnd(QUERY_BYTES, `${number} `);
}

const rssMib = (pid: number): number => Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1]) / 1024;

async function measure(): Promise<void> {
  const system = await startBenchSystem();
  try {
    const router = descendants(system.supervisor.pid!).find((pid) => nameOf(pid) === 'router/src/main.ts');
    if (router === undefined) throw new Error('there is no router');
    const before = rssMib(router);
    let next = 0;
    let highest = before;
    const lost: string[] = [];
    const worker = async (): Promise<void> => {
      while (next < OPERATIONS) {
        const number = next++;
        const response = await fetch(`${system.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${system.token}` },
          body: JSON.stringify({ query: operationOf(number, system.exampleCpf) }),
        });
        const text = await response.text();
        if (response.status !== 200 || !text.includes('"nome"')) lost.push(`${response.status} ${text.slice(0, 200)}`);
        highest = Math.max(highest, rssMib(router));
        if (number % 500 === 499) console.log(`${number + 1} asked: ${rssMib(router).toFixed(0)} MiB`);
      }
    };
    const start = performance.now();
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const seconds = (performance.now() - start) / 1_000;
    console.log(
      `${OPERATIONS} operations of ${QUERY_BYTES} bytes in ${seconds.toFixed(0)} s: RSS ${before.toFixed(0)} MiB before, ${highest.toFixed(0)} at most, ${rssMib(router).toFixed(0)} after; ${lost.length} not answered`,
    );
    for (const one of lost.slice(0, 3)) console.log(one);
    if (highest > RSS_MAX_MIB || lost.length > 0) process.exitCode = 1;
  } finally {
    await system.stop();
  }
}

await runCommand(command, async (args) => {
  readArguments(command, args);
  await measure();
});
