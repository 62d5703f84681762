import { classes } from './classes.ts';
import { faults, parts } from './parts.ts';
import type { TurnResult } from './turn-result.ts';

/** Of the requests that a fault does not permit to fail. */
export const SHARE_MIN = 0.995;

/** Sums over all turns. */
export interface Totals {
  readonly requests: number;
  readonly wrong: number;
  readonly unexpected: number;
  readonly outside: number;
  readonly outsideFailures: number;
  /** The part of the requests outside what was disturbed that did not fail. */
  readonly share: number;
}

export function totalsOf(results: readonly TurnResult[]): Totals {
  const sum = (valueOf: (result: TurnResult) => number): number =>
    results.reduce((total, result) => total + valueOf(result), 0);
  const [outside, outsideFailures] = [sum((result) => result.outside), sum((result) => result.outsideFailures)];
  return {
    requests: sum(({ requests }) => requests),
    wrong: sum(({ counts }) => counts.wrong),
    unexpected: sum(({ counts }) => counts.unexpected),
    outside,
    outsideFailures,
    share: outside === 0 ? 1 : 1 - outsideFailures / outside,
  };
}

export const isGood = ({ wrong, share }: Totals): boolean => wrong === 0 && share >= SHARE_MIN;

const HEADINGS = ['part', 'fault', 'requests', ...classes, 'p95 before, during (ms)', 'recovery (s)'];

function cellsOf(result: TurnResult): string[] {
  const { part, fault, requests, counts, p95BeforeMillis, p95DuringMillis, recoveryMillis } = result;
  const p95 = [p95BeforeMillis, p95DuringMillis]
    .map((millis) => (Number.isNaN(millis) ? '–' : millis.toFixed(0)))
    .join(', ');
  return [part, fault, ...[requests, ...classes.map((name) => counts[name])].map(String), p95, (recoveryMillis / 1_000).toFixed(1)]; // prettier-ignore
}

/** One line for a terminal. */
export function lineOf(result: TurnResult): string {
  const [part = '', fault = '', requests, ...cells] = cellsOf(result);
  const counts = classes.map((name, index) => `${cells[index]} ${name}`).join(', ');
  const [p95, recovery] = cells.slice(classes.length);
  const found = [...result.faultsFound].map(([name, count]) => `\n    ${count} x ${name}`).join('');
  return `${part.padEnd(13)} ${fault.padEnd(7)} ${requests} requests: ${counts}; p95 ${p95} ms; recovery ${recovery} s${found}`;
}

/** Turns of one part beside each other, whatever their order was. */
export const byPart = (results: readonly TurnResult[]): TurnResult[] =>
  results.toSorted(
    (a, b) => parts.indexOf(a.part) - parts.indexOf(b.part) || faults.indexOf(a.fault) - faults.indexOf(b.fault),
  );

/** The same as a table of Markdown. */
export function markdownOf(results: readonly TurnResult[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = HEADINGS.map((_, index) => (index < 2 ? '---' : '--:'));
  return `${[row(HEADINGS), row(rule), ...results.map((result) => row(cellsOf(result)))].join('\n')}\n`;
}

export const summaryOf = ({ requests, wrong, unexpected, outside, outsideFailures, share }: Totals): string =>
  `${requests} requests: ${wrong} wrong, ${unexpected} unexpected losses; ${outsideFailures} of ${outside} outside what was disturbed failed, ${(share * 100).toFixed(2)} % did not`;
