/** One call of a test's client, for who reads why the test failed. Without its token. */
export interface AskedCall {
  /** The operation, or the path of a REST route. */
  readonly asked: string;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly status: number;
  readonly interactionId: string | null;
  readonly body: string;
}

/** As many as one assertion is about, and a few before it. */
const KEPT = 3;

const calls: AskedCall[] = [];
/** `ExplainingEnvironment` reads it from outside of the tests' realm. */
Object.assign(globalThis, { askedCalls: calls });

/** Remembers a call until the test ends, or until some more were made. */
export function rememberCall(
  asked: string,
  { status, headers }: Response,
  body: string,
  variables?: AskedCall['variables'],
): void {
  calls.push({ asked, variables, status, interactionId: headers.get('x-fapi-interaction-id'), body });
  if (calls.length > KEPT) calls.shift();
}
