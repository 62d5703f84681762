import { setFlagsFromString } from 'node:v8';
import closeWithGrace from 'close-with-grace';
import { ConfigError } from '../config/environment.ts';
import { DRAIN_MILLIS } from '../http/http-service.ts';
import type { Logger } from '../logging/logger.ts';
import { type EndReason, onEnd, ignoreOutputErrors, SUPERVISED } from './end-of-process.ts';

/** A service that is listening. */
export interface RunningService {
  readonly logger: Logger;
  readonly url: string;
  /** The address of its metrics; undefined when they are off. */
  readonly metricsUrl?: string | undefined;
  /** Answers active requests, refuses new ones, then closes everything. */
  close(): Promise<void>;
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
 * Runs a service as this process. On a signal, or when npm or the supervisor that started it ends, it drains and ends. On a
 * further signal it ends at once. If it cannot start, it prints the reason in one message.
 */
export async function runProcess(name: string, start: () => Promise<RunningService>): Promise<void> {
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
  let reason: EndReason | undefined;
  let drain = (): void => process.exit(1); // until the service has started
  onEnd(
    (endReason) => {
      reason = endReason;
      drain();
    },
    () => process.exit(1),
  );
  const service = await Promise.resolve()
    .then(start)
    .catch((error: unknown) => {
      process.stderr.write(`${startFailure(name, error)}\n`);
      return process.exit(1);
    });
  // We handle signals ourselves: npm sends each of them twice, and close-with-grace would end at once on the second.
  const skip = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
  const closing = closeWithGrace({ delay: DRAIN_MILLIS + 2_000, logger: false, skip: [...skip] }, async ({ err }) => {
    if (err) service.logger.error({ err }, 'stopping after an uncaught error');
    else service.logger.info({ signal: reason }, 'draining');
    await service.close();
    service.logger.flush();
  });
  drain = closing.close;
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
