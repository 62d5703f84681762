/** Escapes text for HTML and SVG. */
export const escapeText = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Colours that people with any colour vision tell apart (Okabe and Ito), and that stand out on white and on black. */
export const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'] as const;

export const WIDTH = 560;
export const HEIGHT = 370;
const margin = { top: 54, right: 16, bottom: 66, left: 72 };
export const area = {
  left: margin.left,
  right: WIDTH - margin.right,
  top: margin.top,
  bottom: HEIGHT - margin.bottom,
} as const;

export interface PlotText {
  readonly title: string;
  /** What a reader sees who does not see the plot. */
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
}

const coordinate = (value: number): string => String(Math.round(value * 10) / 10);

export const line = (points: readonly (readonly [number, number])[], colour: string, isDashed = false): string =>
  `<polyline fill="none" stroke="${colour}" stroke-width="2"${isDashed ? ' stroke-dasharray="5 4"' : ''} points="${points.map((point) => point.map(coordinate).join(',')).join(' ')}"/>`;

export const rectangle = (x: number, y: number, width: number, height: number, colour: string): string =>
  `<rect x="${coordinate(x)}" y="${coordinate(y)}" width="${coordinate(width)}" height="${coordinate(Math.max(height, 0))}" fill="${colour}"/>`;

export const stroke = (x1: number, y1: number, x2: number, y2: number, width = 1): string =>
  `<line x1="${coordinate(x1)}" y1="${coordinate(y1)}" x2="${coordinate(x2)}" y2="${coordinate(y2)}" stroke="currentColor" stroke-width="${width}"/>`;

export const dot = (x: number, y: number, colour: string): string =>
  `<circle cx="${coordinate(x)}" cy="${coordinate(y)}" r="4" fill="${colour}"/>`;

export const label = (
  x: number,
  y: number,
  text: string,
  anchor: 'start' | 'middle' | 'end' = 'middle',
  size = 12,
): string =>
  `<text x="${coordinate(x)}" y="${coordinate(y)}" font-size="${size}" text-anchor="${anchor}" fill="currentColor">${escapeText(text)}</text>`;

/** A whole picture: title, axes with names, and what is drawn. It stands alone as a file, and takes the colour of the text around it. */
export function picture({ title, description, xLabel, yLabel }: PlotText, drawn: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" color="#767676" font-family="system-ui, sans-serif">`,
    `<title>${escapeText(title)}</title><desc>${escapeText(description)}</desc>`,
    label(area.left, 18, title, 'start', 15),
    stroke(area.left, area.bottom, area.right, area.bottom),
    stroke(area.left, area.top, area.left, area.bottom),
    label((area.left + area.right) / 2, HEIGHT - 8, xLabel),
    `<text transform="translate(14 ${(area.top + area.bottom) / 2}) rotate(-90)" font-size="12" text-anchor="middle" fill="currentColor">${escapeText(yLabel)}</text>`,
    ...drawn,
    '</svg>',
  ].join('\n');
}

/** @returns where a value lies between two ends of the picture */
export const scale =
  (from: number, to: number, start: number, end: number) =>
  (value: number): number =>
    start + ((value - from) / (to - from)) * (end - start);

const LEGEND_WIDTH = 170;

/** The legend under the title: names beside their colours. */
export const legend = (names: readonly string[]): string =>
  names
    .map((name, index) => {
      const x = area.left + LEGEND_WIDTH * index;
      return `${rectangle(x, 30, 12, 10, colours[index]!)}${label(x + 18, 39, name, 'start')}`;
    })
    .join('\n');

const LINE_LETTERS = 12;

/** A name in lines of a few words, below each other. */
export function wrappedLabel(x: number, y: number, text: string, size: number): string {
  const lines = text.split(' ').reduce<string[]>((all, word) => {
    const last = all.at(-1);
    return last !== undefined && `${last} ${word}`.length <= LINE_LETTERS
      ? [...all.slice(0, -1), `${last} ${word}`]
      : [...all, word];
  }, []);
  return lines.map((line, index) => label(x, y + (size + 2) * index, line, 'middle', size)).join('');
}
