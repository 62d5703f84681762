import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './started-system.ts';

/** A fenced block of a Markdown file. */
export interface Block {
  readonly file: string;
  readonly language: string;
  readonly text: string;
}

const isOurs = (folder: string): boolean => !folder.startsWith('.') && !['node_modules', 'coverage'].includes(folder);

/** The folders at the top of the project. */
export const topFolders = (): string[] => foldersIn('');

const foldersIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() && isOurs(entry.name) ? [entry.name] : [],
  );

/** Every Markdown file of the project, from its root. */
export function markdownFiles(folder = ''): string[] {
  const here = readdirSync(join(root, folder)).filter((name) => name.endsWith('.md'));
  const below = foldersIn(folder).flatMap((name) => markdownFiles(join(folder, name)));
  return [...here.map((name) => join(folder, name)), ...below];
}

export const readDocument = (file: string): string => readFileSync(join(root, file), 'utf8');

export const blocksOf = (file: string): Block[] =>
  [...readDocument(file).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
    file,
    language: language!,
    text: text!.trimEnd(),
  }));

/** Where the links and pictures of a document lead, without those to other hosts. */
export const relativeLinksOf = (file: string): string[] =>
  [...readDocument(file).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target]) =>
    /^(https?:|mailto:)/.test(target!) ? [] : [target!],
  );

/** The rows of a document's tables, without the lines under the headings. */
export const tableRowsOf = (file: string): string[][] =>
  readDocument(file)
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[ :|-]+$/.test(line))
    .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim())); // prettier-ignore
