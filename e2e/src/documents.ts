import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './started-system.ts';

/** A fenced block of a Markdown file. */
export interface CodeBlock {
  readonly file: string;
  readonly language: string;
  readonly text: string;
}

const isOurs = (folder: string): boolean => !folder.startsWith('.') && !['node_modules', 'coverage'].includes(folder);

/** The names of the project's top folders. */
export const topFolders = (): string[] => foldersIn('');

const foldersIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() && isOurs(entry.name) ? [entry.name] : [],
  );

/** Paths of the Markdown files of the project, relative to its root. */
export function markdownFiles(folder = ''): string[] {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.md'));
  const nestedFiles = foldersIn(folder).flatMap((name) => markdownFiles(join(folder, name)));
  return [...names.map((name) => join(folder, name)), ...nestedFiles];
}

export const readDocument = (file: string): string => readFileSync(join(root, file), 'utf8');

export const codeBlocksOf = (file: string): CodeBlock[] =>
  [...readDocument(file).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
    file,
    language: language!,
    text: text!.trimEnd(),
  }));

/** The targets of a document's links and pictures, without those on other hosts. */
export const relativeLinksOf = (file: string): string[] =>
  [...readDocument(file).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target]) =>
    /^(https?:|mailto:)/.test(target!) ? [] : [target!],
  );

/** The rows of a document's tables, header rows included. */
export const tableRowsOf = (file: string): string[][] =>
  readDocument(file)
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[ :|-]+$/.test(line))
    .map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim())); // prettier-ignore
