import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from '@swc/core';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What runs in a process that callers reach; commands and what makes keys for developers are not among it. */
const FOLDERS = ['packages', 'subgraphs', 'router'];
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
  const found: Pattern[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (typeof node === 'object' && node !== null) {
      const { type, pattern, flags, callee } = node as Readonly<Record<string, unknown>>;
      // What a pattern made of a text at run time does, nobody can try here.
      if ((callee as { value?: unknown } | undefined)?.value === 'RegExp') madeAtRunTime.push(file.slice(ROOT.length));
      if (type === 'RegExpLiteral')
        found.push({ file: file.slice(ROOT.length), source: String(pattern), flags: String(flags ?? '') });
      else Object.values(node).forEach(visit);
    }
  };
  visit(parseSync(readFileSync(file, 'utf8'), { syntax: 'typescript', target: 'es2022' }));
  return found;
}

const CLASSES: Readonly<Record<string, string>> = { d: '1', w: 'a', s: ' ', D: 'x', W: '-', S: 'x', b: '-', p: 'x' };

/** Characters and words that the pattern itself names, and a few that stand for the rest. */
function alphabetOf({ source }: Pattern): string[] {
  const letters = new Set(['a', '1', '-', '"', '.', ' ']);
  for (const [, escaped, plain] of source.matchAll(/\\(.)|([^\\()[\]{}|?*+^$])/gs)) {
    if (escaped !== undefined) letters.add(CLASSES[escaped] ?? escaped);
    else if (plain !== undefined) letters.add(plain);
  }
  const words = source.match(/[\w ":/@]{2,}/g) ?? [];
  return [...[...letters].slice(0, 14), ...words.slice(0, 4)];
}

/** Texts of a length that a pattern of this alphabet may run slowly on: each letter, and each pair, over and over. */
function* worstTexts(pattern: Pattern, length: number): Generator<string> {
  const alphabet = alphabetOf(pattern);
  const fill = (unit: string): string => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
  for (const one of alphabet) {
    yield `${fill(one)}\u0000`;
    for (const other of alphabet) if (one !== other) yield `${fill(one + other)}\u0000`;
    yield `${one}${fill('a')}\u0000`;
  }
}

function millisOf({ source, flags }: Pattern, text: string): number {
  let best = Infinity;
  for (let round = 0; round < 3 && best > 0.2; round++) {
    const pattern = new RegExp(source, flags);
    const start = performance.now();
    if (pattern.global) text.replace(pattern, '');
    else pattern.test(text);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** A short text first: on a long one, a pattern that starts over at each place would not end. */
function slowTexts(pattern: Pattern): string[] {
  const long = [...worstTexts(pattern, 20_000)];
  const short = [...worstTexts(pattern, 2_000)];
  return long.flatMap((text, index) => {
    const millis = millisOf(pattern, short[index]!);
    return millis > 1 && millisOf(pattern, text) > 40 * millis ? [text.slice(0, 20)] : [];
  });
}

const patterns = FOLDERS.flatMap((folder) => sourcesIn(join(ROOT, folder))).flatMap(patternsOf);
const unique = [...new Map(patterns.map((one) => [`${one.source}/${one.flags}`, one])).values()];

describe('No expression starts over at each place of a text that a caller can reach', () => {
  it('is made of a text at run time, where nobody can try it', () => expect(madeAtRunTime).toEqual([]));

  it('is looked for in every source', () => {
    expect(unique.length).toBeGreaterThan(40);
    expect(patterns.some(({ file }) => file.endsWith('logging/logger.ts'))).toBe(true);
  });

  it('is found where it is', () => {
    const bad = [
      [String.raw`\b[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}\b`, 'g'],
      [String.raw`\s+$`, ''],
      [String.raw`\d+-\d+-\d+x`, ''],
    ] as const;
    for (const [source, flags] of bad)
      expect({ source, isSlow: growth({ file: '', source, flags }) > 20 }).toEqual({ source, isSlow: true });
  });

  it.each(unique.map((pattern) => [`${pattern.file}: /${pattern.source}/${pattern.flags}`, pattern] as const))(
    '%s',
    (_, pattern) => {
      expect(slowTexts(pattern)).toEqual([]);
      expect(growth(pattern)).toBeLessThanOrEqual(20);
    },
  );
});

/** How many times longer ten times the text takes, at its worst; short times count as 5 ms, which noise alone makes. */
function growth(pattern: Pattern): number {
  const lengths = [2_000, 20_000].map((length) => [...worstTexts(pattern, length)]) as [string[], string[]];
  const slowest = lengths[0]
    .map((text, index) => [millisOf(pattern, text), index] as const)
    .toSorted(([one], [other]) => other - one)
    .slice(0, 3);
  let worst = 0;
  for (const [millis, index] of slowest) {
    const long = millisOf(pattern, lengths[1][index]!);
    worst = Math.max(worst, long / Math.max(millis, 0.5));
    if (long > 20 * Math.max(millis, 0.5)) continue;
    // Not slow yet: the real size, 1 MB against 100 KB.
    const text = lengths[1][index]!.slice(0, -1);
    const [hundred, million] = [5, 50].map((times) => millisOf(pattern, `${text.repeat(times)}\u0000`)) as [
      number,
      number,
    ];
    worst = Math.max(worst, million / Math.max(hundred, 5));
  }
  return worst;
}
