import {
  area,
  colours,
  dot,
  label,
  legend,
  line,
  picture,
  type PlotText,
  rectangle,
  scale,
  stroke,
  wrappedLabel,
} from './svg.ts';

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly isDashed?: boolean;
  readonly hasDots?: boolean;
}

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly format: (value: number) => string;
}

const TICKS = 5;

/** The end of an axis from 0: the next twentieth, so that each tick is a whole percent. */
export const axisEnd = (highest: number): number => Math.max(Math.ceil(highest * 20), 1) / 20;

const ticks = ({ from, to }: Axis): number[] =>
  Array.from({ length: TICKS + 1 }, (_, index) => from + ((to - from) * index) / TICKS);

/** Lines over two axes of numbers. */
export function lineChart(text: PlotText, x: Axis, y: Axis, series: readonly Series[]): string {
  const [atX, atY] = [scale(x.from, x.to, area.left, area.right), scale(y.from, y.to, area.bottom, area.top)];
  const drawn = series.flatMap(({ points, isDashed = false, hasDots = false }, index) => {
    const placed = points.map(([px, py]) => [atX(px), atY(py)] as const);
    const colour = colours[index % colours.length]!;
    return [line(placed, colour, isDashed), ...(hasDots ? placed.map(([px, py]) => dot(px, py, colour)) : [])];
  });
  return picture(text, [
    ...ticks(x).map((value) => label(atX(value), area.bottom + 16, x.format(value))),
    ...ticks(y).map((value) => label(area.left - 6, atY(value) + 4, y.format(value), 'end')),
    ...drawn,
    legend(series.map(({ name }) => name)),
  ]);
}

export interface BarSeries {
  readonly name: string;
  readonly values: readonly number[];
  /** An interval over each bar. */
  readonly intervals?: readonly { readonly from: number; readonly to: number }[];
}

/** Groups of bars from 0, one group for each name. */
export function barChart(
  text: PlotText,
  names: readonly string[],
  y: { readonly format: (value: number) => string },
  series: readonly BarSeries[],
): string {
  const highest = Math.max(
    ...series.flatMap(({ values, intervals }) => [...values, ...(intervals?.map(({ to }) => to) ?? [])]),
  );
  const axis = { from: 0, to: axisEnd(highest), format: y.format };
  const atY = scale(0, axis.to, area.bottom, area.top);
  const groupWidth = (area.right - area.left) / names.length;
  const barWidth = Math.min((groupWidth * 0.8) / series.length, 48);
  const drawn = series.flatMap(({ values, intervals }, position) =>
    values.flatMap((value, index) => {
      const x = area.left + groupWidth * (index + 0.5) + barWidth * (position - series.length / 2);
      const interval = intervals?.[index];
      return [
        rectangle(x, atY(value), barWidth - 1, area.bottom - atY(value), colours[position % colours.length]!),
        ...(interval
          ? [stroke(x + barWidth / 2, atY(interval.from), x + barWidth / 2, atY(Math.min(interval.to, axis.to)), 1.5)]
          : []),
      ];
    }),
  );
  return picture(text, [
    ...ticks(axis).map((value) => label(area.left - 6, atY(value) + 4, axis.format(value), 'end')),
    ...names.map((name, index) => wrappedLabel(area.left + groupWidth * (index + 0.5), area.bottom + 15, name, 11)), // prettier-ignore
    ...drawn,
    ...(series.length > 1 ? [legend(series.map(({ name }) => name))] : []),
  ]);
}
