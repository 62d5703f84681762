import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cpfHasher } from '@pessoa/domain/cpf-hash';
import { clientEnvironment } from '../src/client-examples.ts';
import { codeBlocksOf } from '../src/documents.ts';
import { consentClaims, startGraphOfPeopleToTry } from '../src/people-to-try-graph.ts';
import { root } from '../src/started-system.ts';
import { makeCertificate, startTlsFront, type TlsFront } from '../src/tls-front.ts';
import { startTokenIssuer, type TokenIssuer } from '../src/token-issuer.ts';
import type { WholeGraph } from '../src/whole-graph.ts';

const AUDIENCE = 'https://api.pessoa.example';
const CPF = '99999900100';
const SECRET = 'um segredo & outros sinais: +%=';
const SCOPES = 'divida:read score:read score:detalhe evento:read evento:movimentacao';
const blocks = codeBlocksOf('docs/integrar.md').map(({ text }) => text);

describe('A stranger with docs/integrar.md, an issuer and a system in production', () => {
  const closers: (() => Promise<unknown>)[] = [];
  let folder: string;
  let issuerFront: TlsFront;
  let apiFront: TlsFront;
  let issuer: TokenIssuer;
  let graph: WholeGraph;
  /** What each command block printed. */
  let outputs: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pessoa-integrar-'));
    closers.push(() => rm(folder, { recursive: true }));
    const ofServers = await makeCertificate(folder, { certificate: 'server.pem', key: 'server-key.pem', name: 'localhost' }); // prettier-ignore
    await makeCertificate(folder, { certificate: 'certificate.pem', key: 'key.pem', name: 'loja' });
    issuerFront = await startTlsFront(ofServers);
    closers.unshift(() => issuerFront.close());
    apiFront = await startTlsFront(ofServers);
    closers.unshift(() => apiFront.close());
    issuer = await startTokenIssuer({
      issuer: issuerFront.url,
      audience: AUDIENCE,
      scopes: SCOPES,
      clients: [
        { id: 'loja', secret: SECRET },
        { id: 'loja-mtls', secret: SECRET, isBoundToCertificate: true },
      ],
      claims: { consentimento: consentClaims() },
    });
    closers.unshift(() => issuer.close());
    issuerFront.forwardTo(issuer.url);
    graph = await startGraphOfPeopleToTry({
      auditor: true,
      env: {
        PESSOA_ENV: 'production',
        JWT_JWKS_URL: `${issuer.url}/jwks`,
        JWT_ISSUER: issuerFront.url,
        JWT_AUDIENCE: AUDIENCE,
        JWT_MAX_LIFETIME_SECONDS: '900',
        DPOP_URLS: apiFront.url,
        CLIENT_CERTIFICATE_HEADER: 'client-cert',
        CLIENT_CERTIFICATE_PROXIES: '127.0.0.0/8',
      },
    });
    closers.unshift(() => graph.close());
    apiFront.forwardTo(graph.router.url);
    outputs = await runBlocks(ofServers.certificate);
  }, 300_000);
  afterAll(async () => {
    for (const close of closers) await close();
  });

  /** Runs all blocks of the document in one shell, one after the other, as a reader does. */
  async function runBlocks(authority: string): Promise<string[]> {
    const values = { URL: apiFront.url, TOKEN_URL: `${issuerFront.url}/token`, CLIENT_SECRET: SECRET };
    const script = blocks
      .map((text) =>
        Object.entries(values)
          .reduce(
            (filled, [name, value]) =>
              filled.replace(new RegExp(`^export ${name}=.*$`, 'm'), `export ${name}='${value}'`),
            text,
          ) // prettier-ignore
          .replaceAll('certificate.pem', `${folder}/certificate.pem`)
          .replaceAll('key.pem', `${folder}/key.pem`),
      )
      .join("\nprintf '\\n@@\\n'\n");
    // The certificate of the fronts is of nobody's authority.
    const trust = { CURL_CA_BUNDLE: authority, NODE_EXTRA_CA_CERTS: authority, SSL_CERT_FILE: authority };
    const options = { cwd: root, env: clientEnvironment(trust) };
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], options);
    return stdout.split('\n@@\n');
  }

  it('gets a token that has what the document asks of it', () => {
    const claims = JSON.parse(outputs[1]!) as { exp: number; scope: string };
    expect(claims).toMatchObject({ iss: issuerFront.url, aud: AUDIENCE, client_id: 'loja' });
    expect(claims.scope.split(' ').toSorted()).toEqual(SCOPES.split(' ').toSorted());
    expect(claims.exp * 1_000).toBeGreaterThan(Date.now());
  });

  it('gets the answer of the main query, whole', () => {
    expect(JSON.parse(outputs[2]!)).toEqual({
      data: {
        pessoa: {
          nome: 'Ana Protesto Fictícia',
          dividas: { nodes: [{ credor: expect.anything(), valorOriginal: '1234.56' }, expect.anything()] },
          score: { valor: expect.any(Number), faixa: 'EXCELENTE' },
          eventos: {
            ultimaConsulta: { dataHora: expect.any(String) },
            movimentacaoFinanceira: { nodes: expect.arrayContaining([{ valor: '45.90' }]) },
            ultimaCompraCartao: { valor: '89.90' },
          },
        },
      },
    });
  });

  it('gets parts of the same person by REST', () => {
    const bodies = outputs[3]!.replace('}{', '}\n{').split('\n').map((json) => JSON.parse(json) as unknown); // prettier-ignore
    expect(bodies).toEqual([
      { cpf: CPF, score: expect.objectContaining({ faixa: 'EXCELENTE' }), idade: expect.any(Number) },
      { cpf: CPF, nome: 'Ana Protesto Fictícia', dividas: expect.any(Array), resumo: expect.any(Object) },
    ]);
  });

  it('gets the same answer from the examples', () => {
    const lines = outputs[4]!.trim().split('\n');
    expect(lines).toHaveLength(12);
    expect(lines.slice(0, 2)).toEqual(['nome: Ana Protesto Fictícia', expect.stringMatching(/^score: \d+ EXCELENTE$/)]);
    expect([lines.slice(4, 8), lines.slice(8)]).toEqual([lines.slice(0, 4), lines.slice(0, 4)]);
  });

  it('gets an answer with a token that is bound to a key by DPoP', () => {
    expect(outputs[5]).toMatch(/^200 \{.*"faixa":"EXCELENTE".*\}\n$/);
  });

  it('gets an answer with a token that is bound to a certificate, and none without the certificate', () => {
    const bodies = outputs[6]!.replace('}{', '}\n{').trim().split('\n').map((json) => JSON.parse(json) as unknown); // prettier-ignore
    expect(bodies).toEqual([
      { cpf: CPF, score: expect.objectContaining({ faixa: 'EXCELENTE' }) },
      expect.objectContaining({ code: 'UNAUTHENTICATED', status: 401 }),
    ]);
  });

  it('gets the proof of its read, and the key of the log', () => {
    const [proof, key] = outputs[7]!.split(/\n(?=\S+\+[0-9a-f]{8}\+)/) as [string, string];
    expect(JSON.parse(proof)).toMatchObject({
      registro: { clientId: 'loja', finalidade: 'CONCESSAO_CREDITO', campos: expect.any(Array) },
      prova: { indice: expect.any(Number), checkpoint: expect.stringContaining('\n') },
    });
    expect(key).toMatch(/^\S+\+[0-9a-f]{8}\+[\w+/=]+\n/);
  });

  it('leaves its purpose, its client and the id of the consent in the audit', async () => {
    const hashOf = cpfHasher(Buffer.from(graph.environment.env['CPF_HASH_KEY']!, 'base64url'));
    const { rows } = await graph.bases.auditoria.owner.query<object>(
      'SELECT DISTINCT client_id, finalidade, consentimento FROM acesso WHERE cpf_hash = $1 ORDER BY client_id',
      [hashOf(CPF as Parameters<typeof hashOf>[0])],
    );
    const [consent] = consentClaims().filter(({ cpf }) => cpf === CPF);
    const read = { finalidade: 'CONCESSAO_CREDITO', consentimento: consent!.id };
    expect(rows).toEqual([
      { client_id: 'loja', ...read },
      { client_id: 'loja-mtls', ...read },
    ]);
  });
});
