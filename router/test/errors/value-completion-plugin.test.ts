import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { formatError } from '@pessoa/service/graphql/format-error';
import { buildASTSchema, getOperationAST, parse } from 'graphql';
import { fonteAtPath, readFieldSources } from '../../src/errors/field-sources.ts';
import { valueCompletionPlugin } from '../../src/errors/value-completion-plugin.ts';
import { startAnsweringSource } from '../graph/faulty-sources.ts';
import { ANA } from '../graph/people.ts';
import { composeSupergraph } from '../graph/supergraph.ts';

const supergraphSdl = composeSupergraph();

describe('A null that the schema does not allow and the gateway itself finds', () => {
  it('is an error with path and source, not an extension', async () => {
    const source = await startAnsweringSource(
      JSON.stringify({ data: { pessoa: { nota: { valor: null, faixa: 'BOM' } } } }),
    );
    process.env['APOLLO_TELEMETRY_DISABLED'] = '1';
    const server = new ApolloServer({
      // Apollo's own data source. Ours would find such nulls before the gateway.
      gateway: new ApolloGateway({
        supergraphSdl,
        buildService: () => new RemoteGraphQLDataSource({ url: source.url }),
      }),
      formatError,
      plugins: [valueCompletionPlugin(supergraphSdl)],
      logger: { debug() {}, info() {}, warn() {}, error() {} },
    });
    await server.start();
    const { body } = await server.executeOperation({
      query: `{ pessoa(cpf: "${ANA}") { nota: score { valor faixa } } }`,
    });
    expect(JSON.parse(JSON.stringify(body))).toEqual({
      kind: 'single',
      singleResult: {
        data: { pessoa: { nota: null } },
        errors: [
          {
            message: 'A data source gave an answer that cannot be used.',
            path: ['pessoa', 'nota', 'valor'],
            extensions: { code: 'FONTE_INVALIDA', fonte: 'score' },
          },
        ],
      },
    });
    await server.stop();
    await source.close();
  });
});

describe('The source of a field', () => {
  const sources = readFieldSources(supergraphSdl);
  const schema = buildASTSchema(parse(supergraphSdl), { assumeValidSDL: true });
  const document = parse(`
    query { quem: pessoa(cpf: "x") { ...Tudo cpf } pessoas(cpfs: []) { ... on Pessoa { perfil { bens { tipo } } } } }
    fragment Tudo on Pessoa { anotado: dividas { nodes { valorOriginal } } eventos { ultimaConsulta { id } } endereco { uf } }
  `);
  const fonteAt = (...path: (string | number)[]) =>
    fonteAtPath(path, document, getOperationAST(document)!, schema, sources);

  it('is that of the only subgraph that has it', () => {
    expect(fonteAt('quem', 'anotado', 'nodes', 3, 'valorOriginal')).toBe('divida');
    expect(fonteAt('quem', 'endereco', 'uf')).toBe('divida');
    expect(fonteAt('quem', 'eventos')).toBe('evento');
    expect(fonteAt('pessoas', 0, 'perfil', 'bens', 1, 'tipo')).toBe('score');
  });

  it('is undefined if several subgraphs have it, or if the path is not in the document', () => {
    expect(fonteAt('quem')).toBeUndefined();
    expect(fonteAt('quem', 'cpf')).toBeUndefined();
    expect(fonteAt('quem', 'nada')).toBeUndefined();
  });
});
