import { readdirSync } from 'node:fs';

const FOLDER = new URL('./browser/', import.meta.url);

/** Every file of the page for browsers: its path at the router, and where it is. */
export const browserFiles: readonly (readonly [path: string, file: URL])[] = readdirSync(FOLDER)
  .filter((name) => /\.(?:js|css)$/.test(name))
  .map((name) => [`/pessoa/arquivos/${name}`, new URL(name, FOLDER)]);

/** The scripts that a page needs, so that the browser asks for all of them at once. */
export const modulesFor = (entry: string): readonly string[] => [
  `/pessoa/arquivos/${entry}`,
  ...browserFiles.map(([path]) => path).filter((path) => path.endsWith('.js') && !path.endsWith('-page.js')),
];
