import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from '@swc/core';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The sources of processes that callers reach. Commands and development keys are not among them. */
const FOLDERS = ['packages', 'subgraphs', 'auditor', 'router'];
/** The growth of time for ten times the input: 10 is linear, 100 quadratic. */
const LINEAR_MAX = 20;
const LEFT_OUT = /\/(?:test|testkit|node_modules|generated|development|embedded)\//;

interface Pattern {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => name.endsWith('.ts') && name.includes('/src/') && !LEFT_OUT.test(name));
}

const madeAtRunTime: string[] = [];

function patternsOf(file: string): Pattern[] {
  const patterns: Pattern[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (typeof node === 'object' && node !== null) {
      const { type, pattern, flags, callee } = node as Readonly<Record<string, unknown>>;
      // This test cannot try a pattern that is built at run time.
      if ((callee as { value?: unknown } | undefined)?.value === 'RegExp') madeAtRunTime.push(file.slice(ROOT.length));
      if (type === 'RegExpLiteral')
        patterns.push({ file: file.slice(ROOT.length), source: String(pattern), flags: String(flags ?? '') });
      else Object.values(node).forEach(visit);
    }
  };
  visit(parseSync(readFileSync(file, 'utf8'), { syntax: 'typescript', target: 'es2022' }));
  return patterns;
}

const CLASSES: Readonly<Record<string, string>> = { d: '1', w: 'a', s: ' ', D: 'x', W: '-', S: 'x', b: '-', p: 'x' };

/** Characters and words of the pattern, and a few others. */
function alphabetOf({ source }: Pattern): string[] {
  const letters = new Set(['a', '1', '-', '"', '.', ' ']);
  for (const [, escaped, plain] of source.matchAll(/\\(.)|([^\\()[\]{}|?*+^$])/gs)) {
    if (escaped !== undefined) letters.add(CLASSES[escaped] ?? escaped);
    else if (plain !== undefined) letters.add(plain);
  }
  const words = source.match(/[\w ":/@]{2,}/g) ?? [];
  return [...[...letters].slice(0, 14), ...words.slice(0, 4)];
}

/** Inputs that may be slow: each letter and each pair of letters, repeated up to a length. */
function* worstTexts(pattern: Pattern, length: number): Generator<string> {
  const alphabet = alphabetOf(pattern);
  const fill = (unit: string): string => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
  for (const letter of alphabet) {
    yield `${fill(letter)}\u0000`;
    for (const other of alphabet) if (letter !== other) yield `${fill(letter + other)}\u0000`;
    yield `${letter}${fill('a')}\u0000`;
  }
}

function millisOf({ source, flags }: Pattern, input: string): number {
  let best = Infinity;
  for (let round = 0; round < 3 && best > 0.2; round++) {
    const pattern = new RegExp(source, flags);
    const start = performance.now();
    if (pattern.global) input.replace(pattern, '');
    else pattern.test(input);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Tries a short input first: a quadratic pattern would not end on a long one. */
function slowTexts(pattern: Pattern): string[] {
  const long = [...worstTexts(pattern, 20_000)];
  const short = [...worstTexts(pattern, 2_000)];
  return long.flatMap((input, index) => {
    const millis = millisOf(pattern, short[index]!);
    return millis > 1 && millisOf(pattern, input) > 40 * millis ? [input.slice(0, 20)] : [];
  });
}

const patterns = FOLDERS.flatMap((folder) => sourcesIn(join(ROOT, folder))).flatMap(patternsOf);
const unique = [...new Map(patterns.map((pattern) => [`${pattern.source}/${pattern.flags}`, pattern])).values()];

describe('Regular expressions on text of callers take linear time', () => {
  it('and none is built at run time, where this test could not try it, but one that its own test tries', () =>
    expect(madeAtRunTime).toEqual(['router/src/execution/answer-text.ts']));

  it('and this test finds those of every source', () => {
    expect(unique.length).toBeGreaterThan(40);
    expect(patterns.some(({ file }) => file.endsWith('logging/logger.ts'))).toBe(true);
  });

  it('and this test detects a quadratic one', () => {
    const bad = [
      [String.raw`\b[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}\b`, 'g'],
      [String.raw`\s+$`, ''],
      [String.raw`\d+-\d+-\d+x`, ''],
    ] as const;
    for (const [source, flags] of bad)
      expect({ source, isSlow: leastGrowth({ file: '', source, flags }) > LINEAR_MAX }).toEqual({
        source,
        isSlow: true,
      });
  });

  it.each(unique.map((pattern) => [`${pattern.file}: /${pattern.source}/${pattern.flags}`, pattern] as const))(
    '%s',
    (_, pattern) => {
      expect(slowTexts(pattern)).toEqual([]);
      expect(leastGrowth(pattern)).toBeLessThanOrEqual(LINEAR_MAX);
    },
  );
});

/** The least growth of three tries: other work on the machine makes one of them look slow, but a quadratic pattern all three. */
function leastGrowth(pattern: Pattern): number {
  let least = Infinity;
  for (let tries = 0; tries < 3 && least > LINEAR_MAX; tries++) least = Math.min(least, growth(pattern));
  return least;
}

/** The largest ratio of times for inputs of length ten and one. A time below 5 ms counts as 5 ms, because of noise. */
function growth(pattern: Pattern): number {
  const lengths = [2_000, 20_000].map((length) => [...worstTexts(pattern, length)]) as [string[], string[]];
  const slowest = lengths[0]
    .map((input, index) => [millisOf(pattern, input), index] as const)
    .toSorted(([a], [b]) => b - a)
    .slice(0, 3);
  let worst = 0;
  for (const [millis, index] of slowest) {
    const long = millisOf(pattern, lengths[1][index]!);
    worst = Math.max(worst, long / Math.max(millis, 0.5));
    if (long > LINEAR_MAX * Math.max(millis, 0.5)) continue;
    // Fast so far, so this tries the real size: 1 MB and 100 KB.
    const input = lengths[1][index]!.slice(0, -1);
    const [hundred, million] = [5, 50].map((times) => millisOf(pattern, `${input.repeat(times)}\u0000`)) as [
      number,
      number,
    ];
    worst = Math.max(worst, million / Math.max(hundred, 5));
  }
  return worst;
}
