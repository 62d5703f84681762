import type { Figures } from './load.ts';

/** A measured operation: its title and the figures of each router. */
export interface Row {
  readonly title: string;
  readonly figures: readonly Figures[];
}

const WIDTH = 900;
const LEFT = 250;
const RIGHT = 20;
const TOP = 60;
const ROW_HEIGHT = 28;
const COLORS = ['#d62728', '#1f77b4', '#7f7f7f', '#9467bd', '#8c564b', '#2ca02c', '#ff7f0e', '#17becf'];

/** Draws the CPU a request of each router as a dot, one line an operation, on a logarithmic scale. */
export function plotOf(rows: readonly Row[]): string {
  const titles = [...new Set(rows.flatMap(({ figures }) => figures.map(({ title }) => title)))];
  const values = rows.flatMap(({ figures }) => figures.map(({ cpuMicros }) => cpuMicros));
  const [from, to] = [Math.log10(Math.min(...values)) - 0.1, Math.log10(Math.max(...values)) + 0.1];
  const x = (micros: number): number => LEFT + ((Math.log10(micros) - from) / (to - from)) * (WIDTH - LEFT - RIGHT);
  const y = (index: number): number => TOP + (index + 0.5) * ROW_HEIGHT;
  const bottom = TOP + rows.length * ROW_HEIGHT;
  const colorOf = (title: string): string => COLORS[titles.indexOf(title) % COLORS.length]!;
  const grid = [30, 100, 300, 1_000, 3_000, 10_000, 30_000].filter(
    (micros) => micros > 10 ** from && micros < 10 ** to,
  );
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 40}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${bottom + 40}" fill="#fff"/>`,
    ...titles.map((title, index) => {
      const [column, line] = [index % 4, Math.floor(index / 4)];
      const at = `transform="translate(${20 + column * 215},${18 + line * 20})"`;
      return `<g ${at}><circle r="5" fill="${colorOf(title)}"/><text x="10" y="4">${title}</text></g>`;
    }),
    ...grid.flatMap((micros) => [
      `<line x1="${x(micros).toFixed(1)}" x2="${x(micros).toFixed(1)}" y1="${TOP}" y2="${bottom}" stroke="#ddd"/>`,
      `<text x="${x(micros).toFixed(1)}" y="${bottom + 16}" text-anchor="middle">${micros.toLocaleString('en')}</text>`,
    ]),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${bottom + 34}" text-anchor="middle">CPU a request, microseconds</text>`,
    ...rows.flatMap(({ title, figures }, index) => [
      `<text x="${LEFT - 10}" y="${y(index) + 4}" text-anchor="end">${title}</text>`,
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(index)}" y2="${y(index)}" stroke="#eee"/>`,
      ...figures.map((figure) => `<circle cx="${x(figure.cpuMicros).toFixed(1)}" cy="${y(index)}" r="5" fill="${colorOf(figure.title)}" fill-opacity="0.8"/>`), // prettier-ignore
    ]),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}
