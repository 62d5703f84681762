import type { GraphQLDataSource } from '@apollo/gateway';
import { readCpf } from '@pessoa/domain/cpf';
import { PublicError } from '@pessoa/domain/errors';
import { personVariables } from '@pessoa/service/graphql/requested-people';
import { SecondUseStore } from '@pessoa/service/graphql/second-use-store';
import type { Variables } from '@pessoa/service/graphql/selection';
import type { GraphQLSchema } from 'graphql';
import type { Transport } from '../transport/transport.ts';
import { type FetchShape, readFetchShape } from './fetch-shape.ts';
import { identifyFetch } from './identified-fetch.ts';
import type { FetchContext } from './fetch-context.ts';
import { createStandInAnswer, readAnswer, type SubgraphAnswer } from './subgraph-answer.ts';
import { lossOf } from './subgraph-error.ts';

interface PreparedFetch {
  readonly shape: FetchShape;
  /** The variables that name people. */
  readonly cpfVariables: readonly string[];
  /** As it is sent: with the CPF of each person. */
  readonly queryJson: string;
  readonly cpfKeys: ReadonlyMap<string, string>;
}

/** Called for every fetch that got no usable answer; the error's cause is for the log and never for the client. */
export type OnLostSource = (error: PublicError, context: FetchContext) => void;

const FETCHES_MAX_BYTES = 16 * 1024 * 1024;
/** What is read of a fetch, for each character of its text: of tokens as short as a client can make them. */
const BYTES_PER_CHARACTER = 130;

/** The gateway's view of one subgraph. Never rejects: a lost source is an answer with errors, so that only its fields are lost. */
export function createSubgraphDataSource(transport: Transport, onLost: OnLostSource): GraphQLDataSource<FetchContext> {
  const fetchesOf = new WeakMap<GraphQLSchema, SecondUseStore<PreparedFetch>>();

  function fetchOf(query: string, schema: GraphQLSchema): PreparedFetch {
    let fetches = fetchesOf.get(schema);
    if (!fetches) {
      const bytesOf = (_fetch: PreparedFetch, text: string): number => text.length * BYTES_PER_CHARACTER;
      fetchesOf.set(schema, (fetches = new SecondUseStore({ maxBytes: FETCHES_MAX_BYTES, bytesOf })));
    }
    const known = fetches.get(query);
    if (known) return known;
    const shape = readFetchShape(query, schema);
    const cpfVariables = shape.roots.flatMap(({ node }) => personVariables(node));
    const identified = identifyFetch(query, shape);
    const { cpfKeys } = identified;
    const fetch: PreparedFetch = { shape, cpfVariables, queryJson: JSON.stringify(identified.query), cpfKeys };
    fetches.set(query, fetch);
    return fetch;
  }

  async function ask(
    { shape, queryJson, cpfKeys }: PreparedFetch,
    variables: Variables,
    context: FetchContext,
  ): Promise<SubgraphAnswer> {
    try {
      const answer = await transport.send({
        body: `{"query":${queryJson},"variables":${JSON.stringify(variables)}}`,
        headers: context.forwardedHeaders,
        endsAt: context.endsAt,
        isRepeatable: shape.isQuery,
      });
      const read = readAnswer(shape, variables, answer, transport.fonte, cpfKeys);
      if (read.lossCode) {
        if (read.lossCode.startsWith('FONTE_')) transport.reportInvalidAnswer();
        onLost(new PublicError(read.lossCode, { fonte: transport.fonte }), context);
      }
      return read;
    } catch (error) {
      const lost = error instanceof PublicError ? error : new PublicError('INTERNAL_SERVER_ERROR', { cause: error });
      onLost(lost, context);
      return createStandInAnswer(shape, variables, lossOf(lost.code, transport.fonte));
    }
  }

  return {
    process(options) {
      if (!('incomingRequestContext' in options))
        throw new TypeError('the gateway boots from a file and asks no subgraph');
      const fetch = fetchOf(options.request.query ?? '', options.incomingRequestContext.schema);
      return ask(fetch, withCanonicalCpfs(fetch, fetch.shape.withDefaults(options.request.variables)), options.context);
    },
  };
}

/** A CPF is sent on in one form, whatever form the client sent. */
function withCanonicalCpfs({ cpfVariables }: PreparedFetch, variables: Variables): Variables {
  if (cpfVariables.length === 0) return variables;
  const canonical = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(canonical) : (readCpf(value) ?? value);
  const changed = cpfVariables.filter((name) => name in variables).map((name) => [name, canonical(variables[name])]);
  return Object.assign(Object.create(null), variables, Object.fromEntries(changed)) as Variables;
}
