import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scriptEnvironment } from './settings.ts';

/** The project's root. */
export const root: string = fileURLToPath(new URL('../../..', import.meta.url));

/** Where an embedded system keeps its data, keys and logs: `PESSOA_HOME`, or `.pessoa` in the project. */
export const pessoaHome = (env: NodeJS.ProcessEnv): string =>
  resolve(scriptEnvironment(env)['PESSOA_HOME'] || join(root, '.pessoa'));
