import { execFile, execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, exportJWK, SignJWT } from 'jose';
import { packables, packWorkspace } from '../../src/package/pack-workspace.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const README = readFileSync(join(ROOT, 'packages/graphql-jwt-guard/README.md'), 'utf8');

/** What a reader of the README has already: a schema, its supergraph, a caller. */
const PRELUDE = `
import { deepStrictEqual as equal } from 'node:assert';
import { hash, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { composeServices } from '@apollo/composition';
import { ApolloGateway, LocalGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, GraphQLError, parse, print } from 'graphql';
import {
  assertStripped, certificateReader, createTokenVerifier, filterOperation, guardGateway, guardSchema, stripAuthorization,
  type Caller, type TrustedIssuer,
} from 'graphql-jwt-guard';
import { importJWK, SignJWT } from 'jose';

interface Viewer { readonly scopes: ReadonlySet<string>; readonly hasConsent: boolean; mayRead(source: unknown): boolean; isOwn(source: unknown): boolean }
interface Context { readonly viewer: Viewer | undefined }
const typeDefs = parse(\`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requiresScopes", "@policy"])
  type Query { book: Book }
  type Book @key(fields: "id") {
    id: ID!
    isbn: String @requiresScopes(scopes: [["stock"]])
    loans: Int @policy(policies: [["consent"]])
  }
\`);
const resolvers = { Query: { book: () => ({ id: '1', isbn: 'i', loans: 3 }) } };
const { supergraphSdl = '' } = composeServices([{ name: 'books', typeDefs }]);
const caller: Caller = { isAuthenticated: true, scopes: new Set(), policies: new Set() };
const viewer: Viewer = { scopes: new Set(['stock']), hasConsent: false, mayRead: () => false, isOwn: () => true };
const header = process.env['AUTHORIZATION'];
const issuers: TrustedIssuer[] = [
  { issuer: 'https://issuer.example', audiences: ['https://api.example'], jwks: { url: new URL(process.env['JWKS']!) } },
];
const toViewer = ({ sub }: { sub?: string }) => ({ subject: sub });
const boundToken = process.env['BOUND_TOKEN']!;
const { privateJwk, jwk } = JSON.parse(process.env['DPOP_KEY']!);
const proof = await new SignJWT({ jti: randomUUID(), htm: 'GET', htu: 'https://api.example/books', ath: hash('sha256', boundToken, 'base64url') })
  .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
  .setIssuedAt()
  .sign(await importJWK(privateJwk, 'ES256'));
const request = {
  method: 'GET', url: '/books?page=2', headers: { authorization: \`DPoP \${boundToken}\`, dpop: proof }, socket: {},
} as unknown as IncomingMessage;
void [equal, certificateReader, issuers, toViewer, request, ApolloGateway, LocalGraphQLDataSource, ApolloServer, buildSubgraphSchema, graphql, GraphQLError, print, assertStripped,
  createTokenVerifier, filterOperation, guardGateway, guardSchema, stripAuthorization, resolvers, supergraphSdl, caller, viewer, header];
`;

/** By the heading of a section: what is true after its example has run. */
const EXAMPLES: Readonly<Record<string, { prepare?: (code: string) => string; check: string }>> = {
  Tokens: {
    prepare: (code) => code.replace('https://issuer.example/jwks', '${JWKS}').replace(/'\$\{JWKS\}'/, "process.env['JWKS']!").replace('const viewer', 'const reader'), // prettier-ignore
    check: `equal([reader.subject, [...reader.scopes]], ['ana', ['stock']]);`,
  },
  'Tokens that are bound to a key': { check: `equal(boundViewer.subject, 'ana');` },
  'Directives, in a subgraph': {
    prepare: (code) => code.replace('guardSchema(', 'guardSchema<{ viewer: Viewer }>('),
    check: `
      const { data, errors } = await graphql({ schema, source: '{ book { id isbn loans } }', contextValue: { viewer } });
      equal(JSON.parse(JSON.stringify(data)), { book: { id: '1', isbn: 'i', loans: null } });
      equal(errors?.map(({ extensions }) => extensions['by']), ['policies']);`,
  },
  'Operations, before they are planned': {
    prepare: (code) => code.replace('guardGateway(', 'guardGateway<Context, ApolloGateway>(').replace('{ supergraphSdl: sdl }', '{ supergraphSdl: sdl, buildService: () => new LocalGraphQLDataSource(buildSubgraphSchema([{ typeDefs, resolvers }])) }'), // prettier-ignore
    check: `
      const { body } = await server.executeOperation({ query: '{ book { id isbn loans } }' }, { contextValue: { viewer } });
      await server.stop();
      equal(JSON.parse(JSON.stringify(body)).singleResult, {
        errors: [{ message: 'Not for you.', path: ['book', 'loans'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', by: 'policies' } }],
        data: { book: { id: '1', isbn: 'i', loans: null } },
      });
      equal([print(document!).replace(/\\s+/g, ' '), unauthorizedPaths], [
        '{ book { id } }',
        [{ path: ['book', 'isbn'], denial: { by: 'scopes', scopes: ['stock'] } }],
      ]);`,
  },
  'Directives, in a supergraph': {
    check: `
      assertStripped(sdl);
      equal([...requirements.fields.keys()], ['Book.isbn', 'Book.loans']);`,
  },
};

describe('graphql-jwt-guard as npm would publish it', () => {
  let project: string;
  let environment: NodeJS.ProcessEnv;
  const jwks = createServer((_request, response) => response.end(JSON.stringify({ keys: [publicJwk] })));
  let publicJwk: object;

  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), 'guard-user-'));
    writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
    const tarball = packWorkspace(packables.guard, project);
    const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps'];
    execFileSync('npm', ['install', ...flags, tarball], { cwd: project, stdio: 'pipe' });
    // Its peers are this project's: one copy of graphql.
    mkdirSync(join(project, 'node_modules/@apollo'));
    mkdirSync(join(project, 'node_modules/@types'), { recursive: true });
    for (const name of [
      'graphql',
      '@apollo/composition',
      '@apollo/gateway',
      '@apollo/server',
      '@apollo/subgraph',
      '@types/node',
    ]) {
      // prettier-ignore
      symlinkSync(join(ROOT, 'node_modules', name), join(project, 'node_modules', name));
    }
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    publicJwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' };
    const tokenOf = (claims: object): Promise<string> =>
      new SignJWT({ scope: 'stock', ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'k', typ: 'JWT' })
        .setIssuer('https://issuer.example')
        .setAudience('https://api.example')
        .setSubject('ana')
        .setIssuedAt()
        .setExpirationTime('5 min')
        .sign(privateKey);
    const dpop = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = await exportJWK(dpop.publicKey);
    const dpopKey = { jwk, privateJwk: await exportJWK(dpop.privateKey) };
    await new Promise<void>((resolve) => void jwks.listen(0, '127.0.0.1', resolve));
    const { port } = jwks.address() as AddressInfo;
    // oxlint-disable-next-line node/no-process-env -- the examples run as processes of their own
    environment = {
      ...process.env,
      JWKS: `http://127.0.0.1:${port}`,
      AUTHORIZATION: `Bearer ${await tokenOf({})}`,
      BOUND_TOKEN: await tokenOf({ cnf: { jkt: await calculateJwkThumbprint(jwk) } }),
      DPOP_KEY: JSON.stringify(dpopKey),
    };
  });
  afterAll(() => {
    jwks.close();
    rmSync(project, { recursive: true });
  });

  const sections = README.split(/^## /m)
    .slice(1)
    .map((text) => ({ title: text.split('\n')[0]!, text }));

  it('has an example in each of its sections', () => {
    const withExamples = sections.filter(({ text }) => text.includes('```ts')).map(({ title }) => title);
    expect(new Set(withExamples)).toEqual(new Set(Object.keys(EXAMPLES)));
  });

  it.each(Object.entries(EXAMPLES))(
    'runs the example of "%s", and its types fit',
    async (title, { prepare, check }) => {
      const { text } = sections.find((section) => section.title === title)!;
      const code = [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, block]) => block).join('\n');
      const file = `${title.replaceAll(/\W+/g, '-')}.ts`;
      writeFileSync(join(project, file), `${PRELUDE}\n${(prepare ?? ((same) => same))(code)}\n${check}\n`);
      const run = (...args: string[]) =>
        promisify(execFile)(process.execPath, args, { cwd: project, env: environment });
      const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
      const options = [
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        '--module',
        'nodenext',
        '--target',
        'esnext',
        '--types',
        'node',
      ];
      await run(tsc, ...options, file);
      await run(file);
    },
  );

  it('verifies tokens where graphql is not installed', async () => {
    const graphqlFolder = join(project, 'node_modules/graphql');
    unlinkSync(graphqlFolder);
    try {
      writeFileSync(
        join(project, 'token-alone.ts'),
        `import { equal, rejects } from 'node:assert';
        import { createTokenVerifier } from 'graphql-jwt-guard/token';
        const jwks = { url: new URL(process.env['JWKS']!) };
        const issuers = [{ issuer: 'https://issuer.example', audiences: ['https://api.example'], jwks }];
        const verifier = createTokenVerifier({ issuers, toViewer: ({ sub }) => sub });
        await verifier.ready();
        equal(await verifier.verify(process.env['AUTHORIZATION']), 'ana');
        await rejects(import('graphql-jwt-guard'), { code: 'ERR_MODULE_NOT_FOUND' });`,
      );
      await promisify(execFile)(process.execPath, ['token-alone.ts'], { cwd: project, env: environment });
    } finally {
      symlinkSync(join(ROOT, 'node_modules/graphql'), graphqlFolder);
    }
  });
});
