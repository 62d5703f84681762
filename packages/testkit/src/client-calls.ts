/** One call of a test's client, without its token. A failing test prints its last calls. */
export interface ClientCall {
  /** The operation, or the path of a REST route. */
  readonly request: string;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly status: number;
  readonly interactionId: string | null;
  readonly body: string;
}

/** Number of calls that a failing test prints. */
const CALLS_MAX = 3;

const calls: ClientCall[] = [];
/** `ExplainingEnvironment` reads this global from outside the tests' realm. */
Object.assign(globalThis, { clientCalls: calls });

/** Remembers a call until the test ends or newer calls replace it. */
export function rememberCall(
  request: string,
  { status, headers }: Response,
  body: string,
  variables?: ClientCall['variables'],
): void {
  calls.push({ request, variables, status, interactionId: headers.get('x-fapi-interaction-id'), body });
  if (calls.length > CALLS_MAX) calls.shift();
}
