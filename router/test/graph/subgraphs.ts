import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { readCpf } from '@pessoa/domain/cpf';
import { PublicError } from '@pessoa/domain/errors';
import type { Service } from '@pessoa/domain/services';
import { scalarResolvers } from '@pessoa/service/graphql/scalars';
import { graphql, type GraphQLError, type GraphQLSchema } from 'graphql';
import { sdlOf } from './supergraph.ts';

export interface SubgraphCall {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly headers: IncomingHttpHeaders;
}

/** A subgraph of the real SDL over made-up data. */
export interface TestSubgraph {
  readonly url: string;
  /** The requests so far. */
  readonly calls: SubgraphCall[];
  close(): Promise<void>;
}

const day = '2026-01-10';
const instant = new Date('2026-11-01T12:00:00.000Z');
const endereco = { logradouro: 'Rua A', cidade: 'Recife', uf: 'PE', cep: '50000000', atualizadoEm: instant };

const divida = (cpf: string) => ({
  id: `d-${cpf.slice(0, 3)}`,
  credor: { nome: 'Loja Fictícia', cnpj: null },
  contrato: '****1234',
  modalidade: 'CREDIARIO_VAREJO',
  natureza: 'PEFIN',
  situacao: 'EM_ABERTO',
  valorOriginal: 123_456n,
  vencimento: day,
  dataInclusao: day,
  diasEmAtraso: 3,
  principal: true,
});

const movimentacao = {
  id: 'm-1',
  dataHora: instant,
  natureza: 'CREDITO',
  tipo: 'PIX',
  valor: 10_000n,
  situacao: 'TRANSACAO_EFETIVADA',
};
const compra = {
  id: 'c-1',
  dataHora: instant,
  valor: 999n,
  estabelecimento: 'Padaria',
  bandeira: 'ELO',
  finalCartao: '1234',
  formaPagamento: 'A_VISTA',
  parcelas: 1,
  aprovada: true,
};
const pageInfo = { hasNextPage: false, hasPreviousPage: false };

interface Person {
  readonly cpf: string;
}

const pessoaOf: Record<Service, object> = {
  debt: {
    nome: ({ cpf }: Person) => `Pessoa ${cpf.slice(0, 9)}`,
    situacaoCadastral: () => 'REGULAR',
    endereco: () => endereco,
    dividas: ({ cpf }: Person) => ({ nodes: [divida(cpf)], edges: [], pageInfo, totalCount: 1, desatualizado: false }),
    resumoDividas: () => ({ quantidade: 1, valorTotal: '1234.56', desatualizado: false }),
  },
  score: {
    score: ({ cpf }: Person) => ({
      valor: Number(cpf.slice(6, 9)),
      faixa: 'BOM',
      probabilidadeInadimplencia: '0.0500',
      modelo: 'v1',
      calculadoEm: instant,
      motivos: [{ codigo: 'R1', descricao: 'Renda', pontosPerdidos: 10 }],
      dadosAusentes: [],
      desatualizado: false,
    }),
    perfil: () => ({ idade: 40, endereco, bens: [], fontesDeRenda: [], desatualizado: false }),
  },
  event: {
    eventos: () => ({
      ultimaConsulta: {
        id: 'k-1',
        consulente: 'Banco Fictício',
        dataHora: instant,
        finalidade: 'COBRANCA',
        peloTitular: false,
      },
      movimentacaoFinanceira: { nodes: [movimentacao], edges: [], pageInfo, totalCount: 1, totalExato: true },
      ultimaCompraCartao: compra,
    }),
  },
};

/** Resolvers that replace those of `Pessoa`. */
export type PessoaFields = Record<string, (person: Person) => unknown>;

export function subgraphSchema(name: Service, fields: PessoaFields = {}): GraphQLSchema {
  const person = (cpf: unknown): Person => ({ cpf: String(readCpf(cpf)) });
  return buildSubgraphSchema({
    typeDefs: sdlOf(name),
    resolvers: {
      ...scalarResolvers,
      Query: {
        pessoa: (_root: unknown, { cpf }: Person) => person(cpf),
        pessoas: (_root: unknown, { cpfs }: { cpfs: string[] }) => cpfs.map(person),
      },
      Pessoa: { __resolveReference: ({ cpf }: Person) => person(cpf), ...pessoaOf[name], ...fields },
    } as never,
  });
}

export async function startSubgraph(name: Service, fields: PessoaFields = {}): Promise<TestSubgraph> {
  const schema = subgraphSchema(name, fields);
  const calls: SubgraphCall[] = [];
  const server = createServer((request, response) => {
    // The system may reuse a port: a request of another suite may still arrive here.
    if (request.method !== 'POST') return void response.writeHead(404).end();
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', async () => {
      const { query, variables } = JSON.parse(body) as SubgraphCall;
      calls.push({ query, variables, headers: request.headers });
      const { data, errors } = await graphql({ schema, source: query, variableValues: variables });
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data, ...(errors ? { errors: errors.map(toReportedError) } : {}) }));
    });
  });
  return { url: await listen(server), calls, close: () => closeServer(server) };
}

/** Gives an error the form in which our subgraphs report it. */
function toReportedError(error: GraphQLError): object {
  const publicError = error.originalError instanceof PublicError ? error.originalError : undefined;
  return {
    message: error.message,
    path: error.path,
    extensions: {
      code: publicError?.code ?? error.extensions['code'],
      ...(publicError?.fonte ? { fonte: publicError.fonte } : {}),
    },
  };
}

export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

export function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
