import { selectionOf, type SelectedField, type Selection } from '@pessoa/service/graphql/selection';
import {
  type DocumentNode,
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  type OperationDefinitionNode,
  print,
} from 'graphql';

/** What a service reads: the three bases, and the audit, in which Event finds inquiries. */
export const stores = ['base-a', 'base-b', 'base-c', 'auditoria'] as const;
export type Store = (typeof stores)[number];

interface FieldRead {
  /** Fields with the same loader share its statements. */
  readonly loader: string;
  /** One entry for each statement. */
  readonly statements: readonly Store[];
  /** Each distinct set of these arguments is a read of its own. */
  readonly by?: readonly string[];
  /** As `by`, for arguments of the field above. */
  readonly byAbove?: readonly string[];
}

const PERFIL: FieldRead = { loader: 'perfil', statements: ['base-b', 'base-b', 'base-b', 'base-b'] };
const CADASTRO: FieldRead = { loader: 'cadastro', statements: ['base-a'] };
const PAGE = ['filtro', 'first', 'after'];
const consultasTotal: FieldRead = {
  loader: 'consultas total',
  statements: ['base-c', 'auditoria'],
  byAbove: ['filtro'],
};
const movimentacoesTotal: FieldRead = { loader: 'movimentacoes total', statements: ['base-c'], byAbove: ['filtro'] };

/** The fields whose resolver starts a read. e2e/test/operations-statements compares them with the statements on the wire. */
const fieldReads: Readonly<Record<string, FieldRead>> = {
  'Pessoa.nome': CADASTRO,
  'Pessoa.situacaoCadastral': CADASTRO,
  'Pessoa.endereco': { loader: 'endereco', statements: ['base-a'] },
  'Pessoa.dividas': { loader: 'dividas', statements: ['base-a'], by: PAGE },
  'Pessoa.resumoDividas': { loader: 'resumo', statements: ['base-a'], by: ['filtro'] },
  'DividaConexao.totalCount': { loader: 'resumo', statements: ['base-a'], byAbove: ['filtro'] },
  'Pessoa.score': PERFIL,
  'Pessoa.perfil': PERFIL,
  'Pessoa.eventos': { loader: 'titular', statements: ['base-c'] },
  'Eventos.ultimaConsulta': { loader: 'ultimaConsulta', statements: ['base-c', 'auditoria'] },
  'Eventos.consultas': { loader: 'consultas', statements: ['base-c', 'auditoria'], by: PAGE },
  'ConsultaCpfConexao.totalCount': consultasTotal,
  'ConsultaCpfConexao.totalExato': consultasTotal,
  'Eventos.movimentacaoFinanceira': { loader: 'movimentacoes', statements: ['base-c'], by: PAGE },
  'MovimentacaoConexao.totalCount': movimentacoesTotal,
  'MovimentacaoConexao.totalExato': movimentacoesTotal,
  'Eventos.ultimaCompraCartao': { loader: 'ultimaCompraCartao', statements: ['base-c'] },
};

/**
 * The most statements that an operation makes to read its answer, whatever its people and variables: with empty caches,
 * without a search index, and counted once for each read that the router does not repeat.
 *
 * @param schema the API schema
 */
export function statementsOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Readonly<Record<Store, number>> {
  const reads = new Map<string, FieldRead>();
  for (const root of selectionOf(document, operation).fields) {
    // Reads of one person that wait for different reads share no statement with the same read of another person.
    for (const [key, { read, waitsFor }] of readsUnder(schema, root)) reads.set(`${key} after ${waitsFor}`, read);
  }
  const count: Record<Store, number> = { 'base-a': 0, 'base-b': 0, 'base-c': 0, auditoria: 0 };
  for (const { statements } of reads.values()) for (const store of statements) count[store]++;
  return count;
}

interface StartedRead {
  readonly read: FieldRead;
  /** The read whose result starts this one; empty for the first. */
  readonly waitsFor: string;
}

/** The distinct reads under one root field. The first of equal reads starts the statement. */
function readsUnder(schema: GraphQLSchema, root: SelectedField): ReadonlyMap<string, StartedRead> {
  const reads = new Map<string, StartedRead>();
  const walk = (selection: Selection | undefined, type: GraphQLObjectType, above: string, aboveNode: Argued): void => {
    const inner: (() => void)[] = [];
    for (const field of selection?.fields ?? []) {
      const definition = type.getFields()[field.name];
      if (!definition) continue; // __typename
      const argued = { field, definition };
      const read = fieldReads[`${type.name}.${field.name}`];
      const key = read ? keyOf(read, argued, aboveNode) : above;
      if (read && !reads.has(key)) reads.set(key, { read, waitsFor: above });
      const returned = getNamedType(definition.type);
      if (isObjectType(returned)) inner.push(() => walk(field.selection, returned, key, argued));
    }
    for (const walkInner of inner) walkInner(); // a level at a time, as graphql-js does
  };
  const definition = schema.getQueryType()?.getFields()[root.name];
  const returned = definition && getNamedType(definition.type);
  if (isObjectType(returned)) walk(root.selection, returned, '', { field: root, definition: definition! });
  return reads;
}

interface Argued {
  readonly field: SelectedField;
  readonly definition: GraphQLField<unknown, unknown>;
}

const keyOf = ({ loader, by = [], byAbove = [] }: FieldRead, field: Argued, above: Argued): string =>
  JSON.stringify([
    loader,
    ...by.map((name) => argumentOf(field, name)),
    ...byAbove.map((name) => argumentOf(above, name)),
  ]);

/** The text of an argument. Two variables may have one value: then there are fewer statements. */
function argumentOf({ field, definition }: Argued, name: string): string {
  const value = field.node.arguments?.find((argument) => argument.name.value === name)?.value;
  if (value) return print(value);
  return JSON.stringify(definition.args.find((argument) => argument.name === name)?.defaultValue ?? null);
}
