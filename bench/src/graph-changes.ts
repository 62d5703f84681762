import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@pessoa/service/processes/free-port';
import { runCommand, readArguments } from '@pessoa/service/processes/command-line';
import { descendants, processName, rssMib } from './memory.ts';
import { AMPLE_LIMITS, type BenchSystem, startBenchSystem } from './system.ts';

const CHANGES = 500;
const OPERATIONS = 10_000;
const EVERY_MILLIS = 1_200;
const AT_ONCE = 2;
/** The memory at the end, as a part of that after a quarter. */
const GROWTH_MAX = 1.1;

const command = {
  name: 'npm run bench:changes',
  about: `Changes the supergraph ${CHANGES} times in ten minutes while ${OPERATIONS} distinct operations and a known one are sent. Prints the router's memory. Exit code 1 when it grows, when an operation is not answered, or when a change is not taken. Linux only.`,
  options: {},
};

const KNOWN = 'query Conhecida($cpf: CPF!) { pessoa(cpf: $cpf) { nome score { valor } } }';
const distinct = (number: number): string =>
  `query ($cpf: CPF!) { pessoa(cpf: $cpf) { a${number}: nome dividas(first: ${(number % 50) + 1}) { nodes { b${number}: id } } score { c${number}: valor } } }`;

interface Sent {
  count: number;
  readonly failures: string[];
}

/** Spreads the operations over the time; a known one follows each. */
async function sendOperations({ url, token, exampleCpf }: BenchSystem, sent: Sent): Promise<void> {
  const startedAt = performance.now();
  const send = async (query: string): Promise<void> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables: { cpf: exampleCpf } }),
    });
    const body = await response.text();
    if (response.status !== 200 || body.includes('"errors"'))
      sent.failures.push(`${response.status} ${body.slice(0, 200)}`);
  };
  const client = async (): Promise<void> => {
    while (sent.count < OPERATIONS) {
      const number = sent.count++;
      await send(distinct(number));
      await send(KNOWN);
      const dueAt = startedAt + (number / OPERATIONS) * CHANGES * EVERY_MILLIS;
      await sleep(Math.max(0, dueAt - performance.now()));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
}

async function takenChanges(metricsUrl: string): Promise<number> {
  const metrics = await (await fetch(metricsUrl)).text();
  return Number(/^pessoa_graph_changes_total\{result="replaced".*\} (\d+)/m.exec(metrics)?.[1] ?? 0);
}

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pessoa-bench-'));
  const file = join(folder, 'supergraph.graphql');
  const sdl = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
  writeFileSync(file, sdl);
  const metricsPort = await freePort();
  const metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
  const settings = { TOPOLOGY: 'separate', SUPERGRAPH: file, ROUTER_METRICS_PORT: String(metricsPort) };
  const system = await startBenchSystem({ ...AMPLE_LIMITS, ...settings });
  try {
    const router = descendants(system.supervisor.pid!).find((pid) => processName(pid) === 'router/src/main.ts');
    if (router === undefined) throw new Error('there is no router');
    const sent: Sent = { count: 0, failures: [] };
    const sending = sendOperations(system, sent);
    let written = 0;
    let quarterMib = 0;
    console.log(`at the start: ${rssMib(router).toFixed(0)} MiB`);
    for (; written < CHANGES; written++) {
      const dueAt = performance.now() + EVERY_MILLIS;
      writeFileSync(`${file}.new`, `${sdl}# ${written}\n`);
      renameSync(`${file}.new`, file);
      while ((await takenChanges(metricsUrl)) <= written && performance.now() < dueAt + 10_000) await sleep(100);
      await sleep(Math.max(0, dueAt - performance.now()));
      if (written % 50 === 49)
        console.log(`${written + 1} changes, ${sent.count} operations: ${rssMib(router).toFixed(0)} MiB`);
      if (written === CHANGES / 4) quarterMib = rssMib(router);
    }
    await sending;
    const endMib = rssMib(router);
    const taken = await takenChanges(metricsUrl);
    console.log(
      `${taken} of ${CHANGES} changes taken, ${2 * sent.count} operations, ${sent.failures.length} not answered; RSS ${quarterMib.toFixed(0)} MiB after a quarter, ${endMib.toFixed(0)} at the end: ${(endMib / quarterMib).toFixed(2)}`,
    );
    for (const failure of sent.failures.slice(0, 3)) console.log(failure);
    if (endMib > GROWTH_MAX * quarterMib || sent.failures.length > 0 || taken < CHANGES) process.exitCode = 1;
  } finally {
    await system.stop();
    rmSync(folder, { recursive: true });
  }
}

await runCommand(command, async (args) => {
  readArguments(command, args);
  await measure();
});
