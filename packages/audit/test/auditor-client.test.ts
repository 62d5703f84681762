import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AuditorClient, openAuditorClient } from '../src/auditor-client.ts';

describe('The router’s client of the auditor', () => {
  let answer: RequestListener;
  let server: Server;
  let client: AuditorClient;
  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    client = openAuditorClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, new Uint8Array(32));
  });
  afterAll(async () => {
    await client.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const get = () => client.get('/auditoria/checkpoint', { interacao: 'uma' });

  it('passes on an answer as long as allowed, and refuses one byte more as FONTE_INVALIDA', async () => {
    const { port } = server.address() as AddressInfo;
    // On a busy machine ten megabytes may take longer than a call has.
    const patient = openAuditorClient(`http://127.0.0.1:${port}`, new Uint8Array(32), 60_000);
    const getLong = () => patient.get('/auditoria/checkpoint', { interacao: 'uma' });
    answer = (_, response) => response.end(Buffer.alloc(10_000_000));
    expect((await getLong()).body).toHaveLength(10_000_000);
    answer = (_, response) => response.end(Buffer.alloc(10_000_001));
    await expect(getLong()).rejects.toMatchObject({ code: 'FONTE_INVALIDA', fonte: 'auditoria' });
    await patient.close();
  });

  it('says FONTE_INDISPONIVEL for an answer that breaks off, and FONTE_LENTA for one that does not come', async () => {
    answer = (_, response) => response.writeHead(200, { 'content-length': 9 }).write('a', () => response.destroy());
    await expect(get()).rejects.toMatchObject({ code: 'FONTE_INDISPONIVEL', fonte: 'auditoria' });
    answer = () => {};
    await expect(get()).rejects.toMatchObject({ code: 'FONTE_LENTA', fonte: 'auditoria' });
  });

  it('does not let the callers of reads wait for those who have no token', async () => {
    answer = ({ headers }, response) => void (headers.authorization && response.end('provas'));
    const strangers = Array.from({ length: 50 }, () => get().catch((error: { code?: string }) => error.code));
    const proof = await client.get('/auditoria/provas/uma', { interacao: 'uma', authorization: 'Bearer x' });
    expect(proof.body.toString()).toBe('provas');
    expect(new Set(await Promise.all(strangers))).toEqual(new Set(['FONTE_LENTA']));
  });
});
