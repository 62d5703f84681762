import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const WORKSPACE = join(ROOT, 'packages/graphql-jwt-guard');

/** The manifest of the published package: it exports what the compiler wrote, and accepts every graphql 16. */
function publishedManifest(): object {
  const manifest = JSON.parse(readFileSync(join(WORKSPACE, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { private: _private, devDependencies: _devDependencies, ...published } = manifest;
  return {
    ...published,
    exports: { '.': { types: './index.d.ts', default: './index.js' } },
    peerDependencies: { graphql: '^16.9.0' },
    engines: { node: '>=20.19' },
  };
}

/**
 * Packs graphql-jwt-guard as npm would publish it: JavaScript with `.d.ts` files.
 *
 * @returns the path of the tarball, in this folder
 */
export function packGuard(folder: string): string {
  const stage = mkdtempSync(join(tmpdir(), 'graphql-jwt-guard-'));
  try {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    execFileSync(process.execPath, [tsc, '-p', join(WORKSPACE, 'tsconfig.build.json'), '--outDir', stage]);
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(publishedManifest(), null, 2)}\n`);
    cpSync(join(WORKSPACE, 'README.md'), join(stage, 'README.md'));
    const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
      cwd: stage,
      encoding: 'utf8',
    });
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
    return join(folder, filename);
  } finally {
    rmSync(stage, { recursive: true });
  }
}
