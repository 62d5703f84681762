import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Files for browsers, in packages whose main file is for servers. */
const BROWSER_FILES: Readonly<Record<string, string>> = {
  'graphql-ws': 'umd/graphql-ws.js',
  'subscriptions-transport-ws': 'dist/client.js',
};

const REQUIRE = /\brequire\(\s*(['"])([^'"]+)\1\s*\)/g;

/**
 * Joins a CommonJS file and all its required files into one script for browsers. The npm package of @apollo/sandbox has
 * no such script, and this function does all that a bundler would do for it.
 *
 * @param globalName the script assigns the exports of the file to this global variable
 */
export function linkCommonJs(entry: string, globalName: string): string {
  const numbers = new Map<string, number>();
  const modules: string[] = [];

  function link(file: string): number {
    const linkedNumber = numbers.get(file);
    if (linkedNumber !== undefined) return linkedNumber;
    const number = numbers.size;
    numbers.set(file, number); // before its required files, so that circles end
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
