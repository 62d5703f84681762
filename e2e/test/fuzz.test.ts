import { publicErrors } from '@pessoa/domain/errors';
import { addPerson } from '../src/people.ts';
import { strangeRequest, type StrangeRequest } from '../src/strange-requests.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

/** `npm run fuzz` sends all, `npm test` a twentieth. */
const REQUESTS = 20_000;
const AT_ONCE = 8;
const codes = new Set<unknown>(Object.keys(publicErrors));

interface Fault {
  readonly seed: number;
  readonly says: string;
  readonly request: object;
}

describe('Strange documents, variables and routes', () => {
  let graph: WholeGraph;
  let people: string[];
  let token: string;
  beforeAll(async () => {
    graph = await startWholeGraph();
    people = [await addPerson(graph), await addPerson(graph), await addPerson(graph)];
    await graph.waitUntilIndexed();
    token = await graph.environment.token({ consentimento: people });
  });
  afterAll(() => graph.close());

  it(`have answers of the error table, never INTERNAL_SERVER_ERROR: ${generatedCases(REQUESTS).toLocaleString('en')} requests`, async () => {
    const faults: Fault[] = [];
    const statuses = new Map<number, number>();
    let seed = 0;
    const worker = async (): Promise<void> => {
      while (seed < generatedCases(REQUESTS) && faults.length < 10) {
        const mine = seed++;
        const request = strangeRequest(mine, people);
        const { status, says } = await verdict(request);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (says) faults.push({ seed: mine, says, request: { ...request, body: request.body?.toString() } });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect(faults).toEqual([]);
    // The generator must make requests that succeed, and requests that fail.
    const share = (status: number): number => (statuses.get(status) ?? 0) / generatedCases(REQUESTS);
    expect({ answered: share(200) > 0.2, refused: share(400) > 0.2 }).toEqual({ answered: true, refused: true });
    const isError = (line: string): boolean => (JSON.parse(line) as { level: number }).level >= 50;
    expect(graph.environment.logLines().filter(isError)).toEqual([]);
  }, 900_000);

  async function verdict({ method, path, headers, body }: StrangeRequest): Promise<{ status: number; says?: string }> {
    const response = await fetch(`${graph.router.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body && { body }),
    });
    const { status } = response;
    const json = await response.text();
    // A refusal for the rate tests nothing, so the limits are above the rate of this test.
    if (status >= 500 || status === 429) return { status, says: `${status} ${json.slice(0, 500)}` };
    if (!response.headers.has('x-fapi-interaction-id')) return { status, says: `${status} without interaction id` };
    const answer = readJson(json);
    if (answer === undefined) return { status, says: `no JSON: ${json.slice(0, 200)}` };
    const errors = (answer as { errors?: { extensions?: { code?: unknown } }[] }).errors ?? [];
    const answerCodes = [
      (answer as { code?: unknown }).code,
      ...errors.map(({ extensions }) => extensions?.code ?? null),
    ];
    const bad = answerCodes.find(
      (code) => code === 'INTERNAL_SERVER_ERROR' || (code !== undefined && !codes.has(code)),
    );
    return bad === undefined ? { status } : { status, says: `${String(bad)}: ${json.slice(0, 500)}` };
  }
});

function readJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
