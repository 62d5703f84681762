import { randomUUID } from 'node:crypto';
import type { Acesso } from '@pessoa/audit/audit-log';
import { type ProvenRead, READ_PROOFS_MAX, READ_PROOFS_PATH, type ReadProofs } from '@pessoa/audit/read-proofs';
import { trustedKeys } from '@pessoa/audit-verifier/trusted-checkpoint';
import { verifyAnswer } from '@pessoa/audit-verifier/verify-records';
import type { Cpf } from '@pessoa/domain/cpf';
import { newCpf } from '@pessoa/testkit/read-recorder';
import { type AuditorUnderTest, startAuditorUnderTest } from '../auditor-under-test.ts';

describe('The proofs of reads in the list of a holder', () => {
  let auditor: AuditorUnderTest;
  beforeAll(async () => {
    auditor = await startAuditorUnderTest();
    await auditor.reads.bases.auditoria.owner.query('ALTER TABLE acesso DISABLE TRIGGER acesso_append_only');
  });
  afterAll(() => auditor.close());

  const owner = (statement: string, ...values: unknown[]) =>
    auditor.reads.bases.auditoria.owner.query(statement, values);

  async function ask(request: object, claims: object | undefined) {
    const token = claims && (await auditor.environment.token(claims));
    const response = await auditor.post(READ_PROOFS_PATH, JSON.stringify(request), token);
    return { status: response.status, body: (await response.json()) as ReadProofs & { code?: string } };
  }
  async function proofsFor(cpf: Cpf, ids: readonly string[], tamanho?: number): Promise<ReadProofs> {
    const { status, body } = await ask({ registros: ids, tamanho }, { cpf });
    expect({ status, code: body.code }).toEqual({ status: 200, code: undefined });
    return body;
  }
  const statesOf = ({ provas }: ReadProofs): string[] => provas.map(({ estado }) => estado);

  /** Verifies the proofs as the holder does who got them from the graph. */
  async function verify(cpf: Cpf, { checkpoint, pessoa, provas }: ReadProofs) {
    const nodes = provas.map((prova) => {
      const { indice, inclusao, registro, nonce } = prova as ProvenRead;
      return { prova: { indice: String(indice), checkpoint: checkpoint!.nota, inclusao, registro, nonce, pessoa } };
    });
    const keys = trustedKeys((await (await auditor.get('/auditoria/chave')).text()).trim(), []);
    return verifyAnswer(JSON.stringify({ data: { nodes } }), keys, undefined, cpf).records;
  }
  async function readsOf(cpf: Cpf, count: number): Promise<Acesso[]> {
    const reads = await auditor.reads.record(count, { cpf });
    await auditor.published();
    return reads;
  }

  it('are made of the tiles as they are, once somebody has repaired one', async () => {
    const cpf = newCpf();
    const [, { id }] = (await readsOf(cpf, 2)) as [Acesso, Acesso];
    const turnFirstBit = () =>
      owner(`
        UPDATE transparency.tile SET hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1)
        WHERE level = 0 AND tile_index = (SELECT max(tile_index) FROM transparency.tile WHERE level = 0)`);
    await owner('ALTER TABLE transparency.tile DISABLE TRIGGER USER');
    try {
      await turnFirstBit();
      await expect(verify(cpf, await proofsFor(cpf, [id]))).rejects.toThrow('is not what the tree holds');
    } finally {
      await turnFirstBit();
      await owner('ALTER TABLE transparency.tile ENABLE TRIGGER USER');
    }
    expect(await verify(cpf, await proofsFor(cpf, [id]))).toHaveLength(1);
  });

  it('are under one checkpoint, in the order asked, and verify with the key of the log and the CPF', async () => {
    const cpf = newCpf();
    const reads = await readsOf(cpf, 5);
    await auditor.reads.record(60);
    await auditor.published();
    const ids = reads.map(({ id }) => id).toReversed();
    const answer = await proofsFor(cpf, ids);
    const records = await verify(cpf, answer);
    expect(records.map(({ record }) => record['id'])).toEqual(ids);
    expect(answer.checkpoint!.nota.split('\n')[1]).toBe(String(answer.checkpoint!.tamanho));
    await expect(verify(newCpf(), answer)).rejects.toThrow('is not of this person');
  });

  it('are under the checkpoint that is asked for, which an older answer had', async () => {
    const cpf = newCpf();
    const [before] = await readsOf(cpf, 1);
    const older = await proofsFor(cpf, [before!.id]);
    const [since] = await readsOf(cpf, 1);
    const again = await proofsFor(cpf, [before!.id, since!.id], older.checkpoint!.tamanho);
    expect(again.checkpoint).toEqual(older.checkpoint);
    expect(statesOf(again)).toEqual(['PROVADA', 'PENDENTE']);
    expect(again.provas[0]).toEqual(older.provas[0]);
    expect(statesOf(await proofsFor(cpf, [before!.id, since!.id]))).toEqual(['PROVADA', 'PROVADA']);
    const none = await ask({ registros: [before!.id], tamanho: 1_000_000_007 }, { cpf });
    expect(none).toMatchObject({ status: 400, body: { code: 'BAD_USER_INPUT' } });
  });

  it('of another person are like those of no record at all', async () => {
    const [cpf, another] = [newCpf(), newCpf()];
    const [own] = await readsOf(cpf, 1);
    const [others] = await readsOf(another, 1);
    const unknown = randomUUID();
    const answer = await proofsFor(cpf, [others!.id, own!.id, unknown]);
    expect(statesOf(answer)).toEqual(['DESCONHECIDA', 'PROVADA', 'DESCONHECIDA']);
    expect(answer.provas[0]).toEqual(answer.provas[2]);
  });

  it('do not show the record of another person whose row somebody moved to this one', async () => {
    const [cpf, another] = [newCpf(), newCpf()];
    const [own] = await readsOf(cpf, 1);
    const [moved] = await readsOf(another, 1);
    const marks = 'SELECT cpf_hash, cpf_cifrado FROM acesso WHERE id = $2';
    await owner(`UPDATE acesso SET (cpf_hash, cpf_cifrado) = (${marks}) WHERE id = $1`, moved!.id, own!.id);
    expect(statesOf(await proofsFor(cpf, [own!.id, moved!.id]))).toEqual(['PROVADA', 'DESCONHECIDA']);
    expect(statesOf(await proofsFor(another, [moved!.id]))).toEqual(['DESCONHECIDA']);
  });

  it('do not hold for a record that was changed: the holder sees it', async () => {
    const cpf = newCpf();
    const [kept, changed] = await readsOf(cpf, 2);
    await owner("UPDATE acesso SET finalidade = 'PREVENCAO_FRAUDE' WHERE id = $1", changed!.id);
    await verify(cpf, await proofsFor(cpf, [kept!.id]));
    await expect(verify(cpf, await proofsFor(cpf, [changed!.id]))).rejects.toThrow('is not what the tree holds');
  });

  it('are unknown for a record whose row is gone', async () => {
    const cpf = newCpf();
    const [gone] = await readsOf(cpf, 1);
    await owner('DELETE FROM acesso WHERE id = $1', gone!.id);
    expect(statesOf(await proofsFor(cpf, [gone!.id]))).toEqual(['DESCONHECIDA']);
  });

  it('are unknown for a record that an erasure has emptied, though somebody kept its row', async () => {
    const cpf = newCpf();
    const [erased, erasure] = await readsOf(cpf, 2);
    await owner('ALTER TABLE transparency.leaf DISABLE TRIGGER USER');
    try {
      await owner(
        'UPDATE transparency.leaf SET nonce = NULL, erased_by = $2 WHERE acesso_id = $1',
        erased!.id,
        erasure!.id,
      );
      expect(statesOf(await proofsFor(cpf, [erased!.id, erasure!.id]))).toEqual(['DESCONHECIDA', 'PROVADA']);
    } finally {
      await owner('ALTER TABLE transparency.leaf ENABLE TRIGGER USER');
    }
  });

  it('are not given for a record in no chain, whose nonce would let the holder try out who of the client has read', async () => {
    const cpf = newCpf();
    const [own] = await readsOf(cpf, 1);
    const [unchained] = await auditor.reads.record(1, { cpf, cpfCifrado: undefined });
    await auditor.published();
    const answer = await proofsFor(cpf, [unchained!.id, own!.id]);
    expect(statesOf(answer)).toEqual(['SEM_NUMERO', 'PROVADA']);
    expect(answer.provas[0]).toEqual({ estado: 'SEM_NUMERO' });
  });

  it.each<[string, object | undefined, number, string]>([
    ['without a token', undefined, 401, 'UNAUTHENTICATED'],
    ['with the token of no holder', {}, 404, 'PROVA_DESCONHECIDA'],
    ['with the token of no holder but every consent', { consentimento: [newCpf()] }, 404, 'PROVA_DESCONHECIDA'],
    ['without the scope of the list', { cpf: newCpf(), scope: 'score:read' }, 403, 'UNAUTHORIZED_FIELD_OR_TYPE'],
  ])('are refused %s', async (_case, claims, status, code) => {
    const [read] = await readsOf(newCpf(), 1);
    expect(await ask({ registros: [read!.id] }, claims)).toMatchObject({ status, body: { code } });
  });

  it('are refused to whoever is none of our services, and for a body that none of them signed', async () => {
    const cpf = newCpf();
    const [read] = await readsOf(cpf, 1);
    const token = await auditor.environment.token({ cpf });
    const body = JSON.stringify({ registros: [read!.id] });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const alone = await fetch(auditor.url + READ_PROOFS_PATH, { method: 'POST', headers, body });
    expect([alone.status, await alone.json()]).toMatchObject([401, { code: 'UNAUTHENTICATED' }]);
    const replayed = await auditor.post(READ_PROOFS_PATH, body, token, '{"registros":[]}');
    expect([replayed.status, await replayed.json()]).toMatchObject([401, { code: 'UNAUTHENTICATED' }]);
    expect((await auditor.post(READ_PROOFS_PATH, body, token)).status).toBe(200);
  });

  it.each<[string, unknown]>([
    ['no ids', { registros: [] }],
    ['what is no id', { registros: ["' OR true --"] }],
    ['more ids than fit', { registros: Array.from({ length: READ_PROOFS_MAX + 1 }, () => randomUUID()) }],
    ['a person', { registros: [randomUUID()], cpf: '52998224725' }],
    ['a checkpoint of no size', { registros: [randomUUID()], tamanho: -1 }],
    ['a size in text', { registros: [randomUUID()], tamanho: '1' }],
    ['nothing', null],
  ])('are refused for %s', async (_case, request) => {
    expect(await ask(request as object, { cpf: newCpf() })).toMatchObject({ status: 400, body: { code: 'BAD_USER_INPUT' } }); // prettier-ignore
  });

  it('come for as many records as a request may name', async () => {
    const cpf = newCpf();
    const reads = await readsOf(cpf, READ_PROOFS_MAX);
    const answer = await proofsFor(cpf, reads.map(({ id }) => id)); // prettier-ignore
    expect(await verify(cpf, answer)).toHaveLength(READ_PROOFS_MAX);
  });
});

it('Proofs of reads wait while no checkpoint is published', async () => {
  const auditor = await startAuditorUnderTest();
  try {
    const cpf = newCpf();
    const { owner } = auditor.reads.bases.auditoria;
    const [read] = await auditor.reads.record(1, { cpf });
    const token = await auditor.environment.token({ cpf });
    await auditor.published();
    await owner.query('ALTER TABLE transparency.checkpoint DISABLE TRIGGER USER');
    await owner.query('DELETE FROM transparency.checkpoint');
    const body = JSON.stringify({ registros: [read!.id] });
    const answer = await (await auditor.post(READ_PROOFS_PATH, body, token)).json();
    expect(answer).toMatchObject({ checkpoint: null, provas: [{ estado: 'PENDENTE' }] });
  } finally {
    await auditor.close();
  }
});
