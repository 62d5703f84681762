import type { DeniedPlaces } from '@pessoa/service/http/request-context';
import { publicErrors } from '@pessoa/domain/errors';
import { reasonOfDenial } from '@pessoa/service/graphql/denial-reason';
import type { ThirdPartyCadastro } from '@pessoa/service/identity/third-party-cadastro';
import { type DocumentNode, GraphQLError, type OperationDefinitionNode } from 'graphql';
import { type Caller, type DeniedPart, guardedAnswer, type GuardedOperation, OperationGuard } from 'graphql-jwt-guard';

type Data = Record<string, unknown> | null;

/** What was decided for a request, in its own context: an entry of a WeakMap costs each request more. */
const DECISION = Symbol('decision');

interface DecidedContext {
  [DECISION]?: { readonly operation: object; readonly guarded: GuardedOperation };
  denials?: DeniedPlaces;
}

export interface Answer {
  readonly data?: Data | undefined;
  readonly errors?: readonly GraphQLError[] | undefined;
}

/** The part of a request that decides what it may run. */
export interface OperationRequest {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly context: object;
}

/** What each operation of one supergraph may read, decided before it is planned. */
export class OperationAccess {
  readonly #guard: OperationGuard;
  readonly #callerOf: (context: never) => Caller;
  readonly #thirdPartyCadastro: ThirdPartyCadastro;
  readonly #errors = new WeakMap<GuardedOperation, ReadonlyMap<DeniedPart, GraphQLError>>();

  /**
   * @param callerOf gets the context of a request
   * @param thirdPartyCadastro for the reason of a refusal; `callerOf` decides what is refused
   */
  constructor(
    supergraphSdl: string,
    callerOf: (context: never) => Caller,
    thirdPartyCadastro: ThirdPartyCadastro = 'scope',
  ) {
    // As the subgraphs do: an unknown person is refused like a known one.
    this.#guard = new OperationGuard(supergraphSdl, { denyBehindNull: true });
    this.#callerOf = callerOf;
    this.#thirdPartyCadastro = thirdPartyCadastro;
  }

  /** For the gateway, which refuses the directives. */
  get strippedSdl(): string {
    return this.#guard.strippedSdl;
  }

  /** Also tells the context what was denied, for the audit. Decides once for each context: every operation has its own. */
  decide({ document, operation, variables = {}, context }: OperationRequest): GuardedOperation {
    const own: DecidedContext = context;
    const decision = own[DECISION];
    if (decision?.operation === operation) return decision.guarded;
    const guarded = this.#guard.guard(document, operation, variables, this.#callerOf(context as never));
    own[DECISION] = { operation, guarded };
    if (guarded.isChanged) own.denials = guarded;
    return guarded;
  }

  /** The answer to the operation that the client sent, from the answer to what was left of it. */
  complete(guarded: GuardedOperation, answer: Answer): Answer {
    const errors = this.#errorsOf(guarded);
    return guardedAnswer<GraphQLError>(guarded, answer, { toError: (part) => errors.get(part)! });
  }

  /** Made once for each guarded operation: the same for every request. */
  #errorsOf(guarded: GuardedOperation): ReadonlyMap<DeniedPart, GraphQLError> {
    let errors = this.#errors.get(guarded);
    if (!errors) {
      errors = new Map(guarded.deniedParts.map((part) => [part, toError(part, this.#thirdPartyCadastro)]));
      this.#errors.set(guarded, errors);
    }
    return errors;
  }
}

function toError({ path, denial }: DeniedPart, thirdPartyCadastro: ThirdPartyCadastro): GraphQLError {
  const code = 'UNAUTHORIZED_FIELD_OR_TYPE';
  return new GraphQLError(publicErrors[code].message, {
    path,
    extensions: { code, ...reasonOfDenial(denial, thirdPartyCadastro) },
  });
}
