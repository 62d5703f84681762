import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Packages whose main file is for servers: the file that is for browsers, inside the package. */
const BROWSER_FILES: Readonly<Record<string, string>> = {
  'graphql-ws': 'umd/graphql-ws.js',
  'subscriptions-transport-ws': 'dist/client.js',
};

const REQUIRE = /\brequire\(\s*(['"])([^'"]+)\1\s*\)/g;

/**
 * Joins a CommonJS file and all that it requires into one script for browsers. @apollo/sandbox has no such script in its
 * npm package, and this is the whole of what a bundler would do for it.
 *
 * @param globalName the global under which the script leaves the file's exports
 */
export function linkCommonJs(entry: string, globalName: string): string {
  const numbers = new Map<string, number>();
  const modules: string[] = [];

  function link(file: string): number {
    const known = numbers.get(file);
    if (known !== undefined) return known;
    const number = numbers.size;
    numbers.set(file, number); // before what it requires: circles end here
    const resolve = resolverAt(file);
    const source = readFileSync(file, 'utf8').replace(
      REQUIRE,
      (_match, _quote, name: string) => `require(${link(resolve(name))})`,
    );
    modules[number] = `function (module, exports, require) {\n${source}\n}`;
    return number;
  }

  link(resolverAt(import.meta.url)(entry));
  return `(() => {
const loaded = [];
const modules = [${modules.join(',\n')}];
const require = (number) => {
  if (!loaded[number]) {
    const module = (loaded[number] = { exports: {} });
    modules[number].call(module.exports, module, module.exports, require);
  }
  return loaded[number].exports;
};
globalThis.${globalName} = require(0);
})();
`;
}

function resolverAt(file: string | URL): (name: string) => string {
  const { resolve } = createRequire(file);
  return (name) => {
    const browserFile = BROWSER_FILES[name];
    return browserFile ? join(dirname(resolve(`${name}/package.json`)), browserFile) : resolve(name);
  };
}
