import { readCpf } from '@pessoa/domain/cpf';
import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { mintToken } from '@pessoa/service/development/development-keys';
import fc from 'fast-check';
import { cpfStrings } from '../src/fuzz/cpf-strings.ts';
import { type FuzzAnswer, type FuzzTarget, startFuzzTarget } from '../src/fuzz/fuzz-target.ts';
import { mutatedBodies } from '../src/fuzz/mutated-bodies.ts';
import { mutatedTokens, oddlyClaimedTokens } from '../src/fuzz/mutated-tokens.ts';
import { strangeRequest, type StrangeRequest } from '../src/fuzz/strange-requests.ts';

/** Of `npm run fuzz`; `npm test` sends at most 1,000 of each. */
const counts = { documents: generatedCases(20_000), bodies: generatedCases(10_000), tokens: generatedCases(2_000), cpfs: generatedCases(100_000) }; // prettier-ignore
const AT_ONCE = 8;
const words = (count: number): string => count.toLocaleString('en');

const graphql = (query: string, variables?: object): StrangeRequest => ({
  method: 'POST',
  path: '/graphql',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify({ query, variables })),
});
const get = (path: string): StrangeRequest => ({ method: 'GET', path, headers: {} });

interface Case {
  readonly request: StrangeRequest;
  readonly token?: string;
  /** Whether the answer is what this case asks for, beside being no fault. */
  readonly accepts?: (answer: FuzzAnswer) => boolean;
}

const isRefused = ({ status, codes }: FuzzAnswer): boolean => status === 401 && codes.includes('UNAUTHENTICATED');

/** Whether a variable of type CPF has the right answer. No variable may hold what PostgreSQL cannot store. */
function isRightFor(text: string, { status, codes }: FuzzAnswer): boolean {
  if (readCpf(text)) return status === 200;
  const code = text.isWellFormed() && !text.includes('\0') ? 'CPF_INVALIDO' : 'BAD_USER_INPUT';
  return status === 400 && codes.includes(code);
}

describe('Strange requests have answers of the error table, within 2 s, and no process ends', () => {
  let target: FuzzTarget;
  let token: string;
  beforeAll(async () => {
    target = await startFuzzTarget();
    token = await mintToken(target.keys.privateJwk, { consentimento: target.people.slice(0, 20) });
  }, 240_000);
  afterAll(() => target?.stop());

  /** Sends cases of an arbitrary. @returns how often each status came */
  async function sendAll<T>(values: fc.Arbitrary<T>, count: number, caseOf: (value: T, index: number) => Case) {
    const { seed = Date.now() % 2 ** 31 } = generatedProperty(count);
    const cases = fc.sample(values, { seed, numRuns: count });
    const faults: object[] = [];
    const statuses = new Map<number, number>();
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < cases.length && faults.length < 10) {
        const index = next++;
        const { request, token: ownToken, accepts } = caseOf(cases[index]!, index);
        const answer = await target.send(request, ownToken ?? token);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const fault = answer.fault ?? (accepts && !accepts(answer) ? 'an answer to something else' : undefined);
        if (fault) faults.push({ seed, index, fault, answer, request: { ...request, body: request.body?.toString() }, token: ownToken }); // prettier-ignore
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    expect(faults).toEqual([]);
    expect(target.faultsSoFar()).toEqual([]);
    return (status: number): number => (statuses.get(status) ?? 0) / count;
  }

  it(`to ${words(counts.documents)} generated documents, variables and routes`, async () => {
    const share = await sendAll(fc.constant(null), counts.documents, (_, seed) => ({
      request: strangeRequest(seed, target.people),
    }));
    expect({ answered: share(200) > 0.2, refused: share(400) > 0.2 }).toEqual({ answered: true, refused: true });
  }, 1_800_000);

  it(`to ${words(counts.bodies)} mutated bodies`, async () => {
    const cpf = target.people[0]!;
    const bodies = [
      graphql(EXAMPLE_QUERY, { cpf }),
      graphql('query P($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { nome score { valor } } }', { cpfs: target.people.slice(0, 3) }), // prettier-ignore
      graphql(`{ pessoa(cpf: "${cpf}") { eventos { consultas(first: 2) { totalCount } } } }`),
    ].map(({ body }) => body!.toString());
    const share = await sendAll(mutatedBodies(bodies), counts.bodies, (request) => ({ request }));
    expect({ answered: share(200) > 0.05, refused: share(400) > 0.4 }).toEqual({ answered: true, refused: true });
  }, 1_800_000);

  it(`to ${words(counts.tokens)} mutated tokens, none of which is accepted`, async () => {
    const { privateJwk } = target.keys;
    const signed = await Promise.all([
      mintToken(privateJwk),
      mintToken(privateJwk, { cpf: target.people[0]! }),
      mintToken(privateJwk, { ttlSeconds: -60 }),
    ]);
    const doors = [graphql('{ pessoa(cpf: "52998224725") { nome } }'), get('/score/52998224725')];
    const share = await sendAll(mutatedTokens(signed), counts.tokens, (mutated, index) => ({
      request: doors[index % doors.length]!,
      token: mutated,
      accepts: isRefused,
    }));
    expect(share(401)).toBe(1);
  }, 1_800_000);

  it(`to ${words(counts.tokens)} signed tokens with odd claims`, async () => {
    const { privateJwk } = target.keys;
    const tokens = oddlyClaimedTokens(privateJwk, Math.floor(Date.now() / 1_000));
    const request = graphql('{ pessoa(cpf: "52998224725") { nome eventos { ultimaCompraCartao { valor } } } }');
    const share = await sendAll(tokens, counts.tokens, (odd) => ({ request, token: odd }));
    expect({ answered: share(200) > 0.05, refused: share(401) > 0.2 }).toEqual({ answered: true, refused: true });
  }, 1_800_000);

  it(`to ${words(counts.cpfs)} texts in place of a CPF, at every door`, async () => {
    const doors: readonly ((text: string) => Case)[] = [
      (text) => ({ request: graphql('query ($cpf: CPF!) { pessoa(cpf: $cpf) { cpf } }', { cpf: text }), accepts: (answer) => isRightFor(text, answer) }), // prettier-ignore
      (text) => ({ request: graphql('query ($cpfs: [CPF!]!) { pessoas(cpfs: $cpfs) { cpf } }', { cpfs: [target.people[0], text] }), accepts: (answer) => isRightFor(text, answer) }), // prettier-ignore
      (text) => ({ request: graphql(`{ pessoa(cpf: ${JSON.stringify(text)}) { cpf } }`) }),
      (text) => ({ request: get(`/evento/ultcompracartao/${encodeURIComponent(text.toWellFormed())}`) }),
    ];
    const share = await sendAll(cpfStrings, counts.cpfs, (text, index) => doors[index % doors.length]!(text));
    expect({ answered: share(200) > 0.1, refused: share(400) > 0.4 }).toEqual({ answered: true, refused: true });
  }, 3_600_000);
});
