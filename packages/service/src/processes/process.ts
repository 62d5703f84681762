import { setFlagsFromString } from 'node:v8';
import closeWithGrace from 'close-with-grace';
import { ConfigError } from '../config/environment.ts';
import { DRAIN_MILLIS } from '../http/http-service.ts';
import { type RunningTracing, startTracing } from '../tracing/start-tracing.ts';
import type { TracingConfig } from '../tracing/tracing-settings.ts';
import { createLogger, type Logger, type LogLevel } from '../logging/logger.ts';
import {
  isWorker,
  type ProcessSettings,
  reportToPrimary,
  RESTART_SIGNAL,
  runWorkers,
  WorkerStartError,
} from './workers.ts';
import { type EndReason, onEnd, ignoreOutputErrors, SUPERVISED } from './end-of-process.ts';

/** A service that is listening. */
export interface RunningService {
  readonly logger: Logger;
  readonly url: string;
  /** The address of its metrics; undefined when they are off. */
  readonly metricsUrl?: string | undefined;
  /** Answers active requests, refuses new ones, then closes everything. */
  close(): Promise<void>;
  /**
   * Accepts no further connection, and answers the requests of those that it has. Resolves when they are gone, or after 80 s. Absent
   * where no process takes over.
   */
  retire?(): Promise<void>;
}

export interface ProcessParts<Config> {
  /** @throws ConfigError */
  readonly readConfig: () => Config;
  /** Loads the service's modules itself: help, a refused setting and a primary of workers do without them. */
  readonly start: (config: Config) => Promise<RunningService>;
  /** Absent: the service runs in this process alone. */
  readonly workersOf?: (config: Config) => ProcessSettings & { readonly logLevel: LogLevel };
  /** Absent: nothing is traced. */
  readonly tracingOf?: (config: Config) => TracingConfig | undefined;
}

/**
 * Sets how V8 collects garbage in a service. New objects are collected on one thread, because helper threads cost more CPU
 * than they save time. Old objects are collected early, because a service keeps little data and V8 would otherwise let the
 * heap grow to several times the live data. bench/README.md has measurements of both.
 */
export function tuneGarbageCollection(): void {
  setFlagsFromString('--no-parallel-scavenge');
  setFlagsFromString('--heap-growing-percent=40');
}

/**
 * Runs a service as this process, or in workers of it. On a signal, or when npm or the supervisor that started it ends, it drains and ends. On a
 * further signal it ends at once. If it cannot start, it prints the reason in one message.
 */
export async function runProcess<Config>(
  name: string,
  { readConfig, start, workersOf, tracingOf }: ProcessParts<Config>,
): Promise<void> {
  const usage = `usage: npm run ${name}\nRuns this service alone. Its settings are variables: .env.example.\n`;
  const args = process.argv.slice(2).filter((arg) => arg !== SUPERVISED);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usage);
    return;
  }
  if (args.length > 0) {
    process.stderr.write(`${name} takes no arguments.\n\n${usage}`);
    process.exitCode = 1;
    return;
  }
  tuneGarbageCollection();
  ignoreOutputErrors();
  process.on(RESTART_SIGNAL, () => {}); // without a listener it would end the process; the primary of workers has one more
  let reason: EndReason | undefined;
  let drain = (): void => process.exit(1); // until the service has started
  onEnd(
    (endReason) => {
      reason = endReason;
      drain();
    },
    () => process.exit(1),
  );
  let tracing: RunningTracing | undefined;
  const service = await Promise.resolve()
    .then(async () => {
      const config = readConfig();
      const settings = workersOf?.(config);
      if (isWorker() || !settings || settings.workers === 1) {
        tracing = await startTracing(tracingOf?.(config), name);
        return start(config);
      }
      return runWorkers(name, settings, createLogger({ service: name, level: settings.logLevel }));
    })
    .catch((error: unknown) => {
      const isExplained = error instanceof WorkerStartError && error.isExplained;
      if (!isExplained) process.stderr.write(`${startFailure(name, error)}\n`);
      return process.exit(1);
    });
  tracing?.sayLosses(service.logger);
  // We handle signals ourselves: npm sends each of them twice, and close-with-grace would end at once on the second.
  const skip = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', RESTART_SIGNAL] as const;
  const closing = closeWithGrace({ delay: DRAIN_MILLIS + 2_000, logger: false, skip: [...skip] }, async ({ err }) => {
    if (err) service.logger.error({ err }, 'stopping after an uncaught error');
    else service.logger.info({ signal: reason }, 'draining');
    await service.close();
    await tracing?.close();
    service.logger.flush();
  });
  let isDraining = false;
  drain = () => {
    if (!isDraining) void closing.close();
    isDraining = true;
  };
  if (isWorker()) {
    reportToPrimary(service, () => {
      service.logger.info('retiring');
      void service.retire?.().then(drain);
    });
  }
  service.logger.info({ url: service.url }, 'listening');
}

/** The error codes of listening on an address that this machine does not have. */
const NO_ADDRESS: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL']);

function startFailure(name: string, error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE') return `${name} cannot start: port ${port} is taken. Set another one (see .env.example).`;
  if (code !== undefined && NO_ADDRESS.has(code)) {
    return `${name} cannot start: HOST or METRICS_HOST is not an address of this machine (${code}).`;
  }
  return `${name} cannot start: ${error instanceof Error ? error.message : String(error)}`;
}
