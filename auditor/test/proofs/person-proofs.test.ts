import { createHash, randomUUID } from 'node:crypto';
import { type Cpf, readCpf } from '@pessoa/domain/cpf';
import { newCpf } from '@pessoa/testkit/read-recorder';
import { parseCheckpoint } from '@pessoa/transparency-log/checkpoints/checkpoint';
import { mapOf } from '@pessoa/transparency-log/checkpoints/map-extension';
import type { MapEntry } from '@pessoa/transparency-log/map/map-entry';
import { verifyMapProof } from '@pessoa/transparency-log/map/map-proofs';
import { chainHead } from '@pessoa/transparency-log/map/person-chain';
import { verifyPersonIndex } from '@pessoa/transparency-log/map/person-index';
import { ed25519Verifier, openNote } from '@pessoa/transparency-log/notes/signed-note';
import { entryOf } from '@pessoa/transparency-log/records/canonical-record';
import type { PersonAnswer } from '../../src/proofs/person-proofs.ts';
import type { ProvenRecord } from '../../src/proofs/record-proofs.ts';
import { canonicalOf } from '../../src/records/audit-record.ts';
import { type AuditorUnderTest, startAuditorUnderTest } from '../auditor-under-test.ts';

const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64');

describe('The list of all reads of a person', () => {
  let auditor: AuditorUnderTest;
  beforeAll(async () => {
    auditor = await startAuditorUnderTest();
  });
  afterAll(() => auditor.close());

  const ask = async (cpf: string, holder: string | undefined, query = '') => {
    const token = await auditor.environment.token(holder === undefined ? {} : { cpf: holder });
    const response = await auditor.get(`/auditoria/pessoa/${cpf}${query}`, token);
    return { status: response.status, body: (await response.json()) as PersonAnswer & { code?: string } };
  };
  const own = async (cpf: Cpf, query = ''): Promise<PersonAnswer> => {
    const { status, body } = await ask(cpf, cpf, query);
    expect(status).toBe(200);
    return body;
  };
  const mapIn = async (note: string) => {
    const key = (await (await auditor.get('/auditoria/chave')).text()).trim();
    return mapOf(parseCheckpoint(openNote(note, [ed25519Verifier(key)]).text))!;
  };
  /** What a holder checks. @returns the index of the person */
  async function verify(cpf: Cpf, pages: readonly PersonAnswer[]): Promise<Uint8Array> {
    const [{ checkpoint, indice, quantidade, cabeca, mapa, outro }] = pages as [PersonAnswer];
    const { vrfPublicKey, root } = await mapIn(checkpoint);
    const index = verifyPersonIndex(vrfPublicKey, cpf, bytesOf(indice));
    const entry = { index, count: quantidade, head: bytesOf(cabeca) };
    const other: MapEntry | undefined = outro && { index: bytesOf(outro.indice), count: outro.quantidade, head: bytesOf(outro.cabeca) }; // prettier-ignore
    verifyMapProof(index, root, { entry: quantidade > 0 ? entry : undefined, other, siblings: mapa.map(bytesOf) });
    const records = pages.flatMap(({ registros }) => registros);
    expect(records.map(({ numero }) => numero)).toEqual(Array.from({ length: quantidade }, (_, at) => at + 1));
    expect(Buffer.from(chainHead(records.map(({ entrada }) => bytesOf(entrada))))).toEqual(bytesOf(cabeca));
    for (const { numero, entrada, registro, nonce } of records) {
      expect(registro).toMatchObject({ versao: 2, numero, indicePessoa: Buffer.from(index).toString('base64') });
      expect(Buffer.from(entryOf(bytesOf(nonce!), canonicalOf(registro!)))).toEqual(bytesOf(entrada));
    }
    return index;
  }

  it('is whole for its holder, in the order of the reads, and proves that it is', async () => {
    const cpf = newCpf();
    const written = [];
    for (let read = 0; read < 3; read++) written.push((await auditor.reads.record(1, { cpf }))[0]!.id);
    await auditor.reads.record(100);
    await auditor.published();
    const answer = await own(cpf);
    await verify(cpf, [answer]);
    expect(answer.registros.map(({ registro }) => registro!.id)).toEqual(written);
    expect(answer.proximo).toBeUndefined();
  });

  it('is empty for a person whom nobody has read, and proves that too', async () => {
    await auditor.reads.record(50);
    await auditor.published();
    for (let people = 0; people < 5; people++) {
      const cpf = newCpf();
      const answer = await own(cpf);
      expect(answer).toMatchObject({ quantidade: 0, registros: [] });
      await verify(cpf, [answer]);
    }
  });

  it.each([
    ['a thousand', [1_000]],
    ['more than a thousand', [1_000, 2]],
  ])('comes in pages when it has %s reads', async (_case, sizes) => {
    const cpf = newCpf();
    const total = sizes.reduce((sum, size) => sum + size);
    await auditor.reads.record(total, { cpf });
    await auditor.published();
    const pages: PersonAnswer[] = [];
    for (let after: number | undefined = 0; after !== undefined; after = pages.at(-1)!.proximo)
      pages.push(await own(cpf, `?depois=${after}`));
    expect(pages.map(({ registros }) => registros.length)).toEqual(sizes);
    await verify(cpf, pages);
    expect(await own(cpf, `?depois=${total}`)).toMatchObject({ quantidade: total, registros: [] });
  });

  it('is for the holder alone: others learn nothing, not even whether there is one', async () => {
    const [read, unread] = [newCpf(), newCpf()];
    await auditor.reads.record(1, { cpf: read });
    await auditor.published();
    const refused = await ask(read, newCpf());
    expect(refused).toMatchObject({ status: 404, body: { code: 'PROVA_DESCONHECIDA' } });
    expect(await ask(unread, newCpf())).toEqual(refused);
    expect(await ask(read, undefined)).toEqual(refused);
    const token = await auditor.environment.token({ cpf: read });
    const path = `/auditoria/pessoa/${read}`;
    expect((await fetch(auditor.url + path, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    expect((await auditor.get(path)).status).toBe(401);
  });

  it('needs the scope of the list in the graph, and says so as the REST routes do', async () => {
    const cpf = newCpf();
    for (const person of [cpf, newCpf()]) {
      const token = await auditor.environment.token({ cpf, scope: 'score:read' });
      const response = await auditor.get(`/auditoria/pessoa/${person}`, token);
      const refusal = { status: 403, code: 'UNAUTHORIZED_FIELD_OR_TYPE', motivo: 'ESCOPO', escopos: ['evento:read'] };
      expect([response.status, await response.json()]).toMatchObject([403, refusal]);
      expect(response.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope", scope="evento:read"');
    }
    const token = await auditor.environment.token({ cpf, scope: 'evento:read' });
    expect((await auditor.get(`/auditoria/pessoa/${cpf}`, token)).status).toBe(200);
  });

  it.each([
    ['a CPF that is none', '12345678900', '', 'CPF_INVALIDO'],
    ['a page after what is no number', newCpf(), '?depois=x', 'BAD_USER_INPUT'],
    ['two pages at once', newCpf(), '?depois=1&depois=2', 'BAD_USER_INPUT'],
    ['a page after a number that is too long', newCpf(), `?depois=${'9'.repeat(16)}`, 'BAD_USER_INPUT'],
  ])('refuses %s', async (_case, cpf, query, code) => {
    expect(await ask(cpf, readCpf(cpf) ?? newCpf(), query)).toMatchObject({ status: 400, body: { code } });
  });

  it('is one with the proof of each read: the caller, who knows the CPF, sees that the record is in its chain', async () => {
    const cpf = newCpf();
    const [read] = await auditor.reads.record(1, { cpf, clientId: 'banco', sujeito: 'maria' });
    await auditor.published();
    const token = await auditor.environment.token({ clientId: 'banco', subject: 'maria' });
    const body = await (await auditor.get(`/auditoria/provas/${read!.interacao}`, token)).json();
    const [{ registro, pessoa, prova }] = (body as { registros: [ProvenRecord] }).registros;
    const { vrfPublicKey } = await mapIn(prova.checkpoint);
    const index = verifyPersonIndex(vrfPublicKey, cpf, bytesOf(pessoa!));
    expect(registro).toMatchObject({ versao: 2, numero: 1, indicePessoa: Buffer.from(index).toString('base64') });
    expect(() => verifyPersonIndex(vrfPublicKey, newCpf(), bytesOf(pessoa!))).toThrow('is not for this input');
    expect(index).toEqual(await verify(cpf, [await own(cpf)]));
  });

  it('does not let its holder try out who of the client has read: the caller alone has the salt of the subject', async () => {
    const cpf = newCpf();
    const [read] = await auditor.reads.record(1, { cpf, clientId: 'banco', sujeito: 'maria@banco.example' });
    await auditor.published();
    const [shown] = (await own(cpf)).registros;
    expect(Object.keys(shown!).toSorted()).toEqual(['entrada', 'indice', 'nonce', 'numero', 'registro']);
    const triedWith = (salt: string): string =>
      createHash('sha256').update(bytesOf(salt)).update('maria@banco.example').digest('base64');
    expect(triedWith(shown!.nonce!)).not.toBe(shown!.registro!.sujeito);
    const token = await auditor.environment.token({ clientId: 'banco', subject: 'maria@banco.example' });
    const body = await (await auditor.get(`/auditoria/provas/${read!.interacao}`, token)).json();
    const [{ registro, salSujeito }] = (body as { registros: [ProvenRecord] }).registros;
    expect(registro).toEqual(shown!.registro);
    expect(triedWith(salSujeito!)).toBe(registro.sujeito);
  });

  it('proves the people of a read of many, a hundred in an answer', async () => {
    const interacao = randomUUID();
    const people = Array.from({ length: 101 }, newCpf);
    await auditor.reads.log.record(people.map((cpf) => auditor.reads.read({ cpf, interacao, clientId: 'lote' })));
    await auditor.published();
    const token = await auditor.environment.token({ clientId: 'lote', subject: 'atendente' });
    const page = async (query: string) =>
      (await (await auditor.get(`/auditoria/provas/${interacao}${query}`, token)).json()) as { registros: ProvenRecord[]; proximo: string | null }; // prettier-ignore
    const first = await page('');
    expect(first.registros).toHaveLength(100);
    expect((await page(`?depois=${first.proximo}`)).registros).toHaveLength(1);
  });

  it('keeps the entry of a record that somebody removed, and does not call it erased', async () => {
    const cpf = newCpf();
    const [gone] = await auditor.reads.record(1, { cpf });
    await auditor.published();
    const { owner } = auditor.reads.bases.auditoria;
    await owner.query('ALTER TABLE acesso DISABLE TRIGGER acesso_append_only');
    await owner.query('DELETE FROM acesso WHERE id = $1', [gone!.id]);
    await owner.query('ALTER TABLE acesso ENABLE ALWAYS TRIGGER acesso_append_only');
    const [record] = (await own(cpf)).registros;
    expect(Object.keys(record!).toSorted()).toEqual(['conteudo', 'entrada', 'indice', 'numero']);
    expect(record!.conteudo).toBe('REMOVIDO');
    // As an erasure leaves it.
    await owner.query('ALTER TABLE transparency.leaf DISABLE TRIGGER USER');
    await owner.query('UPDATE transparency.leaf SET nonce = NULL, erased_by = $2 WHERE acesso_id = $1', [gone!.id, randomUUID()]); // prettier-ignore
    await owner.query('ALTER TABLE transparency.leaf ENABLE TRIGGER USER');
    expect((await own(cpf)).registros[0]!.conteudo).toBe('ELIMINADO');
  });
});

it('A list of reads waits for the first checkpoint with a map', async () => {
  const auditor = await startAuditorUnderTest();
  try {
    const cpf = newCpf();
    const token = await auditor.environment.token({ cpf });
    const ask = async () => (await auditor.get(`/auditoria/pessoa/${cpf}`, token)).json();
    expect(await ask()).toMatchObject({ status: 503, code: 'PROVA_PENDENTE' });
    await auditor.reads.record(1, { cpf });
    await auditor.published();
    expect(await ask()).toMatchObject({ quantidade: 1 });
    const { owner } = auditor.reads.bases.auditoria;
    await owner.query('ALTER TABLE transparency.checkpoint DISABLE TRIGGER USER');
    await owner.query(`UPDATE transparency.checkpoint SET note = regexp_replace(note, 'pessoas [^\n]+\n', '')`);
    expect(await ask()).toMatchObject({ status: 503, code: 'PROVA_PENDENTE' });
  } finally {
    await auditor.close();
  }
});
