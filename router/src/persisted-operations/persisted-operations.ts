import type { ApolloServerPlugin, BaseContext, GraphQLRequest } from '@apollo/server';
import { restRoutes } from '@pessoa/rest/routes';
import type { RestOperation } from '@pessoa/rest/answer';
import type { OperationParameters } from '@pessoa/service/http/graphql-parameters';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { checkOperation } from './check-operation.ts';
import { ManifestError, operationId, type PersistedOperation } from './operation-manifest.ts';

/** The operations of the REST routes. The router always knows them. */
const restOperations: readonly PersistedOperation[] = restRoutes.map(({ document, name }) => ({
  id: operationId(document),
  name,
  type: 'query',
  body: document,
}));

/** An operation and its parsed body. */
export interface DocumentedOperation {
  readonly operation: PersistedOperation;
  readonly document: DocumentNode;
}

/** A store of Apollo Server. */
interface KeyValueStore<Value> {
  get(key: string): Promise<Value | undefined>;
  set(key: string, value: Value): Promise<void>;
  delete(key: string): Promise<boolean | void>;
}

/**
 * The operations that a graph knows by id: those of the REST routes, those of our pages and those of a manifest. `plugin` parses and checks each once,
 * when the server starts; a request with an id does neither. The operations of our pages are known, so that the page's own door can run
 * them, and not listed: no operator has put them there for other clients.
 */
export class PersistedOperations {
  readonly #operations: ReadonlyMap<string, PersistedOperation>;
  readonly #listedIds: ReadonlySet<string>;
  readonly #idByRestBody = new Map(restOperations.map(({ id, body }) => [body, id]));
  readonly #documents = new Map<string, DocumentNode>();
  readonly #introspection: boolean;
  #schema: GraphQLSchema | undefined;

  /**
   * @param manifest from `readManifest`
   * @param options.pages the operations of our pages that this router serves; default: none
   * @throws ManifestError if an operation has the name of a REST route's, but another body: a name in the log would mislead
   */
  constructor(
    manifest: readonly PersistedOperation[],
    { introspection, pages = [] }: { introspection: boolean; pages?: readonly PersistedOperation[] },
  ) {
    const restIds = new Map(restOperations.map(({ name, id }) => [name, id]));
    const faults = manifest
      .filter(({ name, id }) => (restIds.get(name) ?? id) !== id)
      .map(({ name }) => `${name}: an operation of a REST route has this name, with another body`);
    if (faults.length > 0) throw new ManifestError(faults);
    const listed = [...restOperations, ...manifest];
    this.#listedIds = new Set(listed.map(({ id }) => id));
    this.#operations = new Map([...pages, ...listed].map((operation) => [operation.id, operation]));
    this.#introspection = introspection;
  }

  /** Differs for other operations, for other names and for another list. */
  get fingerprint(): string {
    const lines = [...this.#operations.values()].map(({ id, name }) => `${id} ${name} ${this.has(id)}`);
    return operationId(lines.join('\n'));
  }

  /** Whether the operation is listed: of a REST route or of the manifest. Every client may run it. */
  has(id: string): boolean {
    return this.#listedIds.has(id);
  }

  /** Whether some door may run the operation: it is listed, or of one of our pages. */
  knows(id: string): boolean {
    return this.#operations.has(id);
  }

  /** The document of a request that the check of its door accepted. */
  documentTextOf({ query, persistedQuery }: OperationParameters): string | undefined {
    return query ?? this.#operations.get((persistedQuery as { sha256Hash: string }).sha256Hash)?.body;
  }

  /**
   * The listed operations, which `plugin` has checked, and the schema that they fit.
   *
   * @throws Error before the server has started
   */
  get listed(): { readonly schema: GraphQLSchema; readonly operations: readonly DocumentedOperation[] } {
    if (!this.#schema) throw new Error('the server that checks the operations has not started');
    const operations = [...this.#operations.values()].flatMap((operation) => {
      const document = this.#documents.get(operation.id);
      return document && this.has(operation.id) ? [{ operation, document }] : [];
    });
    return { schema: this.#schema, operations };
  }

  nameOf(id: string): string | undefined {
    return this.#operations.get(id)?.name;
  }

  /**
   * Checks all operations against the schema of the server. A bad one stops the start: with a ManifestError, or if it is of a REST
   * route, which is never the manifest's fault, with another error.
   */
  get plugin(): ApolloServerPlugin<BaseContext> {
    return { serverWillStart: async ({ schema }) => void this.#check(schema) };
  }

  #check(schema: GraphQLSchema): void {
    const faults: string[] = [];
    for (const operation of this.#operations.values()) {
      const checked = checkOperation(operation, schema, { introspection: this.#introspection });
      const named = checked.faults.map((fault) => `${operation.name}: ${fault}`);
      if (named[0] !== undefined && restOperations.includes(operation)) {
        throw new Error(`a REST route cannot be answered (${named[0]})`);
      }
      faults.push(...named);
      if (checked.document) this.#documents.set(operation.id, checked.document);
    }
    if (faults.length > 0) throw new ManifestError(faults);
    this.#schema = schema;
  }

  /** Apollo Server looks up bodies here. No request adds one. */
  get bodies(): KeyValueStore<string> {
    return {
      get: async (key) => this.#operations.get(idOf(key))?.body,
      set: async () => undefined,
      delete: async () => undefined,
    };
  }

  /** A store of parsed documents that has those of the known operations, and keeps the others in `others`. */
  documentStore(others: KeyValueStore<DocumentNode>): KeyValueStore<DocumentNode> {
    return {
      get: async (key) => this.#documents.get(idOf(key)) ?? others.get(key),
      set: (key, document) => others.set(key, document),
      delete: (key) => others.delete(key),
    };
  }

  /** The request for an operation of a REST route: by its id. Other operations keep their document. */
  toRequest = ({ query, ...request }: RestOperation): GraphQLRequest => {
    const sha256Hash = this.#idByRestBody.get(query);
    return sha256Hash === undefined
      ? { query, ...request }
      : { ...request, extensions: { persistedQuery: { version: 1, sha256Hash } } };
  };
}

/** Apollo Server puts a prefix before the id: its own, or the hash of its schema. */
const idOf = (key: string): string => key.slice(key.lastIndexOf(':') + 1);
