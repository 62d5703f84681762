import { Presets, SingleBar } from 'cli-progress';

const SECONDS_BETWEEN_LINES = 3;

/** Shows the progress of a long job. */
export interface Progress {
  /** @param note the current step or counts, without personal data */
  update(done: number, note: string): void;
  stop(): void;
}

/**
 * Shows a bar if standard error is a terminal, else a line every three seconds.
 *
 * @param unit the noun of `done` and `total`
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
  let lastLineAtMillis = performance.now();
  return {
    update(done, note) {
      if (performance.now() - lastLineAtMillis < SECONDS_BETWEEN_LINES * 1_000) return;
      lastLineAtMillis = performance.now();
      const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
      process.stderr.write(`${title} ${percent}% (${done} of ${total} ${unit}) ${note}\n`);
    },
    stop() {},
  };
}
