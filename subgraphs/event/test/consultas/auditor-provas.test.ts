import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AuditorClient, openAuditorClient } from '@pessoa/audit/auditor-client';
import { READ_PROOFS_PATH } from '@pessoa/audit/read-proofs';
import { systemClock } from '@pessoa/domain/data';
import { INTERNAL_IDENTITY_HEADER, readInternalIdentity } from '@pessoa/service/identity/internal-identity';
import { createSourceBreaker } from '@pessoa/subgraph/base/source-breaker';
import { auditorProvas } from '../../src/consultas/auditor-provas.ts';

const caller = { interacao: randomUUID(), authorization: 'Bearer do-titular', finalidade: 'CONSULTA_DO_TITULAR' };
const proven = { estado: 'PROVADA', indice: 1, inclusao: [], registro: '{}', nonce: '' };
const answer = { checkpoint: { nota: 'nota', tamanho: 2 }, pessoa: '', provas: [proven] };

describe('The auditor as the source of proofs', () => {
  const key = randomBytes(32);
  let handle: RequestListener;
  let server: Server;
  let client: AuditorClient;
  /** Does not wait for long. On a busy machine an answer may take longer too. */
  let hasty: AuditorClient;
  beforeAll(async () => {
    server = createServer((request, response) => handle(request, response));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    client = openAuditorClient(url, key, 30_000);
    hasty = openAuditorClient(url, key, 300);
  });
  afterAll(async () => {
    await Promise.all([client.close(), hasty.close()]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const sourceOf = (asking = client) => auditorProvas(asking, createSourceBreaker('auditoria'));
  const prove = (source = sourceOf(), ids = ['1']) => source.prove({ registros: ids }, caller);
  const answering =
    (status: number, body: unknown): RequestListener =>
    (_, response) =>
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));

  it('is asked as one of our services, with the token and the purpose of the holder', async () => {
    const asked = Promise.withResolvers<{ headers: NodeJS.Dict<string | string[]>; url: string; body: string }>();
    handle = (request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        asked.resolve({ headers: request.headers, url: request.url!, body });
        answering(200, answer)(request, response);
      });
    };
    expect(await prove()).toEqual(answer);
    const { headers, url, body } = await asked.promise;
    expect([url, JSON.parse(body)]).toEqual([READ_PROOFS_PATH, { registros: ['1'] }]);
    expect(headers).toMatchObject({
      authorization: caller.authorization,
      'x-finalidade': caller.finalidade,
      'x-fapi-interaction-id': caller.interacao,
    });
    const call = { subgraph: 'auditor', method: 'POST', path: url, authorization: caller.authorization, finalidade: caller.finalidade }; // prettier-ignore
    const identity = readInternalIdentity(key, headers[INTERNAL_IDENTITY_HEADER], call, systemClock);
    expect([identity?.matchesBody(body), identity?.matchesBody('{"registros":["2"]}')]).toEqual([true, false]);
  });

  it.each<[string, number, unknown, string]>([
    ['what is no JSON', 200, '<html>', 'FONTE_INVALIDA'],
    ['another form', 200, { ...answer, provas: [{ estado: 'PROVADA' }] }, 'FONTE_INVALIDA'],
    ['a state that is none', 200, { ...answer, provas: [{ estado: 'SIM' }] }, 'FONTE_INVALIDA'],
    ['fewer proofs than asked for', 200, { ...answer, provas: [] }, 'FONTE_INVALIDA'],
    ['more proofs than asked for', 200, { ...answer, provas: [proven, proven] }, 'FONTE_INVALIDA'],
    ['a refusal of our identity', 401, { code: 'UNAUTHENTICATED' }, 'FONTE_INVALIDA'],
    ['a refusal of the holder', 404, { code: 'PROVA_DESCONHECIDA' }, 'FONTE_INVALIDA'],
    ['that its database does not answer', 503, { code: 'FONTE_INDISPONIVEL' }, 'FONTE_INDISPONIVEL'],
    ['that its database is slow', 503, { code: 'FONTE_LENTA' }, 'FONTE_LENTA'],
    ['that it shuts down', 503, { code: 'SERVICO_ENCERRANDO' }, 'FONTE_INDISPONIVEL'],
    ['a bug', 500, { code: 'INTERNAL_SERVER_ERROR' }, 'FONTE_INDISPONIVEL'],
    ['the page of a proxy', 502, '<html>', 'FONTE_INDISPONIVEL'],
  ])('is lost when it answers %s', async (_case, status, body, code) => {
    handle = answering(status, body);
    await expect(prove()).rejects.toMatchObject({ code, fonte: 'auditoria' });
  });

  it('is lost when it is silent, and is not asked any more when it stays so', async () => {
    let asked = 0;
    handle = () => void (asked += 1);
    const source = sourceOf(hasty);
    await expect(prove(source)).rejects.toMatchObject({ code: 'FONTE_LENTA', fonte: 'auditoria' });
    await Promise.allSettled(Array.from({ length: 10 }, () => prove(source)));
    const before = asked;
    await expect(prove(source)).rejects.toMatchObject({ code: 'FONTE_INDISPONIVEL', fonte: 'auditoria' });
    expect(asked).toBe(before);
  });
});
