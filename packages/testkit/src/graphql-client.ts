import type { SignRequest } from './as-router.ts';
import { rememberCall } from './client-calls.ts';

export interface GraphqlAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly data?: Record<string, never> | null;
    readonly errors?: readonly {
      readonly message: string;
      readonly path?: readonly (string | number)[];
      readonly extensions?: {
        readonly code?: string;
        readonly fonte?: string;
        readonly motivo?: string;
        readonly escopos?: readonly string[];
      };
    }[];
    readonly extensions?: unknown;
  };
}

/** Posts one operation. */
export async function graphql(
  url: string,
  request: {
    query: string;
    variables?: Record<string, unknown>;
    operationName?: string;
    token?: string;
    headers?: Record<string, string>;
    /** Signs the request for a subgraph, as the router does. */
    sign?: SignRequest | undefined;
  },
): Promise<GraphqlAnswer> {
  const { token, headers: extraHeaders, sign, ...operation } = request;
  const body = JSON.stringify(operation);
  const headers = {
    'content-type': 'application/json',
    ...(token && { authorization: `Bearer ${token}` }),
    ...extraHeaders,
  };
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { ...sign?.(headers, body), ...headers },
    body,
  });
  const text = await response.text();
  rememberCall(operation.query, response, text, operation.variables);
  return { status: response.status, headers: response.headers, body: JSON.parse(text) as GraphqlAnswer['body'] };
}

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, never>;
}

/** Gets a REST route. */
export async function rest(
  url: string,
  path: string,
  token?: string,
  headers: Record<string, string> = {},
): Promise<RestAnswer> {
  const response = await fetch(`${url}${path}`, {
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers },
  });
  const text = await response.text();
  rememberCall(`GET ${path}`, response, text);
  return { status: response.status, headers: response.headers, body: JSON.parse(text) as RestAnswer['body'] };
}
