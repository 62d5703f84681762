import type { GraphQLDataSource } from '@apollo/gateway';
import { PublicError } from '@pessoa/domain/errors';
import type { Variables } from '@pessoa/platform/graphql/selection';
import type { GraphQLSchema } from 'graphql';
import type { Transport } from '../transport/transport.ts';
import { boundedCache } from './bounded-cache.ts';
import { type FetchShape, readFetch } from './fetch-shape.ts';
import type { RouterContext } from './router-context.ts';
import { lostAnswer, readAnswer, type SubgraphAnswer } from './subgraph-answer.ts';
import { lossOf } from './subgraph-error.ts';

interface Fetch {
  readonly shape: FetchShape;
  readonly queryJson: string;
}

/** Called for every fetch that got no usable answer; the error's cause is for the log and never for the client. */
export type OnLostSource = (error: PublicError, context: RouterContext) => void;

const FETCHES_KNOWN = 1_000;

/** The gateway's view of one subgraph. Never rejects: a lost source is an answer with errors, so that only its fields are lost. */
export function createSubgraphDataSource(transport: Transport, onLost: OnLostSource): GraphQLDataSource<RouterContext> {
  const fetchesOf = new WeakMap<GraphQLSchema, (query: string) => Fetch>();

  function fetchOf(query: string, schema: GraphQLSchema): Fetch {
    const make = (text: string): Fetch => ({ shape: readFetch(text, schema), queryJson: JSON.stringify(text) });
    const known = fetchesOf.get(schema) ?? boundedCache(FETCHES_KNOWN, make);
    fetchesOf.set(schema, known);
    return known(query);
  }

  async function ask(
    { shape, queryJson }: Fetch,
    variables: Variables,
    context: RouterContext,
  ): Promise<SubgraphAnswer> {
    try {
      const answer = await transport.send({
        body: `{"query":${queryJson},"variables":${JSON.stringify(variables)}}`,
        headers: context.forward,
        endsAt: context.endsAt,
        isRepeatable: shape.isQuery,
      });
      const read = readAnswer(shape, variables, answer, transport.fonte);
      if (read.lost) {
        if (read.lost.startsWith('FONTE_')) transport.reportInvalidAnswer();
        onLost(new PublicError(read.lost, { fonte: transport.fonte }), context);
      }
      return read;
    } catch (error) {
      const lost = error instanceof PublicError ? error : new PublicError('INTERNAL_SERVER_ERROR', { cause: error });
      onLost(lost, context);
      return lostAnswer(shape, variables, lossOf(lost.code, transport.fonte));
    }
  }

  return {
    process(options) {
      if (!('incomingRequestContext' in options))
        throw new TypeError('the gateway boots from a file and asks no subgraph');
      const fetch = fetchOf(options.request.query ?? '', options.incomingRequestContext.schema);
      return ask(fetch, fetch.shape.variables(options.request.variables), options.context);
    },
  };
}
