import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { instructionsOf, lastInstruction, processes, readComposeFile, readDockerfile } from '../../src/compose-file.ts';
import { defaultOf, settingsByProcess } from '../../src/settings.ts';
import { root } from '../../src/started-system.ts';

const sorted = (values: Iterable<string>): string[] => [...values].toSorted();

describe('the Dockerfile', () => {
  const stages = readDockerfile();
  const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    workspaces: string[];
    dependencies: { node: string };
  };

  it('has one base image, with the Node version of the project', () => {
    const stageNames = stages.map(({ name }) => name);
    const images = stages.map(({ from }) => from).filter((from) => !stageNames.includes(from));
    expect(images).toEqual([`node:${packageJson.dependencies.node}-bookworm-slim`]);
  });

  it('has a target for each image of docker-compose.yml', () => {
    const targets = new Set(Object.values(readComposeFile().services).flatMap(({ build }) => build?.target ?? []));
    expect(sorted(targets)).toEqual(sorted([...processes, 'operations', 'demonstration']));
    for (const target of targets) expect(stages.map(({ name }) => name)).toContain(target);
  });

  it('copies the package.json of every workspace', () => {
    const manifests = packageJson.workspaces.flatMap((folder) => globSync(`${folder}/package.json`, { cwd: root }));
    const copied = instructionsOf('build').flatMap((line) => /^COPY (\S+\/package\.json) /.exec(line)?.[1] ?? []);
    expect(sorted(copied)).toEqual(sorted(manifests));
  });

  it('installs the packages of one workspace in each image, without those for development', () => {
    for (const target of [...processes, 'operations', 'demonstration']) {
      const installed = instructionsOf(target).flatMap((line) => /^COPY --from=(\S+-packages) /.exec(line)?.[1] ?? []);
      expect(installed).toHaveLength(1);
      expect(instructionsOf(installed[0]!).at(-1)).toMatch(/\binstall\.sh$/);
      expect(instructionsOf(target).filter((line) => /\bnpm (ci|install)\b|COPY \. /.test(line))).toEqual([]);
    }
    expect(readFileSync(join(root, 'containers/install.sh'), 'utf8')).toContain('--omit=dev --omit=optional');
  });

  it('checks the health of each process on its default port', () => {
    const ports = Object.fromEntries(
      processes.map((name) => {
        const url = /HEALTH_URL=(\S+)/.exec(lastInstruction('ENV', instructionsOf(name)) ?? '')?.[1];
        return [name, url];
      }),
    );
    for (const [name, settings] of Object.entries(settingsByProcess)) {
      const port = defaultOf(settings[`${name.toUpperCase()}_PORT`]!);
      expect(ports[name]).toBe(`http://127.0.0.1:${port}/health/ready`);
      expect(lastInstruction('EXPOSE', instructionsOf(name))).toBe(port);
    }
    expect(ports['indexer']).toBe('http://127.0.0.1:4004/health/ready');
  });

  it('starts each process directly, so that it gets SIGTERM', () => {
    for (const target of processes) {
      const [program, main, ...args] = JSON.parse(lastInstruction('CMD', instructionsOf(target))!) as string[];
      expect({ program, args }).toEqual({ program: 'node', args: [] });
      expect(main).toMatch(/^(router|indexer|auditor|subgraphs\/\w+)\/src\/main\.ts$/);
      // An image has only the sources of its own process.
      expect(instructionsOf(target).filter((line) => line.endsWith(` ${dirname(main!)}`))).toHaveLength(1);
      expect(lastInstruction('STOPSIGNAL', instructionsOf(target))).toBe('SIGTERM');
    }
  });
});
