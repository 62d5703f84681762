import { setTimeout as sleep } from 'node:timers/promises';

/** A service that is starting. */
export interface StartingService {
  readonly name: string;
  readonly url: string;
  /** The base that it needs, for people: `Base A`; undefined for the router, which needs the other services only. */
  readonly base: string | undefined;
  /** The name of that base in the answers of /health/ready. */
  readonly fonte: string | undefined;
}

const LOOK_MILLIS = 100;
/** /health/ready waits for a slow base as long as the service's budget allows. */
const ANSWER_MILLIS = 10_000;
/** A start that takes less reports nothing. */
const QUIET_MILLIS = 2_000;
const REPEAT_MILLIS = 10_000;

/**
 * Resolves once every service is ready. There is no time limit: a base may come up while the processes live.
 * Reports what it waits for when that changes, and every ten seconds.
 *
 * @param servicesWithoutSource names of services that start without their base
 */
export async function waitUntilReady(
  services: readonly StartingService[],
  { say, servicesWithoutSource }: { say: (line: string) => void; servicesWithoutSource: ReadonlySet<string> },
): Promise<void> {
  const startedAt = performance.now();
  const elapsedMillis = (): number => performance.now() - startedAt;
  const waitingFor = new Map(services.map(({ name }) => [name, 'is starting']));
  let lastReport = '';
  let lastReportAt = 0;
  const report = (): void => {
    const status = [...waitingFor].map(([name, reason]) => `${name} (${reason})`).join(', ');
    const isDue = status !== lastReport || elapsedMillis() - lastReportAt > REPEAT_MILLIS;
    if (status === '' || !isDue || elapsedMillis() < QUIET_MILLIS) return;
    lastReport = status;
    lastReportAt = elapsedMillis();
    say(`waiting for ${status}`);
  };
  const reporting = setInterval(report, LOOK_MILLIS);
  try {
    await Promise.all(
      services.map(async (service) => {
        for (;;) {
          const reason = await missingNeed(service, services, servicesWithoutSource);
          if (reason === undefined) return waitingFor.delete(service.name);
          waitingFor.set(service.name, reason);
          await sleep(LOOK_MILLIS);
        }
      }),
    );
  } finally {
    clearInterval(reporting);
  }
}

/** @returns what a service still needs, in words; undefined when it is ready, or needs only a base that is disabled */
async function missingNeed(
  { url, base, fonte }: StartingService,
  services: readonly StartingService[],
  servicesWithoutSource: ReadonlySet<string>,
): Promise<string | undefined> {
  let response: Response;
  try {
    response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(ANSWER_MILLIS) });
  } catch (error) {
    return (error as Error).name === 'TimeoutError' ? 'does not answer' : 'its process is starting';
  }
  const { fontes = {} } = (await response.json().catch(() => ({}))) as { fontes?: Record<string, string> };
  if (response.status === 200) return undefined;
  const isDisabled = (source: string): boolean =>
    services.some(({ name, fonte }) => fonte === source && servicesWithoutSource.has(name));
  if (fonte !== undefined) return isDisabled(fonte) ? undefined : `${base} does not answer yet`;
  const lostSources = Object.entries(fontes).flatMap(([name, state]) =>
    state === 'fora' && !isDisabled(name) ? [name] : [],
  );
  if (lostSources.length > 0) return `does not reach ${lostSources.join(' and ')} yet`;
  // The router is ready once it has reached every subgraph. It never reaches a disabled base.
  return Object.keys(fontes).some(isDisabled) ? undefined : 'does not have its keys yet';
}
