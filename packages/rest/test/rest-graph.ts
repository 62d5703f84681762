import { readFileSync } from 'node:fs';
import { parse as parseQuery } from 'node:querystring';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { readCpf } from '@pessoa/domain/cpf';
import type { Cpf } from '@pessoa/domain/cpf';
import { PublicError } from '@pessoa/domain/errors';
import { cursorCodec, pageSize } from '@pessoa/domain/paging';
import type { Service } from '@pessoa/domain/services';
import { wordsOf } from '@pessoa/domain/words';
import { graphql, parse } from 'graphql';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { answerRest } from '../src/answer.ts';
import type { Execute } from '../src/answer.ts';
import type { Examples } from '../src/openapi/examples.ts';
import type { RestAnswer } from '../src/problem.ts';
import type { RestRoute } from '../src/rest-route.ts';
import { restRoutes } from '../src/routes.ts';
import { ana, dividas, movimentacoes } from './people.ts';

const sdlOf = (service: Service): string =>
  readFileSync(new URL(`../../../schema/${service}.graphql`, import.meta.url), 'utf8');

export const sdl = { debt: sdlOf('debt'), score: sdlOf('score'), event: sdlOf('event') };

export const examples = JSON.parse(
  readFileSync(new URL('../../../schema/examples.json', import.meta.url), 'utf8'),
) as Examples;

/** All three bases know her and have data of every kind. */
export const ANA = '52998224725';
/** All three bases know her but have no data. */
export const BIA = '11144477735';
/** No base knows this CPF. */
export const UNKNOWN_PERSON = '39053344705';

/** The error of each field that fails, such as `{ 'Pessoa.score': new PublicError('FONTE_LENTA') }`; null makes it null. */
export type Faults = Readonly<Record<string, Error | null>>;

type Resolver = (source: { readonly [field: string]: unknown }, args: Record<string, unknown>) => unknown;

const key = new Uint8Array(32).fill(7);

interface Row {
  readonly id: string;
  readonly vencimento?: string;
  readonly dataHora?: string;
}

/** A page with real cursors, of rows that are in order already. */
function connection(name: string, rows: readonly Row[], cpf: Cpf, args: Record<string, unknown>): object {
  const codec = cursorCodec(name, key);
  const size = pageSize(args['first'] as number);
  const after = typeof args['after'] === 'string' ? codec.decode(cpf, args['filtro'], args['after']) : undefined;
  const start = after === undefined ? 0 : rows.findIndex(({ id }) => id === after.id) + 1;
  const nodes = rows.slice(start, start + size);
  const last = nodes.at(-1);
  return {
    nodes,
    pageInfo: {
      hasNextPage: start + size < rows.length,
      endCursor:
        last && codec.encode(cpf, args['filtro'], { sort: last.vencimento ?? last.dataHora ?? '', id: last.id }),
    },
    desatualizado: false,
  };
}

interface Filtro {
  readonly de?: string;
  readonly ate?: string;
  readonly natureza?: string;
  readonly tipos?: readonly string[];
  readonly texto?: string;
}

const movimentacoesOf = (cpf: Cpf, filtro: Filtro): readonly Row[] =>
  (cpf === ANA ? movimentacoes : []).filter(
    ({ dataHora, natureza, tipo, descricao }) =>
      dataHora.slice(0, 10) >= (filtro.de ?? '') &&
      dataHora.slice(0, 10) <= (filtro.ate ?? '9999') &&
      (filtro.natureza === undefined || natureza === filtro.natureza) &&
      (filtro.tipos === undefined || filtro.tipos.includes(tipo)) &&
      wordsOf(filtro.texto ?? '').every((word) => wordsOf(descricao).includes(word)),
  );

const cpfOf = (source: { readonly [field: string]: unknown }): Cpf => source['cpf'] as Cpf;
const isKnown = (cpf: Cpf): boolean => cpf === ANA || cpf === BIA;
const whenKnown =
  (answer: (cpf: Cpf, args: Record<string, unknown>) => unknown): Resolver =>
  (source, args) =>
    isKnown(cpfOf(source)) ? answer(cpfOf(source), args) : null;
const ofAna =
  (value: unknown): Resolver =>
  (source) =>
    cpfOf(source) === ANA ? value : null;

const Query = { pessoa: (_: unknown, { cpf }: Record<string, unknown>) => ({ cpf: readCpf(cpf) }) };

const resolvers: Record<Service, Record<string, Record<string, Resolver>>> = {
  debt: {
    Query,
    Pessoa: {
      nome: ofAna(ana.nome),
      endereco: ofAna(ana.endereco),
      dividas: whenKnown((cpf, args) => connection('dividas', cpf === ANA ? dividas : [], cpf, args)),
      resumoDividas: whenKnown((cpf) => (cpf === ANA ? ana.resumo : { ...ana.resumo, quantidade: 0 })),
    },
  },
  score: {
    Query,
    Pessoa: {
      score: whenKnown(() => ana.score),
      perfil: whenKnown((cpf) => (cpf === ANA ? ana.perfil : { bens: [], fontesDeRenda: [], desatualizado: false })),
    },
  },
  event: {
    Query,
    Pessoa: { eventos: whenKnown((cpf) => ({ cpf })) },
    Eventos: {
      ultimaConsulta: ofAna(ana.ultimaConsulta),
      movimentacaoFinanceira: (source, args) => {
        const cpf = cpfOf(source);
        return connection('movimentacoes', movimentacoesOf(cpf, (args['filtro'] ?? {}) as Filtro), cpf, args);
      },
      ultimaCompraCartao: ofAna(ana.ultimaCompraCartao),
    },
  },
};

function withFaults(service: Service, faults: Faults): Record<string, Record<string, Resolver>> {
  const faulty = Object.fromEntries(Object.entries(resolvers[service]).map(([type, fields]) => [type, { ...fields }]));
  for (const [coordinate, fault] of Object.entries(faults)) {
    const [type, field] = coordinate.split('.') as [string, string];
    (faulty[type] ??= {})[field] = () => {
      if (fault === null) return null;
      throw fault;
    };
  }
  return faulty;
}

function formatError(error: GraphQLError): GraphQLFormattedError {
  const { originalError: cause } = error;
  const extensions = cause instanceof PublicError ? { code: cause.code, fonte: cause.fonte } : error.extensions;
  return { ...error.toJSON(), extensions };
}

/** Executes operations of one service with graphql-js, over the people of this test. */
export function executeOn(service: Service, faults: Faults = {}): Execute {
  const schema = buildSubgraphSchema({ typeDefs: parse(sdl[service]), resolvers: withFaults(service, faults) });
  return async ({ query, operationName, variables }) => {
    const { data, errors } = await graphql({ schema, source: query, operationName, variableValues: variables });
    return { data, errors: errors?.map(formatError) };
  };
}

const matcherOf = ({ path }: RestRoute): RegExp => new RegExp(`^${path.replace('{cpf}', '(?<cpf>[^/]+)')}$`);

/** The answer to a GET of this URL. */
export function get(url: string, options: { faults?: Faults; execute?: Execute } = {}): Promise<RestAnswer> {
  const [path = '', query = ''] = url.split('?');
  const route = restRoutes.find((candidate) => matcherOf(candidate).test(path));
  if (route === undefined) throw new Error(`no route for ${url}`);
  const cpf = decodeURIComponent(matcherOf(route).exec(path)?.groups?.['cpf'] ?? '');
  const execute = options.execute ?? executeOn(route.service, options.faults);
  return answerRest(route, { pathParams: { cpf }, query: parseQuery(query) }, execute);
}
