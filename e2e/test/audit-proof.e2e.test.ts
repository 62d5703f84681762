import { setTimeout as sleep } from 'node:timers/promises';
import { trustedKeys } from '@pessoa/audit-verifier/trusted-checkpoint';
import { verifyPerson } from '@pessoa/audit-verifier/verify-person';
import { verifyAnswer } from '@pessoa/audit-verifier/verify-records';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readDocument } from '../src/documents.ts';
import { addPerson } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

/** What is not as the OpenAPI document describes it. */
function faultsOf(schema: string, answer: object): readonly unknown[] {
  const ajv = new Ajv2020({ strict: false, validateFormats: true, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(JSON.parse(readDocument('schema/openapi.json')) as object, 'openapi');
  const validate = ajv.getSchema(`openapi#/components/schemas/${schema}`)!;
  validate(answer);
  return validate.errors ?? [];
}

describe.each(['relayed', 'single'] as const)('The proof of a read, with the wiring %s', (wiring) => {
  let graph: WholeGraph;
  let cpf: string;
  let token: string;
  beforeAll(async () => {
    graph = await startWholeGraph({ wiring, auditor: true });
    cpf = await addPerson(graph);
    token = await graph.environment.token({ consentimento: [cpf] });
  });
  afterAll(() => graph.close());

  const ask = async (path: string, bearer = token) => {
    const response = await fetch(graph.router.url + path, { headers: { authorization: `Bearer ${bearer}` } });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as object };
  };
  async function proofOf(interacao: string) {
    for (;;) {
      const answer = await ask(`/auditoria/provas/${interacao}`);
      if (answer.status !== 503) return answer;
      expect(answer.json()).toMatchObject({ code: 'PROVA_PENDENTE' });
      expect(answer.headers.get('retry-after')).toBe('1');
      await sleep(100);
    }
  }

  it('is valid by the key of the log, for REST and for the graph', async () => {
    const rest = await ask(`/score/${cpf}?campos=score`);
    const graphql = await fetch(`${graph.router.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ pessoa(cpf: "${cpf}") { nome } }` }),
    });
    const keys = trustedKeys((await ask('/auditoria/chave')).text.trim(), []);
    for (const { headers } of [rest, graphql]) {
      const interacao = headers.get('x-fapi-interaction-id')!;
      const { status, text } = await proofOf(interacao);
      expect(status).toBe(200);
      expect(text).not.toContain(cpf);
      expect(verifyAnswer(text, keys, interacao).records).toMatchObject([{ record: { servico: 'router' } }]);
    }
  });

  it('has the form that the OpenAPI document describes', async () => {
    const { headers } = await ask(`/divida/${cpf}?campos=nome`);
    const answer = (await proofOf(headers.get('x-fapi-interaction-id')!)).json();
    expect(faultsOf('ProvaDaAuditoria', answer)).toEqual([]);
    expect(faultsOf('ProvaDaAuditoria', { ...answer, registros: [{}] })).not.toEqual([]);
  });

  it('is one with the list of all reads of the person, which the holder gets by the same router', async () => {
    const { headers } = await ask(`/score/${cpf}?campos=score`);
    await proofOf(headers.get('x-fapi-interaction-id')!);
    const holder = await graph.environment.token({ cpf });
    const path = `/auditoria/pessoa/${cpf}`;
    const { status, text } = await ask(path, holder);
    expect(status).toBe(200);
    const keys = trustedKeys((await ask('/auditoria/chave')).text.trim(), []);
    const { reads } = verifyPerson([['reads.json', text]], keys, cpf);
    expect(reads.map(({ content }) => content!.record['interacao'])).toContain(headers.get('x-fapi-interaction-id'));
    expect(faultsOf('ConsultasDoTitular', JSON.parse(text) as object)).toEqual([]);
    expect(faultsOf('ConsultasDoTitular', { registros: [] })).not.toEqual([]);
    const other = await ask(path);
    expect([other.status, other.json()]).toEqual([404, expect.objectContaining({ code: 'PROVA_DESCONHECIDA' })]);
    expect((await ask(`${path}?depois=x`, holder)).json()).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect((await ask('/auditoria/pessoa/12345678900', holder)).json()).toMatchObject({ code: 'CPF_INVALIDO' });
    expect(await ask(path, 'x')).toMatchObject({ status: 401 });
    const refused = await ask(path, await graph.environment.token({ cpf, scope: 'score:read' }));
    expect([refused.status, refused.json()]).toMatchObject([403, { code: 'UNAUTHORIZED_FIELD_OR_TYPE', motivo: 'ESCOPO', escopos: ['evento:read'] }]); // prettier-ignore
    expect(refused.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope", scope="evento:read"');
    expect(faultsOf('Problem', refused.json())).toEqual([]);
  });

  it('needs a purpose as every call: of the token, or of the header', async () => {
    const interacao = (await ask(`/score/${cpf}?campos=score`)).headers.get('x-fapi-interaction-id')!;
    await proofOf(interacao);
    const authorization = `Bearer ${await graph.environment.token({ finalidade: null })}`;
    const url = `${graph.router.url}/auditoria/provas/${interacao}`;
    const without = await fetch(url, { headers: { authorization } });
    expect([without.status, await without.json()]).toMatchObject([403, { code: 'FINALIDADE_AUSENTE' }]);
    expect(await fetch(url, { headers: { authorization, 'x-finalidade': 'COBRANCA' } })).toMatchObject({ status: 200 });
  });

  it('is for the client and the subject of the read alone', async () => {
    const interacao = (await ask(`/score/${cpf}?campos=score`)).headers.get('x-fapi-interaction-id')!;
    await proofOf(interacao);
    for (const other of [{ clientId: 'outra-loja' }, { subject: 'outro-atendente' }]) {
      const answer = await ask(`/auditoria/provas/${interacao}`, await graph.environment.token(other));
      expect([answer.status, answer.json()]).toEqual([404, expect.objectContaining({ code: 'PROVA_DESCONHECIDA' })]);
    }
    expect(await ask(`/auditoria/provas/${interacao}`, 'x')).toMatchObject({ status: 401 });
  });

  it('has a log that everybody may read', async () => {
    await proofOf((await ask(`/score/${cpf}?campos=score`)).headers.get('x-fapi-interaction-id')!);
    for (const path of ['checkpoint', 'chave', 'tile/0/000.p/1', 'tile/0/000.p%2F1', 'tile/entries/000.p/1'])
      expect({ path, status: (await fetch(`${graph.router.url}/auditoria/${path}`)).status }).toEqual({
        path,
        status: 200,
      });
    const missing = await ask('/auditoria/tile/0/999');
    expect([missing.status, missing.json()]).toEqual([404, expect.objectContaining({ code: 'RECURSO_DESCONHECIDO' })]);
  });
});

describe('Without its auditor', () => {
  it('a router has no such paths, and one that lost it goes on with reads', async () => {
    const graph = await startWholeGraph({ wiring: 'relayed', auditor: true });
    try {
      const cpf = await addPerson(graph);
      const headers = { authorization: `Bearer ${await graph.environment.token({ consentimento: [cpf] })}` };
      const without = await graph.startAnotherRouter({ AUDITOR_URL: '' });
      const unknown = await fetch(`${without.url}/auditoria/checkpoint`);
      expect([unknown.status, await unknown.json()]).toMatchObject([404, { code: 'ROTA_DESCONHECIDA' }]);

      await graph.auditor!.close();
      const read = await fetch(`${graph.router.url}/score/${cpf}?campos=score`, { headers });
      expect(read.status).toBe(200);
      const path = `/auditoria/provas/${read.headers.get('x-fapi-interaction-id')}`;
      const proof = await fetch(graph.router.url + path, { headers });
      expect([proof.status, await proof.json()]).toMatchObject([
        503,
        { code: 'FONTE_INDISPONIVEL', fonte: 'auditoria' },
      ]);
    } finally {
      await graph.close();
    }
  });
});
