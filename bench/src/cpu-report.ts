import { Session, type Profiler } from 'node:inspector/promises';

/** What the parent of a measured process asks. */
export type Question = 'cpu' | 'startProfile' | 'stopProfile';

const SAMPLING_MICROS = 200;

/**
 * Sends the parent the URL of this process, and then answers its questions: the CPU time so far (user and system, of all
 * threads), and a profile of the main thread.
 */
export function reportCpu(url: string): void {
  const session = new Session();
  const answers: Record<Question, () => Promise<object>> = {
    async cpu() {
      const { user, system } = process.cpuUsage();
      return { cpuMicros: user + system };
    },
    async startProfile() {
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_MICROS });
      await session.post('Profiler.start');
      return {};
    },
    async stopProfile(): Promise<{ profile: Profiler.Profile }> {
      const { profile } = (await session.post('Profiler.stop')) as { profile: Profiler.Profile };
      session.disconnect();
      return { profile };
    },
  };
  process.on('message', async (question: Question) => process.send?.(await answers[question]()));
  process.send?.({ url });
}
