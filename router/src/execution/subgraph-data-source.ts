import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { readCpf } from '@pessoa/domain/cpf';
import { PublicError } from '@pessoa/domain/errors';
import { personVariables } from '@pessoa/service/graphql/requested-people';
import { SecondUseStore } from '@pessoa/service/graphql/second-use-store';
import type { Variables } from '@pessoa/service/graphql/selection';
import { endSpan, startSpan, traceparentOf } from '@pessoa/service/tracing/tracing';
import { SpanKind } from '@opentelemetry/api';
import type { GraphQLSchema } from 'graphql';
import type { Transport } from '../transport/transport.ts';
import { AnswerForms } from './answer-forms.ts';
import { type AnswerForm, readAnswerText } from './answer-text.ts';
import { fetchBytes, type FetchShape, readFetchShape } from './fetch-shape.ts';
import { identifyFetch } from './identified-fetch.ts';
import type { Logger } from '@pessoa/service/logging/logger';
import type { FetchContext } from './fetch-context.ts';
import { createStandInAnswer, readAnswer, type SubgraphAnswer } from './subgraph-answer.ts';
import { lossOf, type SubgraphError } from './subgraph-error.ts';

/** What the router derives from the query of a fetch, once. */
interface PreparedFetch {
  readonly shape: FetchShape;
  /** Names of the variables that hold CPFs. */
  readonly cpfVariables: readonly string[];
  /** The query as JSON, with the CPF of each person. */
  readonly queryJson: string;
  /** By the key of a root field: the key of each person's CPF. */
  readonly cpfKeys: ReadonlyMap<string, string>;
}

/**
 * Called for each fetch whose answer is lost, wholly or in part. The error's cause is for the log, never for the
 * client.
 */
export type OnLostSource = (error: PublicError, context: FetchContext) => void;

/** Gets the errors of an answer to one fetch, after those of codes that are not for clients were replaced. */
export type OnErrors = (errors: readonly SubgraphError[]) => void;

export const logLostSources =
  (logger: Logger): OnLostSource =>
  ({ code, fonte, cause }, { forwardedHeaders }) =>
    logger.warn({ interacao: forwardedHeaders['x-fapi-interaction-id'], codigo: code, fonte, err: cause });

const FETCHES_MAX_BYTES = 16 * 1024 * 1024;

/**
 * The gateway's data source for one subgraph. It checks each answer, and it never rejects: for a lost source it gives an
 * answer with errors, so that only the fields of that source are lost. Its private members make it a type of its own:
 * `CompilingGateway` accepts no other data source.
 */
export class SubgraphDataSource implements GraphQLDataSource<FetchContext> {
  readonly #transport: Transport;
  readonly #onLost: OnLostSource;
  readonly #onErrors: OnErrors;
  readonly #spanName: string;
  readonly #fetchesBySchema = new WeakMap<GraphQLSchema, SecondUseStore<PreparedFetch>>();
  readonly #answerForms: AnswerForms;

  /**
   * @param onErrors gets the errors of an answer that has some; default: nobody does
   * @param readBeforeForm as of `AnswerForms`
   */
  constructor(transport: Transport, onLost: OnLostSource, onErrors: OnErrors = () => {}, readBeforeForm?: number) {
    this.#answerForms = new AnswerForms(readBeforeForm);
    this.#transport = transport;
    this.#onLost = onLost;
    this.#onErrors = onErrors;
    this.#spanName = `fetch ${transport.fonte}`;
  }

  /** @param options `takesText`: the values of people may be `CheckedText`; default: false */
  process(
    options: GraphQLDataSourceProcessOptions<FetchContext> & { readonly takesText?: boolean },
  ): Promise<SubgraphAnswer> {
    if (!('incomingRequestContext' in options))
      throw new TypeError('the gateway must not call a subgraph for its schema');
    options.context.facts?.turn?.end();
    const { query = '', variables: given } = options.request;
    const fetch = this.#prepareFetch(query, options.incomingRequestContext.schema);
    const variables = fetch.shape.withDefaults(given);
    const form = options.takesText ? this.#answerForms.of(query, fetch.shape, fetch.cpfKeys) : 'not wanted';
    return this.#sendFetch(fetch, withCanonicalCpfs(fetch, variables), options.context, form);
  }

  #prepareFetch(query: string, schema: GraphQLSchema): PreparedFetch {
    let fetches = this.#fetchesBySchema.get(schema);
    if (!fetches) {
      const bytesOf = (_fetch: PreparedFetch, query: string): number => fetchBytes(query);
      this.#fetchesBySchema.set(schema, (fetches = new SecondUseStore({ maxBytes: FETCHES_MAX_BYTES, bytesOf })));
    }
    const preparedFetch = fetches.get(query);
    if (preparedFetch) return preparedFetch;
    const shape = readFetchShape(query, schema);
    const cpfVariables = shape.roots.flatMap(({ node }) => personVariables(node));
    const { query: identifiedQuery, cpfKeys } = identifyFetch(query, shape);
    const fetch: PreparedFetch = { shape, cpfVariables, queryJson: JSON.stringify(identifiedQuery), cpfKeys };
    fetches.set(query, fetch);
    return fetch;
  }

  async #sendFetch(
    { shape, queryJson, cpfKeys }: PreparedFetch,
    variables: Variables,
    context: FetchContext,
    form: AnswerForm | undefined | 'not wanted',
  ): Promise<SubgraphAnswer> {
    const span = startSpan(this.#spanName, SpanKind.CLIENT);
    const { forwardedHeaders } = context;
    let failure: string | undefined;
    try {
      const answer = await this.#transport.send({
        body: `{"query":${queryJson},"variables":${JSON.stringify(variables)}}`,
        headers: span ? { ...forwardedHeaders, traceparent: traceparentOf(span) } : forwardedHeaders,
        endsAt: context.endsAt,
        isRepeatable: shape.isQuery,
      });
      if (form !== 'not wanted' && 'text' in answer && answer.status === 200) {
        const data = form && readAnswerText(form, variables, answer.text);
        if (data) return { data };
        if (!form) this.#answerForms.countRead(shape, answer.text.length);
      }
      const subgraphAnswer = readAnswer(shape, variables, answer, this.#transport.fonte, cpfKeys);
      failure = subgraphAnswer.lossCode;
      if (subgraphAnswer.lossCode) {
        if (subgraphAnswer.lossCode.startsWith('FONTE_')) this.#transport.reportInvalidAnswer();
        this.#onLost(new PublicError(subgraphAnswer.lossCode, { fonte: this.#transport.fonte }), context);
      }
      if (subgraphAnswer.errors) this.#onErrors(subgraphAnswer.errors);
      return subgraphAnswer;
    } catch (error) {
      const loss = error instanceof PublicError ? error : new PublicError('INTERNAL_SERVER_ERROR', { cause: error });
      failure = loss.code;
      this.#onLost(loss, context);
      const standIn = createStandInAnswer(shape, variables, lossOf(loss.code, this.#transport.fonte));
      if (standIn.errors) this.#onErrors(standIn.errors);
      return standIn;
    } finally {
      if (span) endSpan(span, failure);
    }
  }
}

/** Puts CPFs into their canonical form, 11 digits. */
function withCanonicalCpfs({ cpfVariables }: PreparedFetch, variables: Variables): Variables {
  if (cpfVariables.length === 0) return variables;
  const toCanonical = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(toCanonical) : (readCpf(value) ?? value);
  const canonical = cpfVariables
    .filter((name) => name in variables)
    .map((name) => [name, toCanonical(variables[name])]);
  return Object.assign(Object.create(null), variables, Object.fromEntries(canonical)) as Variables;
}
