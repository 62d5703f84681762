import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ensureDevelopmentKeys, mintToken } from '@pessoa/service/development/development-keys';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { runCommand, readArguments } from '@pessoa/service/processes/command-line';
import { median } from './measurements.ts';
import { Asker, startSteadyLoad } from './steady-load.ts';
import { knownCpfs, startBenchSystem } from './system.ts';

const ROUNDS = 5;
const ROUND_MILLIS = 20_000;
const WARM_UP_MILLIS = 15_000;
/** Below the 600 requests a minute of a client. */
const PER_SECOND = 9;
const PEOPLE = 100;
const RATIO_MAX = 1.5;

/** On a busy machine a lost source would end the measurement. The limits of clients are the default ones. */
const PATIENT = Object.fromEntries(
  ['BASE_A', 'BASE_B', 'BASE_C']
    .flatMap((base) => [`${base}_ACQUIRE_MILLIS`, `${base}_STATEMENT_MILLIS`])
    .concat('DEBT_TIMEOUT_MILLIS', 'SCORE_TIMEOUT_MILLIS', 'EVENT_TIMEOUT_MILLIS', 'AUDIT_READER_TIMEOUT_MILLIS')
    .concat('AUDIT_TIMEOUT_MILLIS', 'REQUEST_TIMEOUT_MILLIS')
    .map((name) => [name, '20000']),
);

const command = {
  name: 'npm run bench:fairness',
  about: `Measures the 95th percentile of a client's times alone, and beside a client that sends the heaviest operations over 32 connections, under the default limits. Exit code 1 when the median of the ratios is above ${RATIO_MAX}, or when the heavy client gets no answers.`,
  options: {},
};

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((left, right) => left - right)[Math.ceil(values.length * share) - 1]!;

async function measure(): Promise<void> {
  const system = await startBenchSystem(PATIENT);
  const people = knownCpfs(PEOPLE);
  const { privateJwk } = await ensureDevelopmentKeys(system.home);
  const tokenOf = (clientId: string): Promise<string> => mintToken(privateJwk, { clientId, consentimento: people });
  const light = new Asker(system.url, await tokenOf('leve'));
  const heavy = fork(fileURLToPath(new URL('./heavy-client.ts', import.meta.url)), [
    system.url,
    await tokenOf('pesado'),
    ...people,
  ]);
  try {
    const askAbout = (number: number) => {
      const body = JSON.stringify({ query: EXAMPLE_QUERY, variables: { cpf: people[number % PEOPLE] } });
      return light.ask({ method: 'POST', path: '/graphql', body });
    };
    const p95During = async (millis: number): Promise<number> => {
      const load = startSteadyLoad(PER_SECOND, askAbout);
      await sleep(millis);
      await load.stop();
      for (const { status, body } of load.outcomes) {
        const { errors } = (body ?? {}) as { errors?: unknown };
        if (status !== 200 || errors) throw new Error(`the light client got ${status} ${JSON.stringify(errors)}`);
      }
      return percentile(load.outcomes.map(({ millis: taken }) => taken), 0.95); // prettier-ignore
    };
    const besideHeavy = async (): Promise<{ p95: number; statuses: Record<string, number> }> => {
      heavy.send('start');
      const p95 = await p95During(ROUND_MILLIS);
      heavy.send('stop');
      const [statuses] = (await once(heavy, 'message')) as [Record<string, number>];
      return { p95, statuses };
    };
    await p95During(WARM_UP_MILLIS);
    const ratios: number[] = [];
    let answers = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const alone = await p95During(ROUND_MILLIS);
      const { p95, statuses } = await besideHeavy();
      ratios.push(p95 / alone);
      answers += statuses['200'] ?? 0;
      const unexpected = Object.keys(statuses).filter((status) => status !== '200' && status !== '429');
      if (unexpected.length > 0) throw new Error(`the heavy client got ${unexpected.join(', ')}`);
      console.log(
        `p95 alone ${alone.toFixed(1)} ms, beside the heavy client ${p95.toFixed(1)} ms, ratio ${(p95 / alone).toFixed(2)}; heavy client: ${JSON.stringify(statuses)}`,
      );
    }
    const ratio = median(ratios);
    console.log(`median of the ratios: ${ratio.toFixed(2)}; answers to the heavy client: ${answers}`);
    if (ratio > RATIO_MAX || answers === 0) process.exitCode = 1;
  } finally {
    heavy.kill('SIGKILL');
    await light.close();
    await system.stop();
  }
}

await runCommand(command, async (args) => {
  readArguments(command, args);
  await measure();
});
