#!/bin/sh
# Installs what the workspaces at hand need to run, and nothing else: `npm ci -w` would also install the development
# dependencies of one workspace that another one needs to run. Versions and hashes stay those of the lock, checked here.
set -eu

cp package-lock.json /tmp/package-lock.json
# `node` is the image's own.
npm pkg delete devDependencies dependencies.node allowScripts --workspaces --include-workspace-root >/dev/null
npm install --ignore-scripts --omit=dev --omit=optional --no-progress

node -e '
  const { readFileSync } = require("node:fs");
  const read = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  const locked = read("/tmp/package-lock.json");
  const other = Object.entries(read("node_modules/.package-lock.json")).filter(
    ([path, { link, integrity }]) => /(^|\/)node_modules\//.test(path) && !link && integrity !== locked[path]?.integrity,
  );
  if (other.length > 0) throw new Error(`not as in the lock: ${other.map(([path]) => path).join(", ")}`);
'

# Types and maps are for editors; each other engine of Prisma is a few MB.
rm -rf node_modules/@types
find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete
runtime=node_modules/@prisma/client/runtime
[ ! -d "$runtime" ] || find "$runtime" -name 'query_compiler_*' ! -name 'query_compiler_fast_bg.postgresql.*mjs' -delete
rm -rf node_modules/.cache "$(npm config get cache)" package-lock.json .npmrc
