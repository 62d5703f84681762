import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { documentedRights } from '@pessoa/testkit/redis-server';
import {
  codeBlocksOf,
  markdownFiles,
  readDocument,
  relativeLinksOf,
  tableRowsOf,
  topFolders,
} from '../src/documents.ts';
import { root } from '../src/started-system.ts';

const files = markdownFiles();

/** The anchors of headings on GitHub, which numbers equal ones. */
function anchorsOf(file: string): string[] {
  const times = new Map<string, number>();
  return [...readDocument(file).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => {
    const anchor = heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    const occurrences = times.get(anchor) ?? 0;
    times.set(anchor, occurrences + 1);
    return occurrences === 0 ? anchor : `${anchor}-${occurrences}`;
  });
}

describe('the Markdown files', () => {
  it.each(files.filter((file) => relativeLinksOf(file).length > 0))(
    '%s links to files and headings that exist',
    (file) => {
      const broken = relativeLinksOf(file).filter((link) => {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? file : normalize(join(dirname(file), path));
        return !existsSync(join(root, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
      });
      expect(broken).toEqual([]);
    },
  );

  it('have no path of a developer’s machine', () => {
    const filesWithPaths = files.filter((file) => /(^|[\s`("'])\/(home|root|Users|work)\//m.test(readDocument(file)));
    expect(filesWithPaths).toEqual([]);
  });

  it('have no mark of a merge, not even as the formatter leaves it', () => {
    expect(files.filter((file) => /^(<{7} |\| ={7} |={7}$|>{7} |(> ){7})/m.test(readDocument(file)))).toEqual([]);
  });

  it('have only code blocks that a test runs or reads', () => {
    const languagesOf: Readonly<Record<string, readonly string[]>> = {
      'ARCHITECTURE.md': ['', 'mermaid'], // the picture; the diagram, generated from the manifests
      'docs/bases.md': ['sql'], // e2e/test/bases-document.test.ts
      'docs/mcp.md': ['graphql'], // mcp.test.ts
      'docs/operations.md': ['', 'json'], // the users of a Redis, below; packages/service/test/config/token-settings.test.ts
      'packages/graphql-jwt-guard/README.md': ['ts'], // shows the shape of calls that its own tests make
    };
    const unreadBlocks = files.flatMap((file) =>
      codeBlocksOf(file).filter(({ language }) => language !== 'sh' && !languagesOf[file]?.includes(language)),
    );
    expect(unreadBlocks).toEqual([]);
  });
});

describe('README.md and README.pt-BR.md', () => {
  const [english, portuguese] = ['README.md', 'README.pt-BR.md'] as const;

  it('have the same commands', () => {
    expect(codeBlocksOf(english)).not.toEqual([]);
    expect(codeBlocksOf(portuguese).map(({ text }) => text)).toEqual(codeBlocksOf(english).map(({ text }) => text));
  });

  it('have the same tables, links and headings, row by row', () => {
    const shape = (file: string) => tableRowsOf(file).map((row) => row.length);
    expect(shape(portuguese)).toEqual(shape(english));
    // Below the titles, the first column has names, which are not translated.
    const names = (file: string) => tableRowsOf(file).flatMap(([first]) => (/[`[]/.test(first!) ? [first] : []));
    expect(names(portuguese)).toEqual(names(english));
    const links = (file: string) => relativeLinksOf(file).filter((link) => !link.startsWith('README'));
    expect(links(portuguese)).toEqual(links(english));
    const ranks = (file: string) => [...readDocument(file).matchAll(/^#+ /gm)].map(([rank]) => rank);
    expect(ranks(portuguese)).toEqual(ranks(english));
  });
});

describe("ARCHITECTURE's map", () => {
  const map = tableRowsOf('ARCHITECTURE.md')
    .map(([folder]) => folder!)
    .join(' ');

  it('lists every folder at the top', () => {
    expect(topFolders().length).toBeGreaterThan(5);
    expect(topFolders().filter((folder) => !map.includes(`\`${folder}/`))).toEqual([]);
  });

  it('lists every package, and no other', () => {
    const packages = readdirSync(join(root, 'packages'));
    expect([...map.matchAll(/`packages\/([\w-]+)`/g)].map(([, name]) => name).toSorted()).toEqual(packages.toSorted());
  });

  it('lists folders that exist', () => {
    const folders = [...map.matchAll(/`([^`]+)`/g)].flatMap(([, folder]) => {
      const [, start = folder!, names = ''] = /^(.*)\{(.+)\}$/.exec(folder!) ?? [];
      return (names || '.').split(',').map((name) => `${start.replace('<name>', 'debt')}${names ? name : ''}`);
    });
    expect(folders.filter((folder) => !existsSync(join(root, folder)))).toEqual([]);
  });
});

it('operations.md has the same rights for the Redis user as the tests of the cache', () => {
  const [, users = ''] = /Two users are enough(.*?)\*\*To forget/s.exec(readDocument('docs/operations.md')) ?? [];
  const rights = new Set([...users.matchAll(/\+[a-z|]+/g)].map(([right]) => right));
  const { always, ofLimits, ofDatabase, inCluster } = documentedRights;
  expect([...rights].toSorted()).toEqual(
    [...new Set([...always, ...ofLimits, ...ofDatabase, ...inCluster])].toSorted(),
  );
});
