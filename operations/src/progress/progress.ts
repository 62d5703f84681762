import { Presets, SingleBar } from 'cli-progress';

const SECONDS_BETWEEN_LINES = 3;

/** Shows how far a long job is. */
export interface Progress {
  /** @param note what is being done, or counts so far; never a personal datum */
  update(done: number, note: string): void;
  stop(): void;
}

/**
 * A bar on standard error when that is a terminal, else a line every few seconds.
 *
 * @param unit what `done` and `total` count, for the line
 */
export function startProgress(title: string, total: number, unit: string): Progress {
  return process.stderr.isTTY ? bar(title, total, unit) : lines(title, total, unit);
}

function bar(title: string, total: number, unit: string): Progress {
  const format = `${title} {bar} {percentage}% | {value}/{total} ${unit} | {eta_formatted} | {note}`;
  const single = new SingleBar(
    { format, stream: process.stderr, etaBuffer: 50, hideCursor: true },
    Presets.shades_classic,
  );
  single.start(total, 0, { note: '' });
  return {
    update: (done, note) => single.update(done, { note }),
    stop: () => single.stop(),
  };
}

function lines(title: string, total: number, unit: string): Progress {
  let last = performance.now();
  return {
    update(done, note) {
      if (performance.now() - last < SECONDS_BETWEEN_LINES * 1000) return;
      last = performance.now();
      const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
      process.stderr.write(`${title} ${percent}% (${done} of ${total} ${unit}) ${note}\n`);
    },
    stop() {},
  };
}
