import { setFlagsFromString } from 'node:v8';
import closeWithGrace from 'close-with-grace';
import { ConfigError } from '../config/environment.ts';
import { DRAIN_MILLIS } from '../http/http-service.ts';
import type { Logger } from '../logging/logger.ts';
import { type EndReason, onEnd, outliveOutput, SUPERVISED } from './end-of-process.ts';

/** A service that listens. */
export interface RunningService {
  readonly logger: Logger;
  readonly url: string;
  /** Where its numbers are, when it serves any. */
  readonly metricsUrl?: string | undefined;
  /** Answers what is under way, refuses the rest, then closes everything. */
  close(): Promise<void>;
}

/**
 * How V8 collects garbage in a service. New objects on the service's one thread: helpers that share the work cost more CPU
 * in waking and waiting than they save in time. Old ones early: a service keeps little and throws much away, and V8's own
 * rule would let the heap grow to several times what is alive. bench/README.md has both figures.
 */
export function settleCollection(): void {
  setFlagsFromString('--no-parallel-scavenge');
  setFlagsFromString('--heap-growing-percent=40');
}

/**
 * Starts a service as this process: drains when it is to end (a signal, or whoever started it is gone), ends at once when
 * the signal comes again, and says in one line why it cannot start.
 */
export async function runProcess(name: string, start: () => Promise<RunningService>): Promise<void> {
  const usage = `usage: npm run ${name}\nRuns this service alone. Its settings are variables: .env.example.\n`;
  const given = process.argv.slice(2).filter((one) => one !== SUPERVISED);
  if (given.includes('--help') || given.includes('-h')) {
    process.stdout.write(usage);
    return;
  }
  if (given.length > 0) {
    process.stderr.write(`${name} takes no arguments.\n\n${usage}`);
    process.exitCode = 1;
    return;
  }
  settleCollection();
  outliveOutput();
  let reason: EndReason | undefined;
  let drain = (): void => process.exit(1); // nothing answers yet
  onEnd(
    (why) => {
      reason = why;
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
  // The signals are ours: close-with-grace would end at once on the second one, and npm sends each twice.
  const skip = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
  const closing = closeWithGrace({ delay: DRAIN_MILLIS + 2_000, logger: false, skip: [...skip] }, async ({ err }) => {
    if (err) service.logger.error({ err }, 'stopping after an error nobody caught');
    else service.logger.info({ signal: reason }, 'draining');
    await service.close();
    service.logger.flush();
  });
  drain = closing.close;
  service.logger.info({ url: service.url }, 'listening');
}

/** What listening on an address that is not ours fails with. */
const NO_ADDRESS: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL']);

function startFailure(name: string, error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE') return `${name} cannot start: port ${port} is taken. Set another one (see .env.example).`;
  if (code !== undefined && NO_ADDRESS.has(code)) {
    return `${name} cannot start: HOST or METRICS_HOST is no address of this machine (${code}).`;
  }
  return `${name} cannot start: ${error instanceof Error ? error.message : String(error)}`;
}
