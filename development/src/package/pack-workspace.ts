import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = fileURLToPath(new URL('../../../packages/', import.meta.url));
const INSTALLED = fileURLToPath(new URL('../../../node_modules/', import.meta.url));
const TSC = join(INSTALLED, 'typescript/bin/tsc');

type Manifest = Readonly<Record<string, unknown>>;

interface Packable {
  /** The folder in `packages/`. */
  readonly folder: string;
  /** Folders in `packages/` that the tarball brings along, because no registry has them. */
  readonly bundles: readonly string[];
  /** Installed packages that the tarball brings along, so that it runs without a network. */
  readonly copies: readonly string[];
  /** What the published manifest has in place of the workspace's own: paths of what the compiler writes. */
  readonly manifest: Manifest;
}

/** Each module by its own name, as in the workspaces. */
const MODULES: Manifest = { exports: { './*': { types: './*.d.ts', default: './*.js' } } };

/** The workspaces that can be published, by the name in `npm run pack:<name>`. */
export const packables = {
  guard: {
    folder: 'graphql-jwt-guard',
    bundles: [],
    copies: [],
    manifest: {
      exports: {
        '.': { types: './index.d.ts', default: './index.js' },
        './token': { types: './token.d.ts', default: './token.js' },
      },
      peerDependencies: { graphql: '^16.9.0' },
      engines: { node: '>=20.19' },
    },
  },
  verifier: {
    folder: 'audit-verifier',
    bundles: ['transparency-log'],
    copies: ['@noble/curves', '@noble/hashes'],
    manifest: {
      ...MODULES,
      bin: { 'pessoa-audit-verify': './main.js' },
      engines: { node: '>=20.19' },
    },
  },
} as const satisfies Record<string, Packable>;

/** The manifest of the published package: it exports what the compiler wrote. */
function publishedManifest(folder: string, replaced: Manifest): Manifest {
  const manifest = JSON.parse(readFileSync(join(PACKAGES, folder, 'package.json'), 'utf8')) as Manifest;
  const { private: _private, devDependencies: _devDependencies, ...published } = manifest;
  return { ...published, ...replaced };
}

/** Writes a package as npm would publish it into a folder: what the compiler makes of it, its manifest and README. */
function writePackage(folder: string, target: string, manifest: Manifest): void {
  const project = join(PACKAGES, folder, 'tsconfig.build.json');
  execFileSync(process.execPath, [TSC, '-p', project, '--outDir', target]);
  const json = JSON.stringify(publishedManifest(folder, manifest), null, 2);
  writeFileSync(join(target, 'package.json'), `${json}\n`);
  cpSync(join(PACKAGES, folder, 'README.md'), join(target, 'README.md'));
}

/**
 * Packs a workspace as npm would publish it: JavaScript with `.d.ts` files.
 *
 * @param destination the folder where the tarball goes
 * @returns the path of the tarball
 */
export function packWorkspace({ folder, bundles, copies, manifest }: Packable, destination: string): string {
  const stage = mkdtempSync(join(tmpdir(), `${folder}-`));
  try {
    const bundledDependencies = bundles.map((bundle) => `@pessoa/${bundle}`);
    writePackage(folder, stage, { ...manifest, bundledDependencies });
    for (const bundle of bundles) writePackage(bundle, join(stage, 'node_modules/@pessoa', bundle), MODULES);
    for (const copy of copies) {
      const isShipped = (path: string): boolean => path !== join(INSTALLED, copy, 'src'); // their TypeScript: not run
      cpSync(join(INSTALLED, copy), join(stage, 'node_modules', copy), { recursive: true, filter: isShipped });
    }
    const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', destination], {
      cwd: stage,
      encoding: 'utf8',
    });
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
    return join(destination, filename);
  } finally {
    rmSync(stage, { recursive: true });
  }
}
