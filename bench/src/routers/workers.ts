import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openConnections } from '@pessoa/operations/system/connections';
import { ensureDevelopmentKeys, mintToken } from '@pessoa/service/development/development-keys';
import { type Command, readArguments, runCommand } from '@pessoa/service/processes/command-line';
import { freePort } from '@pessoa/service/processes/free-port';
import { readRounds } from '../measurements.ts';
import { startOwnRedis } from '../own-redis.ts';
import { AMPLE_LIMITS, root, startBenchSystem } from '../system.ts';
import { measureRounds, requestsOf, type Router, routersThatAgree } from './load.ts';
import { OPERATIONS } from './operations.ts';
import { startReplayedSubgraphs } from './replayed-subgraphs.ts';

const command = {
  name: 'npm run bench:workers',
  about:
    'Measures the router as two workers beside the router as one process, with audit and a Redis for the limits, over replayed subgraphs. About three minutes. Linux only.',
  options: { rounds: { type: 'string', value: 'N', about: 'default: 5' } },
} as const satisfies Command;

const CONNECTIONS = [16, 64] as const;

async function startRouter(workers: number, env: NodeJS.ProcessEnv): Promise<Router & { stop(): void }> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(root, 'router/src/main.ts')], {
    cwd: root,
    env: { ...env, ROUTER_PORT: String(port), WORKERS: String(workers) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const origin = `http://127.0.0.1:${port}`;
  // Ready it would never be: replayed subgraphs have no health.
  while ((await fetch(`${origin}/health/live`).catch(() => undefined))?.status !== 200) {
    if (child.exitCode !== null) throw new Error(`the router ended with ${child.exitCode}`);
    await sleep(100);
  }
  const title = workers === 1 ? 'one process' : `${workers} workers`;
  return { title, url: `${origin}/graphql`, pid: child.pid!, stop: () => void child.kill('SIGTERM') };
}

async function measure(rounds: number): Promise<void> {
  const system = await startBenchSystem({ ...AMPLE_LIMITS, TOPOLOGY: 'separate' });
  const stops: (() => unknown)[] = [() => system.stop()];
  try {
    const redis = await startOwnRedis();
    stops.unshift(() => redis.stop());
    const connections = await openConnections({ PESSOA_HOME: system.home });
    stops.unshift(() => connections.close());
    const subgraphs = await startReplayedSubgraphs(system.env);
    stops.unshift(() => subgraphs.stop());
    const env = { ...subgraphs.env, AUDIT_URL: connections.auditoria.url, REDIS_URL: redis.url };
    const routers: Router[] = [];
    for (const workers of [2, 1]) {
      const router = await startRouter(workers, env);
      stops.unshift(() => router.stop());
      routers.push(router);
    }
    const { privateJwk } = await ensureDevelopmentKeys(system.home);
    const operation = { ...OPERATIONS[0]!, connections: CONNECTIONS };
    const each = await requestsOf(operation, (consentimento) => mintToken(privateJwk, { consentimento }));
    if ((await routersThatAgree(routers, operation, each)).length < routers.length)
      throw new Error('the answers differ');
    console.log('| connections | router | CPU a request | two workers beside one | requests/s | p50, p99 |');
    console.log('| ---: | --- | ---: | ---: | ---: | ---: |');
    for (const count of CONNECTIONS) {
      const figures = await measureRounds(routers, subgraphs.pid, each, { ...operation, connections: count, rounds });
      for (const { title, cpuMicros, ratio, requestsPerSecond, p50, p99 } of figures) {
        const spread = `${ratio.median.toFixed(2)} (${ratio.least.toFixed(2)} to ${ratio.most.toFixed(2)})`;
        console.log(
          `| ${count} | ${title} | ${cpuMicros.toFixed(0)} us | ${spread} | ${requestsPerSecond.toFixed(0)} | ${p50.toFixed(1)} ms, ${p99.toFixed(1)} ms |`,
        );
      }
    }
  } finally {
    for (const stop of stops) await stop();
  }
}

await runCommand(command, async (args) => {
  await measure(readRounds(readArguments(command, args).values.rounds));
});
