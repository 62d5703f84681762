import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import process from 'node:process';
import { root } from './started-system.ts';

/** The commands of the examples in docs/examples/clients, without the CPF. */
export const clientExamples = {
  curl: ['bash', 'docs/examples/clients/query-person.sh'],
  TypeScript: ['node', 'docs/examples/clients/query-person.ts'],
  Python: ['python3', 'docs/examples/clients/query_person.py'],
  // The options save half of the start, which is most of the run.
  Java: ['java', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', 'docs/examples/clients/QueryPerson.java'],
} as const;

export interface FinishedExample {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

/** The environment of a client's machine: this Node first on the path, and nothing of the tests' own. */
export function clientEnvironment(variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, PATH = '', ...environment } = process.env;
  return { ...environment, PATH: `${dirname(process.execPath)}:${PATH}`, LC_ALL: 'C.UTF-8', ...variables };
}

/** Runs a command in the project's root, until it ends, for at most 100 s. */
export const runExample = (
  [command, ...parameters]: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<FinishedExample> =>
  new Promise((resolve, reject) => {
    const options = { cwd: root, env: clientEnvironment(variables), timeout: 100_000 };
    execFile(command!, parameters, options, (error, output, errors) => {
      if (error && typeof error.code !== 'number') return reject(error);
      resolve({ exitCode: error ? Number(error.code) : 0, output, errors });
    });
  });
