import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { isPublicErrorCode, publicErrors } from '@pessoa/domain/errors';
import { parseSync } from '@swc/core';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['packages', 'subgraphs', 'router'];
const LEFT_OUT = /\/(?:test|testkit|node_modules|generated)\//;

/** What takes a code as its first argument and makes an error or an answer of it. */
const MAKERS: ReadonlySet<unknown> = new Set([
  'PublicError',
  'publicGraphQLError',
  'problemAnswer',
  'problemFor',
  'lossOf',
]);
/** What an error, or what makes one later, calls its code. */
const CODES: ReadonlySet<unknown> = new Set(['code', 'refusal']);

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const nameOf = (node: unknown): unknown => (isNode(node) ? node['value'] : undefined);

/** The texts that an expression may be: of a condition both, of a conversion what is converted. */
function textsOf(node: unknown): string[] {
  if (!isNode(node)) return [];
  const { type, value, consequent, alternate, expression, right } = node;
  if (type === 'StringLiteral') return value === '' ? [] : [String(value)]; // stands for no code
  if (type === 'ConditionalExpression') return [consequent, alternate].flatMap(textsOf);
  if (type === 'BinaryExpression' && node['operator'] === '??') return textsOf(right);
  return textsOf(expression);
}

/** The codes that a source makes errors of. */
function codesMade(source: string): string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (!isNode(node)) return;
    const { type, callee, arguments: given, key, id, value, init } = node;
    if ((type === 'NewExpression' || type === 'CallExpression') && MAKERS.has(nameOf(callee)))
      found.push(...textsOf((given as readonly Node[])[0]));
    if (type === 'KeyValueProperty' && CODES.has(nameOf(key))) found.push(...textsOf(value));
    if (type === 'VariableDeclarator' && CODES.has(nameOf(id))) found.push(...textsOf(init));
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseSync(source, { syntax: 'typescript', target: 'es2022' }));
  return found;
}

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(ROOT, folder, name))
    .filter((name) => name.endsWith('.ts') && name.includes('/src/') && !LEFT_OUT.test(name)),
);
const made = new Set(sources.flatMap((file) => codesMade(readFileSync(file, 'utf8'))));

/** Apollo Server answers with these by itself; `format-error.ts` lets them pass. */
const byApollo: readonly string[] = [
  ApolloServerErrorCode.GRAPHQL_PARSE_FAILED,
  ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED,
  ApolloServerErrorCode.PERSISTED_QUERY_NOT_SUPPORTED,
];
/** Published for clients to be ready for, and made by nothing yet. */
const RESERVED: readonly string[] = ['RATE_LIMITED'];

describe('The closed table of errors', () => {
  it('has every code that something makes an error of', () => {
    expect([...made].filter((code) => !isPublicErrorCode(code))).toEqual([]);
  });

  it('has no code that nothing makes an error of, but for the one reserved', () => {
    const known = new Set([...made, ...byApollo]);
    expect(Object.keys(publicErrors).filter((code) => !known.has(code))).toEqual(RESERVED);
  });

  it.each([
    ["throw new PublicError('FONTE_LENTA', { fonte })", ['FONTE_LENTA']],
    ["answer = problemAnswer(unknown ? 'NAO_ENCONTRADO' : 'XPTO', detail)", ['NAO_ENCONTRADO', 'XPTO']],
    ["const made = { extensions: { code: 'XPTO', fonte } }", ['XPTO']],
    ["const code = 'XPTO' as const; const codes = ['RATE_LIMITED'];", ['XPTO']],
    ["if (code === 'XPTO') retryAfter = { XPTO: 5 }", []],
  ])('is compared with what sources make: %s', (source, codes) => {
    expect(codesMade(source)).toEqual(codes);
  });
});
