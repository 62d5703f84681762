import { type Class, classes } from './classes.ts';
import type { TurnResult } from './turn-result.ts';

const WIDTH = 1_000;
const LEFT = 170;
const BAR_WIDTH = 420;
const TOP = 60;
const ROW_HEIGHT = 18;
const P95_LEFT = LEFT + BAR_WIDTH + 30;
const P95_WIDTH = 240;
const RECOVERY_LEFT = P95_LEFT + P95_WIDTH + 30;
const [P95_FROM, P95_TO] = [1, 4]; // powers of ten, in ms

const COLORS: Readonly<Record<Class, string>> = {
  whole: '#2ca02c',
  partial: '#1f77b4',
  unexpected: '#ff7f0e',
  failed: '#7f7f7f',
  wrong: '#d62728',
};

/** Draws a line for each turn: its answers by class, its 95th percentiles before and during the fault, and its recovery. */
export function plotOf(results: readonly TurnResult[]): string {
  const bottom = TOP + results.length * ROW_HEIGHT;
  const text = (x: number, y: number, content: string, anchor = 'start'): string =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${content}</text>`;
  const p95X = (millis: number): number => {
    const power = Math.min(P95_TO, Math.max(P95_FROM, Math.log10(millis)));
    return P95_LEFT + ((power - P95_FROM) / (P95_TO - P95_FROM)) * P95_WIDTH;
  };
  const rowOf = (result: TurnResult, index: number): string[] => {
    const y = TOP + index * ROW_HEIGHT;
    let x = LEFT;
    const bars = classes.map((name) => {
      const width = (result.counts[name] / Math.max(1, result.requests)) * BAR_WIDTH;
      const bar = `<rect x="${x.toFixed(1)}" y="${y + 2}" width="${width.toFixed(1)}" height="${ROW_HEIGHT - 4}" fill="${COLORS[name]}"/>`;
      x += width;
      return width > 0 ? bar : '';
    });
    const dot = (millis: number, fill: string): string[] =>
      Number.isNaN(millis)
        ? []
        : [`<circle cx="${p95X(millis).toFixed(1)}" cy="${y + ROW_HEIGHT / 2}" r="4" fill="${fill}" stroke="#000"/>`];
    return [
      text(LEFT - 8, y + 13, `${result.part}, ${result.fault}`, 'end'),
      ...bars.filter((bar) => bar !== ''),
      ...dot(result.p95BeforeMillis, '#fff'),
      ...dot(result.p95DuringMillis, '#000'),
      text(RECOVERY_LEFT + 60, y + 13, (result.recoveryMillis / 1_000).toFixed(1), 'end'),
    ];
  };
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 30}" font-family="sans-serif" font-size="11">`,
    `<rect width="${WIDTH}" height="${bottom + 30}" fill="#fff"/>`,
    ...classes.map((name, index) => {
      const x = LEFT + index * 85;
      return `<rect x="${x}" y="12" width="10" height="10" fill="${COLORS[name]}"/>${text(x + 14, 21, name)}`;
    }),
    text(P95_LEFT, 21, 'p95 before (white) and during (black), ms'),
    text(RECOVERY_LEFT + 60, 40, 'recovery, s', 'end'),
    ...[10, 100, 1_000, 10_000].flatMap((millis) => [
      `<line x1="${p95X(millis)}" x2="${p95X(millis)}" y1="${TOP}" y2="${bottom}" stroke="#ddd"/>`,
      text(p95X(millis), 40, millis.toLocaleString('en'), 'middle'),
    ]),
    ...results.flatMap(rowOf),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}
