import { type ServiceUnderTest, startServiceUnderTest } from './service-under-test.ts';

describe('The metrics of workers', () => {
  let service: ServiceUnderTest;
  const pids = new Set<number>();
  beforeEach(async () => {
    service = await startServiceUnderTest(2);
  });
  afterEach(() => {
    service.child.kill('SIGKILL');
    pids.clear();
  });

  /** Asks until two workers have answered. @returns their pids */
  async function bothPids(): Promise<number[]> {
    const found = new Set<number>();
    await service.until(async () => {
      const pid = await service.ask();
      pids.add(pid);
      return found.add(pid).size === 2;
    });
    return [...found];
  }
  const slots = async (): Promise<string[]> =>
    [...(await service.metrics()).matchAll(/^pessoa_process_start_time_seconds\{.*worker="(\d+)"\} /gm)].map(([, slot]) => slot!).toSorted(); // prettier-ignore
  const gauge = async (name: string): Promise<number> =>
    Number(new RegExp(`^${name}\\{.*\\} (\\d+)$`, 'm').exec(await service.metrics())?.[1]);

  it('have a number that the worker leaves to the one that replaces it', async () => {
    for (let death = 0; death < 2; death++) {
      expect(await slots()).toEqual(['0', '1']);
      const [first] = await bothPids();
      process.kill(first!, 'SIGKILL');
      await service.until(async () => (await gauge('pessoa_workers_ended_total')) === death + 1);
      await service.until(async () => (await gauge('pessoa_workers_running')) === 2);
    }
    expect(await slots()).toEqual(['0', '1']);
  });

  it('have no more numbers than living workers, however often all are replaced', async () => {
    const seen = new Set<string>();
    for (let restart = 1; restart <= 3; restart++) {
      service.child.kill('SIGUSR2');
      await service.until(async () => {
        for (const slot of await slots()) seen.add(slot);
        return service.output().split('the workers are replaced').length > restart;
      });
      await service.until(async () => (await slots()).length === 2); // the old ones are gone
    }
    expect([...seen].filter((slot) => Number(slot) > 3)).toEqual([]);
  });

  it('say that one hangs, while the others are shown, and that it answers again', async () => {
    const [, hanging] = await bothPids();
    expect(await gauge('pessoa_workers_hung')).toBe(0);
    process.kill(hanging!, 'SIGSTOP');
    try {
      expect(await gauge('pessoa_workers_hung')).toBe(1);
      expect(await slots()).toHaveLength(1);
      expect(await gauge('pessoa_workers_running')).toBe(2);
      expect(service.output().split(`"worker":${hanging},"msg":"a worker hangs`)).toHaveLength(2); // once
    } finally {
      process.kill(hanging!, 'SIGCONT');
    }
    await service.until(async () => (await gauge('pessoa_workers_hung')) === 0);
    expect(await slots()).toEqual(['0', '1']);
    await service.until(() => service.output().includes('a worker answers again'));
  });
});
