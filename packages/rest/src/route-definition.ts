import type { Service } from '@pessoa/domain/services';
import type { z } from 'zod';
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
  /** The query parameters that the route accepts beside `campos`; it refuses any other. */
  readonly query: z.ZodRawShape;
  /** The variables of the operation, except `cpf`. */
  readonly variables: (query: RestQuery) => Record<string, unknown>;
  /** The place of each member of the body. */
  readonly body: Readonly<Record<string, string>>;
  /** The places that are never null for a CPF that the base knows. When all are null, the base does not know the CPF. */
  readonly parts: readonly string[];
  /** A place in one of `parts`. The operation asks for it when no chosen part tells whether the base knows the CPF. */
  readonly presenceMark?: string;
  /** The place of the connection whose pages the route shows. */
  readonly connection?: string;
  /** The places of the fields `desatualizado`. */
  readonly staleMarks: readonly string[];
}
