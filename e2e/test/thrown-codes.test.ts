import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { isPublicErrorCode, publicErrors } from '@pessoa/domain/errors';
import { parseSync } from '@swc/core';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['packages', 'subgraphs', 'auditor', 'router'];
const LEFT_OUT = /\/(?:test|testkit|node_modules|generated)\//;

/** Functions and classes that make an error or an answer from a code, their first argument. */
const MAKERS: ReadonlySet<unknown> = new Set([
  'PublicError',
  'publicGraphQLError',
  'problemAnswer',
  'problemFor',
  'lossOf',
]);
/** Names of properties and variables that hold a code. */
const CODES: ReadonlySet<unknown> = new Set(['code', 'refusal']);

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;
const nameOf = (node: unknown): unknown => (isNode(node) ? node['value'] : undefined);

/** The possible string values of an expression: both sides of a condition, the operand of a conversion. */
function textsOf(node: unknown): string[] {
  if (!isNode(node)) return [];
  const { type, value, consequent, alternate, expression, right } = node;
  if (type === 'StringLiteral') return value === '' ? [] : [String(value)]; // no code
  if (type === 'ConditionalExpression') return [consequent, alternate].flatMap(textsOf);
  if (type === 'BinaryExpression' && node['operator'] === '??') return textsOf(right);
  return textsOf(expression);
}

/** The codes of the errors that a source makes. */
function codesMade(source: string): string[] {
  const codes: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (!isNode(node)) return;
    const { type, callee, arguments: args, key, id, value, init } = node;
    if ((type === 'NewExpression' || type === 'CallExpression') && MAKERS.has(nameOf(callee)))
      codes.push(...textsOf((args as readonly Node[])[0]));
    if (type === 'KeyValueProperty' && CODES.has(nameOf(key))) codes.push(...textsOf(value));
    if (type === 'VariableDeclarator' && CODES.has(nameOf(id))) codes.push(...textsOf(init));
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseSync(source, { syntax: 'typescript', target: 'es2022' }));
  return codes;
}

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(ROOT, folder, name))
    .filter((name) => name.endsWith('.ts') && name.includes('/src/') && !LEFT_OUT.test(name)),
);
const made = new Set(sources.flatMap((file) => codesMade(readFileSync(file, 'utf8'))));

/** Codes of Apollo Server, which `format-error.ts` passes on. */
const byApollo: readonly string[] = [
  ApolloServerErrorCode.GRAPHQL_PARSE_FAILED,
  ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED,
  ApolloServerErrorCode.PERSISTED_QUERY_NOT_SUPPORTED,
];

describe('The closed table of errors', () => {
  it('has every code that our sources use', () => {
    expect([...made].filter((code) => !isPublicErrorCode(code))).toEqual([]);
  });

  it('has no unused code', () => {
    const possibleCodes = new Set([...made, ...byApollo]);
    expect(Object.keys(publicErrors).filter((code) => !possibleCodes.has(code))).toEqual([]);
  });

  it.each([
    ["throw new PublicError('FONTE_LENTA', { fonte })", ['FONTE_LENTA']],
    ["answer = problemAnswer(unknown ? 'NAO_ENCONTRADO' : 'XPTO', detail)", ['NAO_ENCONTRADO', 'XPTO']],
    ["const made = { extensions: { code: 'XPTO', fonte } }", ['XPTO']],
    ["const code = 'XPTO' as const; const codes = ['RATE_LIMITED'];", ['XPTO']],
    ["if (code === 'XPTO') retryAfter = { XPTO: 5 }", []],
  ])('is compared with the codes that this test finds: %s', (source, codes) => {
    expect(codesMade(source)).toEqual(codes);
  });
});
