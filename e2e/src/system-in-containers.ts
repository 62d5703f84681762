import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readComposeFile } from './compose-file.ts';
import { type ComposedSystem, createComposedSystem } from './composed-system.ts';
import { codeBlocksOf } from './documents.ts';

export interface Answer {
  readonly data?: { readonly pessoa: Readonly<Record<string, unknown>> | null };
  readonly errors?: readonly { readonly extensions: { readonly code: string; readonly fonte?: string } }[];
}

export interface Inspected {
  readonly Name: string;
  readonly Config: { readonly Labels: Record<string, string>; readonly Env: string[] };
  readonly State: { readonly Status: string; readonly ExitCode: number; readonly Health?: { readonly Status: string } };
  readonly HostConfig: {
    readonly PortBindings: Record<string, { HostIp: string }[]>;
    readonly ReadonlyRootfs: boolean;
  };
  readonly NetworkSettings: { readonly Networks: Record<string, { readonly IPAddress: string }> };
}

const QUERY = `query Tudo($cpf: CPF!) {
  pessoa(cpf: $cpf) {
    nome
    score { valor }
    eventos { ultimaConsulta { dataHora } movimentacaoFinanceira(first: 1) { nodes { valor } } ultimaCompraCartao { valor } }
  }
}`;
/** The field of the query that each source answers. */
export const fieldOf = { divida: 'nome', score: 'score', evento: 'eventos' } as const;
export type AskedFonte = keyof typeof fieldOf;

/** The commands that docs/containers.md prints. */
export const documented = codeBlocksOf('docs/containers.md').filter(({ language }) => language === 'sh');

/** @throws Error when the document has no block that starts so */
export function blockOf(start: string): string {
  const block = documented.find(({ text }) => text.startsWith(start));
  if (!block) throw new Error(`docs/containers.md has no block that starts with ${start}`);
  return block.text;
}

/** The system in its containers, built and filled, and who asks it. */
export interface SystemInContainers extends ComposedSystem {
  /** The CPF of the examples. */
  readonly example: string;
  /** Fictitious people that no request has asked for yet, so no cache has them. */
  readonly people: string[];
  /** Asks with this token: everything about all these people. */
  token: string;
  inspect(): Promise<Map<string, Inspected>>;
  ask(cpf: string, query?: string): Promise<{ readonly status: number; readonly answer: Answer }>;
  waitUntilComplete(): Promise<void>;
  /**
   * Asks until exactly these sources are lost, for nine people at most: on a busy machine another source may once be too slow.
   *
   * @param next gives the CPF of the next person
   */
  answerWithoutSources(next: () => string, lostSources: readonly AskedFonte[]): Promise<Answer>;
  /** The output of psql for a superuser. */
  asSuperuser(server: string, database: string, sql: string): Promise<string>;
  /** The output of psql, or its error, for a role that connects by TCP with its password. */
  asRole(server: string, role: string, sql: string): Promise<string>;
}

/** Builds the images and starts everything as docs/containers.md says. Resolves when a query gets a whole answer. */
export async function startSystemInContainers(): Promise<SystemInContainers> {
  const composed = await createComposedSystem();
  try {
    return await start(composed);
  } catch (error) {
    await composed.remove();
    throw error;
  }
}

async function start(composed: ComposedSystem): Promise<SystemInContainers> {
  await composed.compose('--profile', 'tools', 'build', '--quiet'); // `up` builds missing images only
  await composed.shell(blockOf('docker compose run'));

  const asSuperuser = async (server: string, database: string, sql: string): Promise<string> =>
    (await composed.compose('exec', '-T', server, 'psql', '-qAt', '-U', 'postgres', '-d', database, '-c', sql)).trim();
  const example = readComposeFile().services['router']!.environment!['EXAMPLE_CPF']!;
  const people = await peopleOfAllBases(asSuperuser);
  const consents = [example, ...people].flatMap((cpf) => ['--consentimento', cpf]);

  async function ask(cpf: string, query = QUERY) {
    const response = await fetch(`${composed.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${system.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: { cpf } }),
      signal: AbortSignal.timeout(20_000),
    });
    return { status: response.status, answer: (await response.json()) as Answer };
  }

  const system: SystemInContainers = {
    ...composed,
    example,
    people,
    token: (await composed.compose('run', '--rm', 'token', ...consents)).trim(),
    ask,
    asSuperuser,
    async inspect() {
      const ids = (await composed.compose('ps', '--all', '--quiet')).trim().split('\n');
      const containers = JSON.parse(await composed.docker('inspect', ...ids)) as Inspected[];
      return new Map(
        containers.map((container) => [container.Config.Labels['com.docker.compose.service']!, container]),
      );
    },
    async waitUntilComplete() {
      const deadline = Date.now() + 90_000;
      for (;;) {
        const { status, answer } = await ask(example).catch(() => ({ status: 0, answer: {} as Answer }));
        if (status === 200 && !answer.errors) return;
        if (Date.now() > deadline) throw new Error(`still not complete: ${JSON.stringify(answer.errors)}`);
        await sleep(250);
      }
    },
    async answerWithoutSources(next, lostSources) {
      for (let attempts = 8; ; attempts--) {
        const { status, answer } = await ask(next());
        const namedSources = [...new Set(answer.errors?.map(({ extensions }) => extensions.fonte) ?? [])];
        const areLost = lostSources.every((fonte) => namedSources.includes(fonte));
        if (status === 200 && areLost && namedSources.length === lostSources.length) return answer;
        if (attempts === 0)
          throw new Error(`HTTP ${status}: lost ${namedSources.join(', ') || 'nothing'}, expected ${lostSources.join(', ')}`); // prettier-ignore
        await sleep(1_000);
      }
    },
    async asRole(server, role, sql) {
      const text = await readFile(join(composed.secrets, `${role}-url`), 'utf8');
      const url = text.trim().replace(`@${server}:`, '@127.0.0.1:');
      return composed
        .compose('exec', '-T', server, 'psql', '-qAt', url, '-c', sql)
        .catch(({ stderr }) => String(stderr));
    },
  };
  await system.waitUntilComplete();
  return system;
}

/** CPFs that every base knows, as many as a token has consents for beside the example; without the people to try. */
async function peopleOfAllBases(asSuperuser: SystemInContainers['asSuperuser']): Promise<string[]> {
  const tables = [
    ['base-a', 'base_a', 'pessoa'],
    ['base-b', 'base_b', 'titular'],
    ['base-c', 'base_c', 'titular'],
  ] as const;
  const cpfsByBase = await Promise.all(
    tables.map(async ([server, database, table]) =>
      (await asSuperuser(server, database, `SELECT cpf FROM ${table} ORDER BY cpf`)).split('\n'),
    ),
  );
  return cpfsByBase[0]!
    .filter((cpf) => !cpf.startsWith('999999') && cpfsByBase.every((cpfs) => cpfs.includes(cpf)))
    .slice(0, 99);
}
