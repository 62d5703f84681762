import { existsSync, readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8');

/** What a build gets of the project, by the last rule of .dockerignore that says something of a path or of a folder around it. */
function isInContext(path: string): boolean {
  let isIgnored = false;
  for (const line of read('.dockerignore').split('\n')) {
    const rule = line.replace(/^!/, '');
    if (rule === '' || rule.startsWith('#') || rule.startsWith('**')) continue;
    if (rule === '*' || path === rule || path.startsWith(`${rule}/`)) isIgnored = !line.startsWith('!');
  }
  return !isIgnored;
}

describe('A build of the images', () => {
  const copied = read('Dockerfile')
    .split('\n')
    .flatMap((line) => (line.startsWith('COPY ') && !line.includes('--from=') ? line.split(' ').slice(1, -1) : []));

  it('gets every file that the Dockerfile copies', () => {
    expect(copied.length).toBeGreaterThan(30);
    expect(copied.filter((path) => !existsSync(new URL(path, root)) || !isInContext(path))).toEqual([]);
  });

  it('copies the manifest of every workspace of the lock, as npm ci wants it', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, unknown> };
    const workspaces = Object.keys(packages).filter((path) => path !== '' && !path.includes('node_modules/'));
    expect(workspaces.length).toBeGreaterThan(10);
    expect(workspaces.filter((path) => !copied.includes(`${path}/package.json`))).toEqual([]);
  });
});
