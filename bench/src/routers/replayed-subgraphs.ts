import { type PerService, serviceNames } from '@pessoa/domain/services';
import { startMeasured } from '../measured-process.ts';
import type { ReplayConditions } from './replay.ts';

/** Subgraphs that replay answers of those of one `npm start`. */
export interface ReplayedSubgraphs {
  readonly pid: number;
  readonly urls: PerService<string>;
  /** Variables for a router over them. */
  readonly env: NodeJS.ProcessEnv;
  /** Changes how they answer. */
  under(conditions: ReplayConditions): Promise<void>;
  stop(): Promise<void>;
}

/** @param env variables for a router over the real subgraphs */
export async function startReplayedSubgraphs(env: NodeJS.ProcessEnv): Promise<ReplayedSubgraphs> {
  const { url, pid, stop } = await startMeasured('./routers/replay.ts', env);
  const urls = JSON.parse(url) as PerService<string>;
  return {
    pid,
    urls,
    env: { ...env, ...Object.fromEntries(serviceNames.map((name) => [`${name.toUpperCase()}_URL`, urls[name]])) },
    async under(conditions) {
      for (const each of Object.values(urls)) await fetch(each, { method: 'PUT', body: JSON.stringify(conditions) });
    },
    stop,
  };
}
