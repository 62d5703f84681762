import { createHash, randomUUID } from 'node:crypto';
import { trustedKeys } from '@pessoa/audit-verifier/trusted-checkpoint';
import { verifyAnswer } from '@pessoa/audit-verifier/verify-records';
import { ed25519Verifier, openNote } from '@pessoa/transparency-log/notes/signed-note';
import { parseCheckpoint } from '@pessoa/transparency-log/checkpoints/checkpoint';
import { decodeEntryBundle } from '@pessoa/transparency-log/tiles/entry-bundle';
import { tilePath } from '@pessoa/transparency-log/tiles/tile-paths';
import { hashLeaf } from '@pessoa/transparency-log/tree/hashes';
import { treeRoot } from '@pessoa/transparency-log/tree/tree-proofs';
import { type AuditorUnderTest, startAuditorUnderTest } from './auditor-under-test.ts';
import type { ProvenRecord } from '../src/proofs/record-proofs.ts';

describe('the auditor', () => {
  let auditor: AuditorUnderTest;
  beforeAll(async () => {
    auditor = await startAuditorUnderTest();
  });
  afterAll(() => auditor.close());

  const sha256 = (salt: string | undefined, text: string): string =>
    createHash('sha256').update(Buffer.from(salt!, 'base64')).update(text).digest('base64');
  const tokenOf = (clientId: string, subject: string) => auditor.environment.token({ clientId, subject });
  const proofs = async (interacao: string, token: string) => {
    const response = await auditor.get(`/auditoria/provas/${interacao}`, token);
    return { status: response.status, body: (await response.json()) as { registros: ProvenRecord[]; code?: string } };
  };
  const logKey = async () => (await (await auditor.get('/auditoria/chave')).text()).trim();
  const checkpointOf = async (note: string) => parseCheckpoint(openNote(note, [ed25519Verifier(await logKey())]).text);

  it('publishes a checkpoint that is signed, and tiles that give its root', async () => {
    await auditor.reads.record(300);
    const checkpoint = await checkpointOf(await auditor.published());
    expect(checkpoint).toMatchObject({
      origin: 'bureau.example/auditoria',
      extensions: [expect.stringMatching(/^pessoas 1 /)],
    });
    const root = await treeRoot(checkpoint.size, (ids) =>
      Promise.all(
        ids.map(async (id) => {
          const response = await auditor.get(`/auditoria/${tilePath(id)}`);
          expect(response.headers.get('cache-control')).toContain('immutable');
          return { ...id, hashes: new Uint8Array(await response.arrayBuffer()) };
        }),
      ),
    );
    expect(Buffer.from(root)).toEqual(Buffer.from(checkpoint.root));
  });

  it('publishes entries that are the leaves of the tree and hold nothing of a record', async () => {
    await auditor.reads.record(1);
    await auditor.published();
    const bundle = await auditor.get('/auditoria/tile/entries/000.p/3');
    const entries = decodeEntryBundle(new Uint8Array(await bundle.arrayBuffer()));
    const tile = Buffer.from(await (await auditor.get('/auditoria/tile/0/000.p/3')).arrayBuffer());
    expect(Buffer.concat(entries.map(hashLeaf))).toEqual(tile);
    expect(entries.map(({ byteLength }) => byteLength)).toEqual([32, 32, 32]);
  });

  it('proves to the caller of a read that its record is in the tree, as the caller knows it', async () => {
    const [read] = await auditor.reads.record(1, { clientId: 'banco', sujeito: 'maria', finalidade: 'LOCACAO' });
    await auditor.published();
    const { status, body } = await proofs(read!.interacao, await tokenOf('banco', 'maria'));
    expect(status).toBe(200);
    const [{ registro, salSujeito }] = body.registros as [ProvenRecord];
    expect(registro).toMatchObject({ id: read!.id, clientId: 'banco', sujeito: sha256(salSujeito, 'maria'), finalidade: 'LOCACAO', campos: read!.campos, dataHora: read!.dataHora.toISOString() }); // prettier-ignore
    verifyAnswer(JSON.stringify(body), trustedKeys(await logKey(), []), read!.interacao);
  });

  it('proves a record that is in no list too, which has the nonce as the salt of its subject', async () => {
    const [read] = await auditor.reads.record(1, { clientId: 'banco', sujeito: 'maria', cpfCifrado: undefined });
    await auditor.published();
    const { body } = await proofs(read!.interacao, await tokenOf('banco', 'maria'));
    const [{ registro, nonce, salSujeito }] = body.registros as [ProvenRecord];
    expect(salSujeito).toBeUndefined();
    expect(registro).toMatchObject({ versao: 1, sujeito: sha256(nonce, 'maria') });
    verifyAnswer(JSON.stringify(body), trustedKeys(await logKey(), []), read!.interacao);
  });

  it.each([
    ['another client', 'loja', 'maria'],
    ['another subject', 'banco', 'joana'],
  ])('says to %s that it does not know the record, as for one that does not exist', async (_who, clientId, subject) => {
    const [read] = await auditor.reads.record(1, { clientId: 'banco', sujeito: 'maria' });
    await auditor.published();
    const token = await tokenOf(clientId, subject);
    const unknown = await proofs(randomUUID(), token);
    expect(unknown).toMatchObject({ status: 404, body: { code: 'PROVA_DESCONHECIDA' } });
    expect(await proofs(read!.interacao, token)).toEqual(unknown);
  });

  it.each([
    ['a thousand', [1_000]],
    ['more than a thousand', [1_000, 3]],
  ])('pages through the records of an interaction that has %s', async (_case, pages) => {
    const interacao = randomUUID();
    const total = pages.reduce((sum, records) => sum + records);
    await auditor.reads.record(total, { clientId: 'lote', sujeito: 'robô', interacao });
    await auditor.published();
    const token = await tokenOf('lote', 'robô');
    const ids: string[] = [];
    let depois = '';
    for (const expected of pages) {
      const response = await auditor.get(`/auditoria/provas/${interacao}${depois}`, token);
      const page = (await response.json()) as { registros: ProvenRecord[]; proximo: string | null };
      expect(page.registros).toHaveLength(expected);
      ids.push(...page.registros.map(({ registro }) => registro.id));
      depois = `?depois=${page.proximo}`;
    }
    expect(depois).toBe('?depois=null');
    expect(new Set(ids).size).toBe(total);
  });

  it.each([
    ['an interaction id that is none', '/auditoria/provas/abc', 400, 'BAD_USER_INPUT'],
    ['a page after what is no id', `/auditoria/provas/${randomUUID()}?depois=abc`, 400, 'BAD_USER_INPUT'],
    ['a tile that is not published', '/auditoria/tile/0/x999/999', 404, 'RECURSO_DESCONHECIDO'],
    ['a tile of another spelling', '/auditoria/tile/0/0', 404, 'RECURSO_DESCONHECIDO'],
    ['a tile of a level that no log has', '/auditoria/tile/9/000', 404, 'RECURSO_DESCONHECIDO'],
  ])('refuses %s', async (_case, path, status, code) => {
    const response = await auditor.get(path, await tokenOf('loja', 'atendente'));
    expect({ status: response.status, body: await response.json() }).toMatchObject({ status, body: { code } });
  });

  it('gives proofs to the router only, and to nobody without a token', async () => {
    const path = `/auditoria/provas/${randomUUID()}`;
    const token = await tokenOf('loja', 'atendente');
    expect((await fetch(auditor.url + path, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    expect((await auditor.get(path)).status).toBe(401);
  });
});
