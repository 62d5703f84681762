import { hash } from 'node:crypto';
import { type GraphQLRequestContextWillSendResponse, HeaderMap } from '@apollo/server';
import { type ConstantPlugin, constantPlugin } from '@pessoa/service/graphql/constant-plugin';
import { documentLimitOptions } from '@pessoa/service/graphql/document-limits';
import { documentBytes } from '@pessoa/service/graphql/document-store';
import type { OperationNamer } from '@pessoa/service/graphql/operation-name';
import { isOnlyQuery } from '@pessoa/service/graphql/selection';
import { SecondUseStore } from '@pessoa/service/graphql/second-use-store';
import type { KnownAnswer } from '@pessoa/service/http/graph';
import type { OperationParameters } from '@pessoa/service/http/graphql-parameters';
import type { OperationWay } from '@pessoa/service/http/request-facts';
import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  specifiedRules,
  validate,
} from 'graphql';
import type { CostContext } from '../demand/demand-control.ts';
import type { RequestLimits } from '../limits/request-limits.ts';
import type { PersistedOperations } from '../persisted-operations/persisted-operations.ts';
import type { CompilingGateway } from './compiling-gateway.ts';
import type { FetchContext } from './fetch-context.ts';

export interface KnownOperation {
  readonly text: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** For the line in the log. */
  readonly name: string | undefined;
  /** The time of the last use, of `performance.now()`. */
  usedAt: number;
}

export interface KnownOperationsOptions<C extends Context> {
  readonly gateway: CompilingGateway;
  readonly limits: RequestLimits<C>;
  /** Names an operation in the log and the audit. Default: it has no name. */
  readonly nameOf?: OperationNamer | undefined;
  /** Default: the document that is sent. */
  readonly persistedOperations?: Pick<PersistedOperations, 'documentTextOf'> | undefined;
  /** The plugins that finish an answer with data, in their order. */
  readonly finishing: readonly ConstantPlugin<C>[];
}

type Context = FetchContext &
  CostContext & { readonly facts?: { operation?: string; way?: OperationWay; readonly turn?: Turn } };
type Turn = NonNullable<NonNullable<FetchContext['facts']>['turn']> & { beginPlanning?(): void };
type Answered<C extends Context> = GraphQLRequestContextWillSendResponse<C>;

const { validationRules, validationOptions } = documentLimitOptions();

/** Says where a document does not fit the schema, without text of the client: the schema of the other server has these names. */
function placeOf({ nodes, locations }: GraphQLError): string {
  const node = nodes?.[0];
  const line = `line ${locations?.[0]?.line ?? 1}`;
  return node?.kind === Kind.FIELD || node?.kind === Kind.ARGUMENT ? `${line}: ${node.name.value}` : line;
}

/** How long an operation counts as in use after its last use. */
const RECENT_MILLIS = 24 * 60 * 60 * 1_000;

const OPERATIONS_MAX_BYTES = 16 * 1024 * 1024;

/**
 * Answers operations that Apollo Server has validated before and whose plan is compiled. It skips Apollo Server's pipeline, which costs
 * more than the execution. The same code limits, guards, executes, counts and audits them.
 *
 * What is irregular is left to Apollo Server, in the same context: it finds there what was decided, counted and received, so that
 * nothing is counted or fetched twice.
 */
export class KnownOperations<C extends Context> {
  readonly #operations = new SecondUseStore<KnownOperation>({
    maxBytes: OPERATIONS_MAX_BYTES,
    bytesOf: ({ document }) => documentBytes(document),
  });
  readonly #options: KnownOperationsOptions<C>;
  /** The schema of the server; a server without one answers nothing. */
  #schema: GraphQLSchema | undefined;

  constructor(options: KnownOperationsOptions<C>) {
    this.#options = options;
  }

  /** Learns the operations that the server has validated. */
  get plugin(): ConstantPlugin<C> {
    return {
      ...constantPlugin<C>({
        didResolveOperation: async ({ source, queryHash, document, operation }) => {
          if (!source || !operation || !isOnlyQuery(document)) return;
          if (this.#operations.get(source)?.document === document) return;
          // Not the name in the context: a REST route may have named it.
          const name = this.#options.nameOf?.(queryHash!);
          this.#operations.set(source, { text: source, document, operation, name, usedAt: performance.now() });
        },
      }),
      serverWillStart: async ({ schema }) => void (this.#schema = schema),
    };
  }

  /** The operations that clients sent more than once, and again within the last day; the last one first. */
  recent(max: number): KnownOperation[] {
    const since = performance.now() - RECENT_MILLIS;
    return this.#operations.values(max).filter(({ usedAt }) => usedAt > since);
  }

  /**
   * Validates and plans an operation of another server, so that its first client need not wait for that. It is not run.
   *
   * @returns the places that do not fit the schema of this server, with their names in the schema of the other; empty when the operation is
   *   known now
   * @throws for what cannot be planned
   */
  async learn(known: KnownOperation): Promise<string[]> {
    const { text, document, operation } = known;
    const faults = validate(this.#schema!, document, [...specifiedRules, ...validationRules], validationOptions);
    if (faults.length > 0) return faults.map(placeOf);
    await this.#options.gateway.prepare({ document, operation, queryHash: hash('sha256', text, 'hex') });
    this.#operations.put(text, { ...known });
    return [];
  }

  /**
   * @param takesText whether values in the answer may be `JsonText`
   * @returns undefined for what Apollo Server has to answer, in the same context; so for a client that wants the cost, which a plugin of
   *   Apollo Server alone shows
   */
  async answer(asked: OperationParameters, contextValue: C, takesText: boolean): Promise<KnownAnswer | undefined> {
    const { gateway, limits, persistedOperations, finishing } = this.#options;
    const text = persistedOperations ? persistedOperations.documentTextOf(asked) : asked.query;
    const known = text === undefined ? undefined : this.#operations.get(text);
    const schema = this.#schema;
    if (!known || !schema || contextValue.wantsCost) return undefined;
    known.usedAt = performance.now();
    const { document, operation } = known;
    const { variables = {}, operationName = operation.name?.value } = asked;
    if (operationName !== operation.name?.value) return undefined;
    if (contextValue.facts) contextValue.facts.operation ??= known.name as string;
    const resolved = { document, operation, schema, request: { variables }, contextValue };
    try {
      limits.check(resolved);
      await limits.admit(resolved);
    } catch {
      return undefined; // Apollo Server finds the same fault, and makes the answer of it
    }
    contextValue.facts?.turn?.beginPlanning?.();
    const singleResult = await gateway.answerCompiled(resolved, takesText);
    if (!singleResult) return undefined;
    if (contextValue.facts) contextValue.facts.way = 'known';
    const response = {
      body: { kind: 'single' as const, singleResult },
      http: { status: undefined as number | undefined, headers: new HeaderMap() },
    };
    const answered = { ...resolved, response, errors: undefined } as unknown as Answered<C>;
    await Promise.all(finishing.map(({ hooks }) => hooks.willSendResponse?.(answered)));
    const { body, http } = response;
    return { status: http.status ?? 200, headers: http.headers, body: body.singleResult };
  }
}
