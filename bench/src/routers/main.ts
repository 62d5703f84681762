import { writeFileSync } from 'node:fs';
import { openConnections } from '@pessoa/operations/system/connections';
import { ensureDevelopmentKeys, mintToken } from '@pessoa/service/development/development-keys';
import { type Command, readArguments, runCommand, UsageError } from '@pessoa/service/processes/command-line';
import { type MeasuredProcess, startMeasured } from '../measured-process.ts';
import { readRounds } from '../measurements.ts';
import { AMPLE_LIMITS, startBenchSystem } from '../system.ts';
import { type Figures, measureRounds, requestsOf, type Router, routersThatAgree } from './load.ts';
import { type BenchOperation, OPERATIONS, OPERATIONS_WITH_LATENCY } from './operations.ts';
import { startPeers } from './peers.ts';
import { plotOf, type Row } from './plot.ts';
import type { ReplayConditions } from './replay.ts';
import { type ReplayedSubgraphs, startReplayedSubgraphs } from './replayed-subgraphs.ts';

const command = {
  name: 'npm run bench:routers',
  about:
    'Measures the router beside an answer without a router, a fan-out by hand and routers of others, over the same replayed subgraphs, in about half an hour. Linux only.',
  options: {
    only: { type: 'string', value: 'TEXT', about: 'measures the operations whose title begins so' },
    without: { type: 'string', value: 'TEXT', about: 'leaves out routers whose title begins so', multiple: true },
    rounds: { type: 'string', value: 'N', about: 'default: 5' },
    plot: { type: 'string', value: 'FILE', about: 'draws the figures as SVG' },
    profile: { type: 'string', value: 'FILE', about: "writes a CPU profile of our router's last operation; measures no other router" }, // prettier-ignore
    audit: { type: 'boolean', about: 'with --profile: our router with audit' },
  },
} as const satisfies Command;

interface Choice {
  readonly only: string;
  readonly without: readonly string[];
  readonly rounds: number;
  readonly plot?: string | undefined;
  readonly profile?: string | undefined;
  readonly audit?: boolean | undefined;
}

const OURS = 'Pessoa';

const DIRECT: ReplayConditions = { latencyMillis: 0, batches: true };
const WITH_LATENCY: ReplayConditions = { latencyMillis: 5, batches: true };

/** The routers that are measured once more while ours may not send several fetches in a request. */
const UNBATCHED: ReadonlySet<string> = new Set([OURS, 'fan-out by hand']);

interface Stage {
  readonly routers: readonly Router[];
  readonly ours: MeasuredProcess;
  readonly subgraphs: ReplayedSubgraphs;
  tokenFor(cpfs: string[]): Promise<string>;
  stop(): Promise<void>;
}

async function openStage({ without, profile, audit = false }: Choice): Promise<Stage> {
  const system = await startBenchSystem({ ...AMPLE_LIMITS, TOPOLOGY: 'separate' });
  const stops: (() => unknown)[] = [() => system.stop()];
  const stop = async (): Promise<void> => {
    for (const each of stops) await each();
  };
  const started = async (title: string, script: string, env: NodeJS.ProcessEnv): Promise<MeasuredProcess & Router> => {
    const measured = await startMeasured(script, env);
    stops.unshift(() => measured.stop());
    return Object.assign(measured, { title });
  };
  try {
    const subgraphs = await startReplayedSubgraphs(system.env);
    stops.unshift(() => subgraphs.stop());
    const { env } = subgraphs;
    const connected = await openConnections({ PESSOA_HOME: system.home });
    stops.unshift(() => connected.close());
    const { url, readerUrl } = connected.auditoria;
    const auditEnv = { ...env, BENCH_AUDIT: 'on', AUDIT_URL: url, AUDIT_READER_URL: readerUrl };
    const ours = await started(OURS, './router-under-test.ts', audit ? auditEnv : env);
    const routers: Router[] = [{ title: ours.title, url: `${ours.url}/graphql`, pid: ours.pid }];
    if (profile === undefined) {
      const audited = await started('Pessoa with audit', './router-under-test.ts', auditEnv);
      const fanOut = await started('fan-out by hand', './routers/fan-out.ts', env);
      const constant = await started('constant answer', './routers/constant.ts', { ...env, ANSWERS_URL: routers[0]!.url }); // prettier-ignore
      const quickStart = await started('Apollo, quick start', './quick-start.ts', env);
      const onFastify = await started('Apollo on fastify, undici', './routers/apollo-on-fastify.ts', env);
      const peers = await startPeers(subgraphs.urls);
      for (const peer of peers) stops.unshift(() => peer.stop());
      // The one with audit is last: what it reads becomes an inquiry, which an answer that is recorded later would show.
      const withUrl = Object.assign(audited, { url: `${audited.url}/graphql` });
      routers.push(fanOut, Object.assign(constant, { asksSubgraphs: false }), quickStart, onFastify, ...peers, withUrl);
    }
    const { privateJwk } = await ensureDevelopmentKeys(system.home);
    return {
      routers: routers.filter(({ title }) => !without.some((text) => title.startsWith(text))),
      ours,
      subgraphs,
      tokenFor: (consentimento) => mintToken(privateJwk, { consentimento }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function print(title: string, figures: readonly Figures[]): void {
  for (const { ratio, ...figure } of figures) {
    const cells = [
      title,
      figure.title,
      `${figure.cpuMicros.toFixed(0)} us`,
      `${ratio.median.toFixed(2)} (${ratio.least.toFixed(2)} to ${ratio.most.toFixed(2)})`,
      `${figure.subgraphMicros.toFixed(0)} us`,
      figure.requestsPerSecond.toFixed(0),
      `${figure.p50.toFixed(1)} ms, ${figure.p99.toFixed(1)} ms`,
      `${figure.rssMib.toFixed(0)} MiB`,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

async function measure(choice: Choice): Promise<void> {
  const stage = await openStage(choice);
  const rows: Row[] = [];
  const chosen = (operations: readonly BenchOperation[]): BenchOperation[] =>
    operations.filter(({ title }) => title.startsWith(choice.only));

  async function measureOperation(operation: BenchOperation, routers: readonly Router[], suffix = ''): Promise<void> {
    const each = await requestsOf(operation, stage.tokenFor);
    const agreeing = await routersThatAgree(routers, operation, each);
    for (const connections of operation.connections) {
      const title = `${operation.title}, ${connections} connection${connections === 1 ? '' : 's'}${suffix}`;
      const measured = () =>
        measureRounds(agreeing, stage.subgraphs.pid, each, { ...operation, connections, rounds: choice.rounds });
      if (choice.profile === undefined) {
        const figures = await measured();
        print(title, figures);
        rows.push({ title, figures });
      } else {
        const profile = await stage.ours.profile(async () => print(title, await measured()));
        writeFileSync(`${choice.profile}-${connections}.cpuprofile`, JSON.stringify(profile));
      }
    }
  }

  try {
    console.log(
      '| operation | router | CPU a request | ours beside it | CPU of the subgraphs | requests/s | p50, p99 | RSS |',
    );
    console.log('| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |');
    await stage.subgraphs.under(DIRECT);
    for (const operation of chosen(OPERATIONS)) await measureOperation(operation, stage.routers);
    if (choice.profile !== undefined) return;
    const askingRouters = stage.routers.filter(({ asksSubgraphs = true }) => asksSubgraphs);
    await stage.subgraphs.under(WITH_LATENCY);
    for (const operation of chosen(OPERATIONS_WITH_LATENCY))
      await measureOperation(operation, askingRouters, ', slow subgraphs');
    await stage.subgraphs.under({ ...DIRECT, batches: false });
    for (const operation of chosen(OPERATIONS_WITH_LATENCY))
      await measureOperation(
        operation,
        askingRouters.filter(({ title }) => UNBATCHED.has(title)),
        ', without batches',
      );
    if (choice.plot !== undefined) writeFileSync(choice.plot, plotOf(rows));
  } finally {
    await stage.stop();
  }
}

await runCommand(command, async (args) => {
  const { only = '', without = [], rounds, ...rest } = readArguments(command, args).values;
  if (rest.audit && rest.profile === undefined) throw new UsageError('--audit: with --profile only');
  if (without.some((text) => OURS.startsWith(text))) throw new UsageError(`--without: ${OURS} is always measured`);
  await measure({ only, without, rounds: readRounds(rounds), ...rest });
});
