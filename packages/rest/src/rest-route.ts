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
 * What one route is, said once: the door and the OpenAPI document both read it. The places are paths of field names
 * under `pessoa`, for example `dividas.nodes`.
 */
export interface RouteDefinition {
  readonly service: Service;
  /** With `{cpf}` for the CPF, as OpenAPI writes it. */
  readonly path: `/${string}/{cpf}`;
  /** The name of the operation in `operation`. */
  readonly name: string;
  readonly operation: URL;
  /** In the SDL's language. */
  readonly summary: string;
  /** What a client has to know beyond it, in the SDL's language. */
  readonly description: string;
  /** The query parameters it takes; any other is refused. */
  readonly query: z.ZodRawShape;
  /** The operation's variables beside `cpf`. */
  readonly variables: (query: RestQuery) => Record<string, unknown>;
  /** Each member of the body and its place. */
  readonly body: Readonly<Record<string, string>>;
  /** The places that a base has for every CPF that it knows; all of them null without an error: it does not know it. */
  readonly parts: readonly string[];
  /** The place of the connection that is paged. */
  readonly connection?: string;
  /** The places of the marks `desatualizado`. */
  readonly marks: readonly string[];
}

/** What the data of an answer without errors says of the CPF: `partial` when only some of the parts are there. */
export type Presence = 'unknown' | 'partial' | 'whole';

export interface RestRoute extends RouteDefinition {
  readonly fonte: Fonte;
  /** The text of the operation. */
  readonly document: string;
  readonly params: z.ZodType<RestParams>;
  toVariables(params: RestParams): Record<string, unknown>;
  presence(data: unknown): Presence;
  toBody(data: unknown): Record<string, unknown>;
  /** The cursor of the next page; undefined on the last one and on a route without pages. */
  nextCursor(data: unknown): string | undefined;
  /** Whether any part came from a copy past its time, because the base did not answer. */
  isStale(data: unknown): boolean;
}

/** @returns what stands at `pessoa.<place>`, null when any step of it is missing */
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
  const known = names.length === 0 ? 'This route takes none.' : `This route takes ${names.join(', ')}.`;
  const query = z.strictObject(definition.query, { error: `A query parameter is not known. ${known}` });

  const parts = definition.parts.map(readerOf);
  const body = Object.entries(definition.body).map(([name, place]) => [name, readerOf(place)] as const);
  const marks = definition.marks.map(readerOf);
  const cpfRead = readerOf('cpf');
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
      if (present === parts.length) return 'whole';
      return present === 0 && cpfRead(data) !== null ? 'unknown' : 'partial';
    },
    toBody: (data) => Object.fromEntries(body.map(([name, read]) => [name, read(data)])),
    nextCursor: (data) => nextCursor?.(data),
    isStale: (data) => marks.some((mark) => mark(data) === true),
  };
}
