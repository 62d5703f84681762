import { createHash } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import { restRoutes } from '@pessoa/rest/routes';
import { testLog } from '@pessoa/testkit/logs/test-log';
import { buildSchema, type GraphQLFormattedError } from 'graphql';
import { documentLimitOptions } from '../../src/graphql/document-limits.ts';
import { errorStatusPlugin } from '../../src/graphql/error-status-plugin.ts';
import { factsPlugin } from '../../src/graphql/facts-plugin.ts';
import { formatError } from '../../src/graphql/format-error.ts';
import { operationNamer } from '../../src/graphql/operation-name.ts';
import type { RequestContext } from '../../src/http/request-context.ts';
import { maskSecrets } from '../../src/logging/logger.ts';

const KEY = Buffer.alloc(32, 1);
const CPF = '52998224725';
const LONG = 'x'.repeat(5_000);
const schema = buildSchema(
  'enum Cor { AZUL } type Query { nome(de: Int, cor: Cor): String falha: Query fraco: String }',
);

/** Sends an operation to a server with our limits, errors and log. @returns its errors, its log and the operation's name */
async function ask(query: string, variables: Record<string, unknown> = {}, operationName?: string) {
  const { logger, lines } = testLog();
  const server = new ApolloServer<RequestContext>({
    schema,
    rootValue: () => ({
      falha() {
        throw new Error('broken', { cause: new Error('deep') });
      },
    }),
    ...documentLimitOptions(),
    hideSchemaDetailsFromClientErrors: true,
    formatError,
    plugins: [errorStatusPlugin(), factsPlugin(logger, operationNamer(KEY))],
  });
  const contextValue = { facts: { interactionId: 'i-1', startedAt: 0 } } as RequestContext;
  const { body } = await server.executeOperation({ query, variables, ...(operationName && { operationName }) }, { contextValue }); // prettier-ignore
  await server.stop();
  const errors: readonly GraphQLFormattedError[] = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
  return { errors, log: lines().join(''), operation: contextValue.facts.operation };
}

describe('A caller’s own text', () => {
  it('never names an operation: a hash of the document does', async () => {
    const { operation } = await ask('query Segredo { nome }', {}, 'Segredo');
    expect(operation).toMatch(/^\(anônima\) [0-9a-f]{16}$/);
    expect((await ask('query Segredo { nome }')).operation).toBe(operation);
    const { operation: otherOperation } = await ask(`query P${CPF} { nome }`);
    expect(otherOperation).not.toBe(operation);
    expect(otherOperation).not.toContain(CPF);
    expect((await ask('query Um { nome } query Dois { nome }', {}, 'Dois')).operation).toMatch(/^\(anônima\) /);
  });

  it('cannot be found from the hash, because the hash has a key', () => {
    const digest = createHash('sha256').update(`{ pessoa(cpf: "${CPF}") { nome } }`).digest('hex');
    const name = operationNamer(KEY)(digest);
    expect(name).not.toContain(digest.slice(0, 16));
    expect(operationNamer(Buffer.alloc(32, 2))(digest)).not.toBe(name);
  });

  it('may be the document of a REST route, which keeps its name', () => {
    const nameOf = operationNamer(KEY);
    for (const { document, name } of restRoutes)
      expect(nameOf(createHash('sha256').update(document).digest('hex'))).toBe(name);
  });

  it.each([
    ['an operation', `query ${'n'.repeat(65)} { nome }`],
    ['a fragment', `{ ...${'n'.repeat(65)} } fragment ${'n'.repeat(65)} on Query { nome }`],
    ['an alias', `{ ${'n'.repeat(65)}: nome }`],
    ['a variable', `query ($${'n'.repeat(65)}: Int) { nome(de: $${'n'.repeat(65)}) }`],
  ])('is refused as the name of %s when it has more than 64 characters', async (_, query) => {
    const { errors } = await ask(query);
    expect(errors.map(({ extensions }) => extensions?.['code'])).toContain('LIMITE_EXCEDIDO');
    for (const { message } of errors) expect(message.length).toBeLessThanOrEqual(100);
  });

  it('is accepted as a name when it has 64 characters', async () => {
    const name = 'n'.repeat(64);
    expect((await ask(`query ${name}($${name}: Int) { ${name}: nome(de: $${name}) }`)).errors).toEqual([]);
  });

  it.each(['__a', '__proto__', '__typename2', '__schema'])(
    'is refused as an alias that begins like the names of GraphQL: %s',
    async (alias) => {
      const { errors } = await ask(`{ ${alias}: nome }`);
      expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    },
  );

  it.each([
    ['an unknown field', `{ ${LONG} }`],
    ['an unknown argument', `{ nome(${LONG}: 1) }`],
    ['a text for a number', `{ nome(de: "${LONG}") }`],
    ['an unknown type', `query ($a: ${LONG}) { nome(de: $a) }`],
    ['an unknown directive', `{ nome @${LONG} }`],
    ['an unknown fragment', `{ ...${LONG} }`],
    ['an illegal character', `{ nome ${'\\u0007'.repeat(3_000)} }`],
    ['a text without an end', `{ nome(de: "${LONG} }`],
    ['conflicting fields', `{ a: nome a: fraco ${'b: nome b: fraco '.repeat(50)} }`],
  ])('is quoted with at most 100 characters in an error, and never logged: %s', async (_, query) => {
    const { errors, log } = await ask(query);
    expect(errors.length).toBeGreaterThan(0);
    for (const { message } of errors) expect(message.length).toBeLessThanOrEqual(100);
    expect(log).not.toContain('xxxx');
  });

  it('is not in the paths of the log, which have the names of the schema', async () => {
    const { log } = await ask(`{ p_529_982_247_25: falha { nome } segredo: falha { nome } }`);
    expect(log).toContain('"caminho":"falha"');
    expect(log).not.toMatch(/529|segredo/);
  });

  it('never causes a logged error when the request is wrong', async () => {
    expect((await ask('')).log).toBe('');
    expect((await ask('{ nome }', {}, LONG)).log).toBe('');
  });
});

describe('A CPF in a logged text is masked', () => {
  it.each([
    'p_529_982_247_25',
    '529 982 247 25',
    '529-982-247-25',
    '529/982/247/25',
    '5.2.9.9.8.2.2.4.7.2.5',
    'a52998224725b',
    '529__982__247__25',
    'cpf=529.982.247-25;',
    '529,982,247-25',
    '529\\.982\\.247-25',
    '529.982.247\u201125',
    '529\u2013982\u2013247\u201325',
    '529\u00a0982\u00a0247\u00a025',
    '529\t982\t247\t25',
    '529 . 982 . 247 - 25',
    '(529)(982)(247)(25)',
    '529|982|247|25',
    '529*982*247#25',
    '529\u00b7982\u00b7247\u00b725',
    '529\u200b982\u200b247\u200b25',
    '00052998224725',
    '000000000052998224725',
  ])('with any punctuation between its digits: %s', (text) => {
    expect(maskSecrets(text)).toContain('[CPF]');
    expect(maskSecrets(text)).not.toMatch(/529|982|247/);
  });

  it.each(['５２９９８２２４７２５', '٥٢٩٩٨٢٢٤٧٢٥', '५२९.९८२.२४७-२५', '529９８２247２５'])(
    'in digits of other scripts: %s',
    (text) => {
      expect(maskSecrets(text)).toBe('[CPF]');
    },
  );

  it.each([
    '2026-11-22 15:00:00',
    '2026-11-22 15:00:00.123-03',
    '127.0.0.1:54321',
    '2026-11-22T15:00:00.000Z',
    '11.222.333/0001-81',
    '11222333000181',
    'pessoa.dividas.0.nodes.12.valor',
  ])('but not a text that only resembles one: %s', (text) => expect(maskSecrets(text)).toBe(text));

  it('in a text of any length, which is then cut', () => {
    expect(maskSecrets('a b '.repeat(100_000)).length).toBeLessThan(5_000);
  });
});
