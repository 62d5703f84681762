import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import lang, { type BrunoRequest } from '@usebruno/lang';
import type { RunningService } from '@pessoa/service/processes/process';
import { readDocument } from '../src/documents.ts';
import { addPerson } from '../src/people.ts';
import { root } from '../src/started-system.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const files = (folder: string): string[] => globSync(`docs/bruno/${folder}/*.bru`, { cwd: root }).toSorted();
const requestIn = (file: string): BrunoRequest => lang.bruToJsonV2(readDocument(file));
const environment = lang.bruToEnvJsonV2(readDocument('docs/bruno/environments/Local.bru'));
const collection = lang.collectionBruToJson(readDocument('docs/bruno/collection.bru'));
const folders = ['REST', 'GraphQL', 'Persistidas'] as const;
const openApi = JSON.parse(readDocument('schema/openapi.json')) as {
  paths: Record<string, { get: { operationId: string } }>;
};
const routes = Object.values(openApi.paths).map(({ get }) => get.operationId);
const { operations } = JSON.parse(readDocument('schema/operations.json')) as { operations: { name: string }[] };
const operationNames = operations.map(({ name }) => name);

/** The list of all reads is for the holder, and names nobody. */
const HOLDERS = 'docs/bruno/REST/ConsultasDoTitular.bru';
/** Proofs are for the holder too. */
const isOfHolder = (file: string): boolean => file === HOLDERS || file.endsWith('/PaginaProvas.bru');
/** All requests but those of the model's card and of the audit's log. */
const isAboutPerson = (file: string): boolean => file !== HOLDERS && readDocument(file).includes('{{cpf}}');

describe('The Bruno collection', () => {
  let graph: WholeGraph;
  let router: RunningService;
  /** Values of Bruno's variables. */
  let values: Record<string, string>;

  beforeAll(async () => {
    graph = await startWholeGraph({ wiring: 'single', env: { PERSISTED_OPERATIONS: 'on' } });
    router = graph.router;
    const cpf = await addPerson(graph);
    const token = await graph.environment.token({ consentimento: [cpf], finalidade: null });
    const { headers } = await fetch(`${router.url}/score/${cpf}`, {
      headers: { authorization: `Bearer ${token}`, 'x-finalidade': 'CONCESSAO_CREDITO' },
    });
    values = { url: router.url, cpf, token, finalidade: 'CONCESSAO_CREDITO', interacao: headers.get('x-fapi-interaction-id')! }; // prettier-ignore
    await untilProven(values['interacao']!, token);
  });
  afterAll(() => graph.close());

  async function untilProven(interacao: string, token: string): Promise<void> {
    const headers = { authorization: `Bearer ${token}`, 'x-finalidade': 'CONCESSAO_CREDITO' };
    const ask = () => fetch(`${router.url}/auditoria/provas/${interacao}`, { headers });
    while ((await ask()).status === 503) await sleep(100);
  }

  const filled = (text: string): string =>
    text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
      if (values[name] === undefined) throw new Error(`the variable ${name} has no value`);
      return values[name];
    });

  /** Sends a request as Bruno does. @param token default: that of the environment */
  async function send(
    { http, params = [], body }: BrunoRequest,
    token = filled(collection.auth!.bearer!.token),
  ): Promise<{ status: number; answer: unknown }> {
    const path = params.filter(({ type }) => type === 'path');
    const url = path.reduce((text, { name, value }) => text.replace(`:${name}`, filled(value)), filled(http.url));
    const query = new URLSearchParams(
      params.filter(({ type, enabled }) => type === 'query' && enabled).map(({ name, value }) => [name, filled(value)]),
    );
    const bodies: Record<string, string | undefined> = {
      json: body?.json,
      graphql:
        body?.graphql && `{"query": ${JSON.stringify(body.graphql.query)}, "variables": ${body.graphql.variables}}`,
    };
    const text = bodies[http.body];
    const response = await fetch(query.size > 0 ? `${url}?${query}` : url, {
      method: http.method.toUpperCase(),
      headers: {
        ...Object.fromEntries((collection.headers ?? []).map(({ name, value }) => [name, filled(value)])),
        authorization: `Bearer ${token}`,
        ...(text !== undefined && { 'content-type': 'application/json' }),
      },
      ...(text !== undefined && { body: filled(text) }),
    });
    const isJson = response.headers.get('content-type')!.includes('json');
    return { status: response.status, answer: isJson ? await response.json() : await response.text() };
  }

  it('has every route and every persisted operation, and an environment with the variables that they use', () => {
    for (const folder of folders) {
      const names = files(folder).map((file) => basename(file, '.bru'));
      expect({ folder, names }).toEqual({ folder, names: (folder === 'REST' ? routes : operationNames).toSorted() });
    }
    const text = folders.flatMap(files).map(readDocument).join('') + readDocument('docs/bruno/collection.bru');
    const used = new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name));
    expect(environment.variables.map(({ name }) => name).toSorted()).toEqual([...used].toSorted());
  });

  it('asks for the proof of the last answer about a person', () => {
    for (const file of files('REST').filter(isAboutPerson))
      expect(requestIn(file).vars?.res).toMatchObject([{ name: 'interacao', value: "res.headers['x-fapi-interaction-id']" }]); // prettier-ignore
    expect(requestIn('docs/bruno/REST/ProvaDaAuditoria.bru').http.url).toBe('{{url}}/auditoria/provas/:interacao');
  });

  it('keeps the token out of its files', () => {
    expect(environment.variables.filter(({ secret }) => secret)).toEqual([
      expect.objectContaining({ name: 'token', value: '' }),
    ]);
  });

  it.each(folders.flatMap(files))('%s gets a whole answer', async (file) => {
    const token = isOfHolder(file) ? await graph.environment.token({ cpf: values['cpf'] }) : undefined;
    const { status, answer } = await send(requestIn(file), token);
    const { errors = [] } = answer as { errors?: { extensions: { code: string } }[] };
    const isPending = ({ extensions }: (typeof errors)[number]): boolean => extensions.code === 'PROVA_PENDENTE';
    // A record of these very tests may have no proof yet.
    expect({ status, errors: errors.filter((error) => !isPending(error)) }).toEqual({ status: 200, errors: [] });
    // The page's further pages do not ask for the CPF again.
    const { data } = answer as { data?: { pessoa?: unknown } };
    if (isAboutPerson(file) && !data?.pessoa) expect(JSON.stringify(answer)).toContain(`"cpf":"${values['cpf']}"`);
  });

  it.each(files('REST').filter(isAboutPerson))('%s has parameters that the route takes', async (file) => {
    const request = requestIn(file);
    const params = request.params?.map((param) => ({ ...param, enabled: param.value !== '' }));
    expect(params?.length).toBeGreaterThan(1);
    expect(await send({ ...request, params: params! })).toMatchObject({ status: 200 });
  });
});
