import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from './started-system.ts';

/** A service of docker-compose.yml, with the keys that our tests read. */
export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly target: string };
  readonly user?: string;
  readonly profiles?: readonly string[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly (string | { readonly source: string; readonly target: string })[];
  readonly volumes?: readonly string[];
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly cap_add?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly pids_limit?: number;
  readonly cpus?: number;
  readonly mem_limit?: string;
  readonly restart?: string;
  readonly init?: boolean;
  readonly stop_grace_period?: string;
  readonly logging?: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
}

interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

export const readComposeFile = (): ComposeFile =>
  parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as ComposeFile;

/** One `FROM … AS …` of the Dockerfile. */
export interface Stage {
  readonly name: string;
  /** An image, or the name of an earlier stage. */
  readonly from: string;
  /** Its instructions, with continued lines joined. */
  readonly instructions: readonly string[];
}

export function readDockerfile(): Stage[] {
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
  const lines = dockerfile.replace(/^#.*\n/gm, '').replace(/\\\n\s*/g, '').split('\n').filter((line) => line !== ''); // prettier-ignore
  const stages: Stage[] = [];
  for (const line of lines) {
    const [, from, name] = /^FROM (\S+) AS (\S+)$/.exec(line) ?? [];
    const stage = stages.at(-1);
    if (from && name) stages.push({ name, from, instructions: [] });
    else if (stage) stages.splice(-1, 1, { ...stage, instructions: [...stage.instructions, line] });
    else throw new Error(`the Dockerfile begins with ${line}`);
  }
  return stages;
}

/** The instructions of a target, with those of the stages that it is built from. */
export function instructionsOf(target: string, stages = readDockerfile()): string[] {
  const stage = stages.find(({ name }) => name === target);
  return stage ? [...instructionsOf(stage.from, stages), ...stage.instructions] : [];
}

/** The arguments of the last instruction with this name. */
export const lastInstruction = (name: string, instructions: readonly string[]): string | undefined =>
  instructions.findLast((line) => line.startsWith(`${name} `))?.slice(name.length + 1);

// The containers of docker-compose.yml.
export const postgresServers = ['auditoria', 'base-a', 'base-b', 'base-c'];
export const engines = [...postgresServers, 'elasticsearch', 'redis'];
export const processes = ['auditor', 'debt', 'event', 'indexer', 'router', 'score'];
/** Jobs end by themselves. `up` runs `migrate` and `seed`, the others run on request. */
export const jobs = ['invalidate', 'migrate', 'seed', 'secrets', 'token'];
