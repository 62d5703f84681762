import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '@pessoa/service/processes/free-port';
import { type PerService, serviceNames } from '@pessoa/domain/services';
import { stripAuthorization } from 'graphql-jwt-guard';
import { parse, print, visit } from 'graphql';

/** A router of others: it checks no token, limits and logs nothing. */
export interface Peer {
  readonly title: string;
  readonly url: string;
  readonly pid: number;
  stop(): void;
}

const PEERS = fileURLToPath(new URL('../../peers', import.meta.url));
const schema = (file: string): string => readFileSync(new URL(`../../../schema/${file}`, import.meta.url), 'utf8');

/** Starts the routers of others over these subgraphs. @throws when bench/peers is not installed */
export async function startPeers(urls: PerService<string>): Promise<Peer[]> {
  if (!existsSync(join(PEERS, 'node_modules')))
    throw new Error('run first: npm ci --ignore-scripts --prefix bench/peers');
  return [await startHive(urls), await startGrafbase(urls)];
}

async function startHive(urls: PerService<string>): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'pessoa-hive-'));
  let sdl = stripAuthorization(schema('supergraph.graphql')).sdl;
  for (const name of serviceNames) {
    sdl = sdl.replace(new RegExp(`(@join__graph\\(name: "${name}", url: )"[^"]*"`), (_match, start: string) => `${start}"${urls[name]}"`); // prettier-ignore
  }
  writeFileSync(join(folder, 'supergraph.graphql'), sdl);
  // The gateway resolves packages from its configuration.
  const config = join(PEERS, 'hive.config.js');
  const port = await freePort();
  const args = ['supergraph', join(folder, 'supergraph.graphql'), '--config-path', config, '--port', String(port), '--host', '127.0.0.1']; // prettier-ignore
  const bin = join(PEERS, 'node_modules/@graphql-hive/gateway/dist/bin.js');
  const child = spawn(process.execPath, [bin, ...args], { cwd: PEERS, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, NODE_ENV: 'production', LOG_LEVEL: 'warn' } }); // prettier-ignore
  return ready('Hive Gateway', child, port);
}

async function startGrafbase(urls: PerService<string>): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'pessoa-grafbase-'));
  const parts = serviceNames.map((name) => {
    writeFileSync(join(folder, `${name}.graphql`), withoutAuthorization(schema(`${name}.graphql`)));
    const headers = `[[subgraphs.${name}.headers]]\nrule = "forward"\nname = "authorization"\n`;
    return `[subgraphs.${name}]\nurl = "${urls[name]}"\nschema_path = "${name}.graphql"\n${headers}`;
  });
  writeFileSync(join(folder, 'grafbase.toml'), parts.join('\n'));
  const port = await freePort();
  const bin = join(PEERS, 'node_modules/@grafbase/cli-x86_64-unknown-linux-musl/grafbase');
  const args = ['dev', '-c', 'grafbase.toml', '-p', String(port)];
  return ready('Grafbase (dev)', spawn(bin, args, { cwd: folder, stdio: 'ignore' }), port);
}

const AUTHORIZATION: ReadonlySet<string> = new Set(['authenticated', 'requiresScopes', 'policy']);
const withoutAuthorization = (sdl: string): string =>
  print(visit(parse(sdl), { Directive: ({ name }) => (AUTHORIZATION.has(name.value) ? null : undefined) }));

async function ready(title: string, child: ChildProcess, port: number): Promise<Peer> {
  const url = `http://127.0.0.1:${port}/graphql`;
  const body = JSON.stringify({ query: '{ __typename }' });
  const ask = () => fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  while ((await ask().catch(() => undefined))?.status !== 200) {
    if (child.exitCode !== null) throw new Error(`${title} ended with ${child.exitCode}`);
    await sleep(200);
  }
  return { title, url, pid: child.pid!, stop: () => void child.kill('SIGKILL') };
}
