import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPopulation } from '@pessoa/development/seed/load-population';
import { peopleToTry, rowsToTry } from '@pessoa/development/seed/people-to-try/people-to-try';
import { type Data, fixedClock } from '@pessoa/domain/data';
import type { Examples, RecordedAnswer } from '@pessoa/rest/openapi/examples';
import { restRoutes } from '@pessoa/rest/routes';
import { ownerUrls } from '@pessoa/testkit/test-bases';
import { sendExample, type ExampleRequest, exampleRequests } from '../src/example-requests.ts';
import { root } from '../src/started-system.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const HOJE = '2026-11-22' as Data;
const FILE = join(root, 'schema/examples.json');
const RECORDING = process.env['PESSOA_RECORD_EXAMPLES'] === '1';

const people = peopleToTry.map(({ cpf, situacao }) => ({ cpf, situacao: situacao.pt }));

let graph: WholeGraph;

beforeAll(async () => {
  graph = await startWholeGraph({ clock: fixedClock(`${HOJE}T15:00:00Z`) });
  const urls = ownerUrls(graph.bases);
  const thousands = peopleToTry.find(({ situacao }) => situacao.en === 'thousands of postings')!.cpf;
  const paraExperimentar = rowsToTry(HOJE).filter(({ cpf }) => cpf !== thousands);
  await loadPopulation(urls, { pessoas: 0, seed: 1, hoje: HOJE, paraExperimentar });
  await graph.waitUntilIndexed();
  if (RECORDING) await record();
}, 60_000);
afterAll(() => graph?.close());

const recordedAs = (
  { name, summary, route }: ExampleRequest,
  { status, body }: { status: number; body: unknown },
): RecordedAnswer => ({
  name,
  summary,
  ...(route !== undefined && { route }),
  status,
  body: body as RecordedAnswer['body'],
});

async function record(): Promise<void> {
  const answers: RecordedAnswer[] = [];
  for (const request of exampleRequests) answers.push(recordedAs(request, await sendExample(graph, request)));
  writeFileSync(FILE, `${JSON.stringify({ people, answers } satisfies Examples, null, 2)}\n`);
}

const examples = (): Examples => JSON.parse(readFileSync(FILE, 'utf8')) as Examples;

interface Example {
  readonly summary: string;
  readonly value: unknown;
}

/** The examples of answers in the committed document, by route or response and by name. */
function documented(): Map<string, Example> {
  const document = JSON.parse(readFileSync(join(root, 'schema/openapi.json'), 'utf8'));
  const examples = new Map<string, Example>();
  const take = (
    place: string,
    { content }: { content: Record<string, { examples?: Record<string, Example> }> },
  ): void =>
    Object.values(content).forEach((media) =>
      Object.entries(media.examples ?? {}).forEach(([name, example]) => examples.set(`${place} ${name}`, example)),
    );
  for (const path of Object.keys(document.paths)) take(path, document.paths[path].get.responses['200']);
  for (const response of Object.values(document.components.responses)) take('refused', response as never);
  return examples;
}

describe('The examples of the OpenAPI document', () => {
  it.each(exampleRequests)('equal the service’s answers: $summary ($name)', async (request) => {
    const answer = await sendExample(graph, request);
    expect(examples().answers).toContainEqual(recordedAs(request, answer));
    if (RECORDING) return;
    expect(documented().get(`${request.route ?? 'refused'} ${request.name}`)).toEqual({
      summary: request.summary,
      value: answer.body,
    });
  });

  it('are exactly those of this test, and have the ten people to try', () => {
    const names = exampleRequests.map(({ route, name }) => [route, name]);
    expect(examples().answers.map(({ route, name }) => [route, name])).toEqual(names);
    expect(examples().people).toEqual(people);
  });

  it.each(restRoutes)('show at least two people by $path', ({ path }) => {
    expect(examples().answers.filter(({ route }) => route === path).length).toBeGreaterThan(1);
  });
});
