import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureDevelopmentKeys, mintToken } from '@pessoa/service/development/development-keys';
import { runCommand, readArguments } from '@pessoa/service/processes/command-line';
import { Client } from 'undici';
import { knownCpfs, startBenchSystem } from './system.ts';

const FIRST = 50;
const LAST = 500;
const ADDED = 25;
const STEP_MILLIS = 3_000;
const HOLD_MILLIS = 20_000;
/** A refusal that comes later is late: the router gives a request 3 s. */
const REFUSAL_MILLIS = 4_000;

const command = {
  name: 'npm run bench:ramp',
  about: `Raises the connections from ${FIRST} to ${LAST}, each about a person of its own, and compares every answer with the truth. Exit code 1 for a wrong or lost answer, or a late refusal. Linux only.`,
  options: {},
};

const QUERY = `query ($cpf: CPF!) { pessoa(cpf: $cpf) {
  cpf nome dividas { totalCount nodes { id valorOriginal credor { nome } } } score { valor faixa }
  eventos { movimentacaoFinanceira { nodes { id valor } } ultimaCompraCartao { id valor } }
} }`;

const OUTCOMES = ['whole', 'partial', 'refused', 'late', 'lost', 'wrong'] as const;
type Outcome = (typeof OUTCOMES)[number];

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: {
    readonly data?: { readonly pessoa: Record<string, unknown> | null } | null;
    readonly errors?: readonly object[];
  };
}

class Asker {
  readonly #client: Client;
  readonly #headers: Record<string, string>;
  readonly #body: string;

  constructor(url: string, cpf: string, token: string) {
    this.#client = new Client(url, { headersTimeout: 30_000, bodyTimeout: 30_000 });
    this.#headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    this.#body = JSON.stringify({ query: QUERY, variables: { cpf } });
  }

  async ask(): Promise<Answer> {
    const { statusCode, headers, body } = await this.#client.request({
      method: 'POST',
      path: '/graphql',
      headers: this.#headers,
      body: this.#body,
    });
    return {
      status: statusCode,
      retryAfter: headers['retry-after'] as string | undefined,
      body: (await body.json()) as Answer['body'],
    };
  }

  close = (): Promise<void> => this.#client.destroy();
}

/** What is there must be true, and what is not there must be explained by an error. */
function outcomeOf({ status, retryAfter, body }: Answer, truth: Record<string, unknown>, millis: number): Outcome {
  const pessoa = body.data?.pessoa;
  if (!pessoa) {
    if (retryAfter === undefined || (status !== 503 && status !== 429)) return 'wrong';
    return millis > REFUSAL_MILLIS ? 'late' : 'refused';
  }
  const isTrue = Object.entries(truth).every(([name, value]) => isPartOf(pessoa[name], value));
  if (!isTrue) return 'wrong';
  return isDeepStrictEqual(pessoa, truth) ? 'whole' : body.errors ? 'partial' : 'wrong';
}

function isPartOf(value: unknown, truth: unknown): boolean {
  if (value === null) return true;
  if (typeof value !== 'object' || Array.isArray(value) || typeof truth !== 'object')
    return isDeepStrictEqual(value, truth);
  return Object.entries(truth as object).every(([name, part]) =>
    isPartOf((value as Record<string, unknown>)[name], part),
  );
}

async function measure(): Promise<void> {
  const system = await startBenchSystem();
  const askers: Asker[] = [];
  try {
    const { privateJwk } = await ensureDevelopmentKeys(system.home);
    const truths: Record<string, unknown>[] = [];
    for (const cpf of knownCpfs(LAST)) {
      const asker = new Asker(system.url, cpf, await mintToken(privateJwk, { consentimento: [cpf] }));
      askers.push(asker);
      const { body } = await asker.ask();
      if (body.errors || !body.data?.pessoa)
        throw new Error(`the truth is not known: ${JSON.stringify(body).slice(0, 300)}`);
      truths.push(body.data.pessoa);
    }
    let isOn = true;
    let counts = emptyCounts();
    const total = emptyCounts();
    let times: number[] = [];
    const count = (outcome: Outcome, millis: number): void => {
      counts[outcome]++;
      total[outcome]++;
      times.push(millis);
    };
    const run = async (index: number): Promise<void> => {
      while (isOn) {
        const startedAt = performance.now();
        const answer = await askers[index]!.ask().catch(() => undefined);
        const millis = performance.now() - startedAt;
        const outcome = answer ? outcomeOf(answer, truths[index]!, millis) : 'lost';
        count(outcome, millis);
        if (outcome === 'refused') await sleep(1_000 * Number(answer!.retryAfter));
      }
    };
    const running: Promise<void>[] = [];
    for (let connections = FIRST; connections <= LAST; connections += ADDED) {
      while (running.length < connections) running.push(run(running.length));
      await sleep(connections === LAST ? HOLD_MILLIS : STEP_MILLIS);
      times.sort((a, b) => a - b);
      const at = (part: number): string => (times[Math.floor(part * (times.length - 1))] ?? NaN).toFixed(0);
      console.log(`${connections} connections: ${textOf(counts)}; p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
      counts = emptyCounts();
      times = [];
    }
    isOn = false;
    await Promise.all(running);
    console.log(`all: ${textOf(total)}`);
    if (total.wrong + total.lost + total.late > 0) process.exitCode = 1;
  } finally {
    await Promise.all(askers.map((asker) => asker.close()));
    await system.stop();
  }
}

const emptyCounts = (): Record<Outcome, number> =>
  Object.fromEntries(OUTCOMES.map((name) => [name, 0])) as Record<Outcome, number>;
const textOf = (counts: Record<Outcome, number>): string =>
  OUTCOMES.map((name) => `${counts[name]} ${name}`).join(', ');

await runCommand(command, async (args) => {
  readArguments(command, args);
  await measure();
});
