import { readFileSync } from 'node:fs';
import { type Fonte, type Service, services } from '@pessoa/domain/services';
import { z } from 'zod';
import { cpf } from './params.ts';
import type { RestQuery } from './params.ts';

export interface RestParams {
  readonly path: { readonly cpf: string };
  readonly query: RestQuery;
}

/**
 * The definition of a route, for the code that answers it and for the OpenAPI document. A "place" is a path of field names
 * under `pessoa`, for example `dividas.nodes`.
 */
export interface RouteDefinition {
  readonly service: Service;
  /** The path, with `{cpf}` for the CPF as in OpenAPI. */
  readonly path: `/${string}/{cpf}`;
  /** The name of the operation in `operation`. */
  readonly name: string;
  /** The file of the operation. */
  readonly operation: URL;
  /** For the OpenAPI document, in Portuguese like the SDL. */
  readonly summary: string;
  /** What a client has to know beyond the summary, in Portuguese. */
  readonly description: string;
  /** The query parameters that the route accepts; it refuses any other. */
  readonly query: z.ZodRawShape;
  /** The variables of the operation, except `cpf`. */
  readonly variables: (query: RestQuery) => Record<string, unknown>;
  /** The place of each member of the body. */
  readonly body: Readonly<Record<string, string>>;
  /** The places that are never null for a CPF that the base knows. When all are null, the base does not know the CPF. */
  readonly parts: readonly string[];
  /** The place of the connection whose pages the route shows. */
  readonly connection?: string;
  /** The places of the fields `desatualizado`. */
  readonly staleMarks: readonly string[];
}

/**
 * What an answer without errors has of a route's `parts`. `unknown`: none, because the base does not know the CPF.
 * `partial`: some are missing, which is a fault of the source.
 */
export type Presence = 'unknown' | 'partial' | 'complete';

export interface RestRoute extends RouteDefinition {
  readonly fonte: Fonte;
  /** The text of the operation. */
  readonly document: string;
  readonly params: z.ZodType<RestParams>;
  toVariables(params: RestParams): Record<string, unknown>;
  presence(data: unknown): Presence;
  toBody(data: unknown): Record<string, unknown>;
  /** The cursor of the next page; undefined on the last page and on a route without pages. */
  nextCursor(data: unknown): string | undefined;
  /** Whether any part may lack what its base has by now. */
  isStale(data: unknown): boolean;
}

/** @returns the value at `pessoa.<place>`; null when any step is missing */
type Reader = (data: unknown) => unknown;

function readerOf(place: string): Reader {
  const keys = ['pessoa', ...place.split('.')];
  return (data) => {
    let value = data;
    for (const key of keys) {
      if (typeof value !== 'object' || value === null) return null;
      value = (value as Record<string, unknown>)[key] ?? null;
    }
    return value;
  };
}

function nextCursorReader(connection: string): (data: unknown) => string | undefined {
  const hasNextPage = readerOf(`${connection}.pageInfo.hasNextPage`);
  const endCursor = readerOf(`${connection}.pageInfo.endCursor`);
  return (data) => {
    const cursor = hasNextPage(data) === true ? endCursor(data) : null;
    return typeof cursor === 'string' ? cursor : undefined;
  };
}

export function restRoute(definition: RouteDefinition): RestRoute {
  const names = Object.keys(definition.query).map((name) => `\`${name}\``);
  const knownParameters = names.length === 0 ? 'This route takes none.' : `This route takes ${names.join(', ')}.`;
  const query = z.strictObject(definition.query, { error: `A query parameter is not known. ${knownParameters}` });

  const parts = definition.parts.map(readerOf);
  const body = Object.entries(definition.body).map(([name, place]) => [name, readerOf(place)] as const);
  const marks = definition.staleMarks.map(readerOf);
  const readCpfField = readerOf('cpf');
  const { connection } = definition;
  const nextCursor = connection === undefined ? undefined : nextCursorReader(connection);

  return {
    ...definition,
    fonte: services[definition.service],
    document: readFileSync(definition.operation, 'utf8'),
    params: z.object({ path: z.object({ cpf }), query }),
    toVariables: (params) => ({ cpf: params.path.cpf, ...definition.variables(params.query) }),
    presence(data) {
      const present = parts.filter((part) => part(data) !== null).length;
      if (present === parts.length) return 'complete';
      return present === 0 && readCpfField(data) !== null ? 'unknown' : 'partial';
    },
    toBody: (data) => Object.fromEntries(body.map(([name, read]) => [name, read(data)])),
    nextCursor: (data) => nextCursor?.(data),
    isStale: (data) => marks.some((mark) => mark(data) === true),
  };
}
