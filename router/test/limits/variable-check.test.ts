import fc from 'fast-check';
import {
  buildSchema,
  type DocumentNode,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { checkVariables } from '../../src/limits/variable-check.ts';

const schema = buildSchema(`
  enum Situacao { ABERTA QUITADA }
  input Periodo { de: String! ate: String = "2026-11-26" situacoes: [Situacao!] }
  type Query { campo: Int }
`);

const types = [
  'Int',
  'Int!',
  '[Int!]!',
  '[[Boolean]]',
  'ID',
  'Float!',
  'Situacao',
  'Periodo',
  'Periodo!',
  'Query',
  'Nada',
];
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(null, undefined, 0, 1.5, 2 ** 31, '', '7', 'ABERTA', true, {}),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.record({ de: tie('any'), ate: tie('any'), situacoes: tie('any'), outro: fc.constant(1) }, { requiredKeys: [] }),
  ),
})).any;

const operationOf = (declarations: readonly string[]): OperationDefinitionNode =>
  getOperationAST(parse(`query${declarations.length > 0 ? `(${declarations.join(' ')})` : ''} { campo }`))!;

const documentOf = (operation: OperationDefinitionNode): DocumentNode => ({
  kind: Kind.DOCUMENT,
  definitions: [operation],
});

function isRefused(operation: OperationDefinitionNode, variables: Record<string, unknown>): boolean {
  try {
    checkVariables(schema, documentOf(operation), operation, variables);
    return false;
  } catch {
    return true;
  }
}

it('variables are refused if graphql-js refuses them, and only then', () => {
  let refused = 0;
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.array(fc.record({ type: fc.constantFrom(...types), isDefaulted: fc.boolean() }), { maxLength: 3 }),
      fc.array(fc.dictionary(fc.constantFrom('v0', 'v1', 'v2', 'outra', '__proto__'), value), {
        minLength: 2,
        maxLength: 3,
      }),
      (declared, requests) => {
        const operation = operationOf(
          declared.map(({ type, isDefaulted }, n) => `$v${n}: ${type}${isDefaulted ? ' = null' : ''}`),
        );
        // The check remembers an operation from its first request on.
        for (const variables of requests) {
          const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
          const isBad = errors !== undefined;
          if (isRefused(operation, variables) !== isBad)
            throw new Error(`only graphql-js ${isBad ? 'refuses' : 'accepts'} the variables`);
          if (errors) refused++;
          else accepted++;
        }
      },
    ),
    { numRuns: generatedCases(20_000) },
  );
  expect(refused).toBeGreaterThan(250);
  expect(accepted).toBeGreaterThan(250);
});

it('an operation is remembered for each schema separately', () => {
  const operation = operationOf(['$v0: Nada']);
  expect(isRefused(operation, { v0: 1 })).toBe(true);
  const other = buildSchema('scalar Nada type Query { campo: Int }');
  expect(() => checkVariables(other, documentOf(operation), operation, { v0: 1 })).not.toThrow();
  expect(isRefused(operation, { v0: 1 })).toBe(true);
});
