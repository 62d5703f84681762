import { setTimeout as sleep } from 'node:timers/promises';

/** A service that is starting. */
export interface StartingService {
  readonly name: string;
  readonly url: string;
  /** What it is not ready without, for people: `Base A`; undefined for one that needs the others only. */
  readonly source: string | undefined;
  /** The name of its source in the answers of /health/ready. */
  readonly fonte: string | undefined;
}

const LOOK_MILLIS = 100;
/** A check of a base that is slow takes the service's whole budget. */
const ANSWER_MILLIS = 10_000;
/** A start that is quick need not talk. */
const QUIET_MILLIS = 2_000;
const REPEAT_MILLIS = 10_000;

/**
 * Resolves once every service has what it needs, however long that takes: while their processes live, what they wait for
 * may come. Says what it waits for when that changes, and again every ten seconds.
 *
 * @param leftOut names of services that are to start without their source
 */
export async function untilReady(
  services: readonly StartingService[],
  { say, leftOut }: { say: (text: string) => void; leftOut: ReadonlySet<string> },
): Promise<void> {
  const startedAt = performance.now();
  const elapsedMillis = (): number => performance.now() - startedAt;
  const waitingFor = new Map(services.map(({ name }) => [name, 'is starting']));
  let said = '';
  let saidAt = 0;
  const report = (): void => {
    const text = [...waitingFor].map(([name, reason]) => `${name} (${reason})`).join(', ');
    const isDue = text !== said || elapsedMillis() - saidAt > REPEAT_MILLIS;
    if (text === '' || !isDue || elapsedMillis() < QUIET_MILLIS) return;
    said = text;
    saidAt = elapsedMillis();
    say(`waiting for ${text}`);
  };
  const reporting = setInterval(report, LOOK_MILLIS);
  try {
    await Promise.all(
      services.map(async (service) => {
        for (;;) {
          const reason = await lacking(service, services, leftOut);
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

/** @returns what a service is not ready without, in words; undefined when it lacks nothing but what is left out */
async function lacking(
  { url, source, fonte }: StartingService,
  services: readonly StartingService[],
  leftOut: ReadonlySet<string>,
): Promise<string | undefined> {
  let response: Response;
  try {
    response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(ANSWER_MILLIS) });
  } catch (error) {
    return (error as Error).name === 'TimeoutError' ? 'does not answer' : 'its process is starting';
  }
  const { fontes = {} } = (await response.json().catch(() => ({}))) as { fontes?: Record<string, string> };
  if (response.status === 200) return undefined;
  const isLeftOut = (one: string): boolean => services.some(({ name, fonte: its }) => its === one && leftOut.has(name));
  if (fonte !== undefined) return isLeftOut(fonte) ? undefined : `${source} does not answer yet`;
  const lost = Object.entries(fontes).flatMap(([name, state]) => (state === 'fora' && !isLeftOut(name) ? [name] : []));
  if (lost.length > 0) return `does not reach ${lost.join(' and ')} yet`;
  // It is ready when it has seen all, and one that is left out it never will.
  return Object.keys(fontes).some(isLeftOut) ? undefined : 'does not have its keys yet';
}
