import { READ_PROOFS_PATH } from '@pessoa/audit/read-proofs';
import { storeDecision } from '@pessoa/audit/store-decision';
import { trustedKeys } from '@pessoa/audit-verifier/trusted-checkpoint';
import { verifyPerson } from '@pessoa/audit-verifier/verify-person';
import { verifyAnswer } from '@pessoa/audit-verifier/verify-records';
import type { Cpf } from '@pessoa/domain/cpf';
import { newCpf } from '@pessoa/testkit/read-recorder';
import { type PersonAnswer, provePerson } from '../../src/proofs/person-proofs.ts';
import { proveReads } from '../../src/proofs/read-proofs.ts';
import { readTiles } from '../../src/tree/stored-tree.ts';
import type { ProvenRecord } from '../../src/proofs/record-proofs.ts';
import { type AuditorUnderTest, startAuditorUnderTest } from '../auditor-under-test.ts';

const DAY = 86_400_000;
const DECIDER = { clientId: 'encarregado', sujeito: 'maria', finalidade: 'PREVENCAO_FRAUDE' } as const;

describe('A sealed read in the list of its person', () => {
  let auditor: AuditorUnderTest;
  beforeAll(async () => {
    auditor = await startAuditorUnderTest();
  });
  afterAll(() => auditor.close());

  let investigations = 0;
  /** Three reads of a person, the second sealed. */
  async function readPerson(ate = new Date(Date.now() + 30 * DAY)) {
    const cpf = newCpf();
    const referencia = `FRAUDE-${++investigations}`;
    await auditor.reads.record(1, { cpf });
    const seal = { finalidade: 'PREVENCAO_FRAUDE', clientId: 'banco', sujeito: 'ana', sigilo: { referencia, ate } } as const;
    const [sealed] = await auditor.reads.record(1, { cpf, ...seal });
    await auditor.reads.record(1, { cpf });
    await auditor.published();
    return { cpf, referencia, ate, sealed: sealed! };
  } // prettier-ignore
  async function listOf(cpf: Cpf): Promise<PersonAnswer> {
    const token = await auditor.environment.token({ cpf });
    const response = await auditor.get(`/auditoria/pessoa/${cpf}`, token);
    expect(response.status).toBe(200);
    return (await response.json()) as PersonAnswer;
  }
  const listAt = async (cpf: Cpf, now: Date): Promise<PersonAnswer> =>
    (await provePerson(auditor.reads.bases.auditoria.owner, auditor.reads.keys, cpf, 0, now)) as PersonAnswer;
  const verify = async (cpf: Cpf, ...answers: PersonAnswer[]) => {
    const keys = trustedKeys((await (await auditor.get('/auditoria/chave')).text()).trim(), []);
    return verifyPerson(
      answers.map((answer, at) => [`list-${at}`, JSON.stringify(answer)] as const),
      keys,
      cpf,
    );
  };
  const decide = (referencia: string, endsAt: Date, decidedAt = new Date()): Promise<void> =>
    storeDecision(auditor.reads.bases.auditoria.owner, { clientId: 'banco', referencia, decidedAt, endsAt }, DECIDER);
  const states = ({ registros }: PersonAnswer) =>
    registros.map(({ registro, conteudo }) => registro?.versao ?? conteudo);

  it('has no proof by its id either, before the seal has ended', async () => {
    const { cpf, sealed, ate } = await readPerson();
    const stateAt = async (now: Date) => {
      const { owner } = auditor.reads.bases.auditoria;
      const answer = await proveReads(
        { db: owner, keys: auditor.reads.keys, readTiles },
        cpf,
        { registros: [sealed.id] },
        now,
      );
      return answer!.provas.map(({ estado }) => estado);
    };
    expect(await stateAt(new Date(ate.getTime() - 1))).toEqual(['DESCONHECIDA']);
    expect(await stateAt(ate)).toEqual(['PROVADA']);
    const token = await auditor.environment.token({ cpf });
    const response = await auditor.post(READ_PROOFS_PATH, JSON.stringify({ registros: [sealed.id] }), token);
    expect(await response.json()).toMatchObject({ provas: [{ estado: 'DESCONHECIDA' }] });
  });

  it('has its number and its entry, and the word for it; the list is whole all the same', async () => {
    const { cpf } = await readPerson();
    const list = await listOf(cpf);
    expect(states(list)).toEqual([2, 'EM_SIGILO', 2]);
    expect(Object.keys(list.registros[1]!).toSorted()).toEqual(['conteudo', 'entrada', 'indice', 'numero']);
    expect(JSON.stringify(list)).not.toMatch(/FRAUDE|banco|sigilo(?:Referencia|Ate)/);
    expect((await verify(cpf, list)).reads.map(({ hiddenAs }) => hiddenAs)).toEqual([
      undefined,
      'EM_SIGILO',
      undefined,
    ]);
  });

  it('shows itself at the very instant at which the seal ends, under the same number and entry', async () => {
    const { cpf, ate, referencia, sealed } = await readPerson();
    const hidden = await listAt(cpf, new Date(ate.getTime() - 1));
    const shown = await listAt(cpf, ate);
    expect([states(hidden), states(shown)]).toEqual([
      [2, 'EM_SIGILO', 2],
      [2, 3, 2],
    ]);
    expect(shown.registros[1]).toMatchObject({
      numero: 2,
      entrada: hidden.registros[1]!.entrada,
      registro: { id: sealed.id, versao: 3, numero: 2, sigiloReferencia: referencia, sigiloAte: ate.toISOString() },
    });
    await verify(cpf, hidden, shown);
  });

  it('shows itself once it is lifted, and verifies with the answer from before', async () => {
    const { cpf, referencia } = await readPerson();
    const before = await listOf(cpf);
    const now = new Date();
    await decide(referencia, now, now);
    const after = await listOf(cpf);
    expect(states(after)).toEqual([2, 3, 2]);
    await verify(cpf, before);
    await verify(cpf, after);
    await verify(cpf, before, after);
  });

  it('stays hidden when it is prolonged, until the new end', async () => {
    const { cpf, referencia, ate } = await readPerson();
    const end = new Date(ate.getTime() + 100 * DAY);
    await decide(referencia, end);
    expect(states(await listAt(cpf, ate))).toEqual([2, 'EM_SIGILO', 2]);
    expect(states(await listAt(cpf, new Date(end.getTime() - 1)))).toEqual([2, 'EM_SIGILO', 2]);
    expect(states(await listAt(cpf, end))).toEqual([2, 3, 2]);
  });

  it('whose record is gone is gone, and not under seal', async () => {
    const { cpf, sealed } = await readPerson();
    const { owner } = auditor.reads.bases.auditoria;
    await owner.query('ALTER TABLE acesso DISABLE TRIGGER acesso_append_only');
    await owner.query('DELETE FROM acesso WHERE id = $1', [sealed.id]);
    await owner.query('ALTER TABLE acesso ENABLE ALWAYS TRIGGER acesso_append_only');
    expect(states(await listOf(cpf))).toEqual([2, 'REMOVIDO', 2]);
  });

  it('is proven to its caller at once, with the seal, and to no token of a holder before the seal ends', async () => {
    const { cpf, referencia, sealed } = await readPerson();
    const path = `/auditoria/provas/${sealed.interacao}`;
    const caller = { clientId: 'banco', subject: 'ana' };
    const answer = await (await auditor.get(path, await auditor.environment.token(caller))).text();
    const keys = trustedKeys((await (await auditor.get('/auditoria/chave')).text()).trim(), []);
    verifyAnswer(answer, keys, sealed.interacao, cpf);
    const [{ registro, salSujeito }] = (JSON.parse(answer) as { registros: [ProvenRecord] }).registros;
    expect(registro).toMatchObject({ versao: 3, sigiloReferencia: referencia });
    expect(salSujeito).toEqual(expect.any(String));
    const asHolder = async (who: object) => auditor.get(path, await auditor.environment.token({ cpf, ...who }));
    for (const who of [caller, {}]) expect((await asHolder(who)).status).toBe(404);
    const now = new Date();
    await decide(referencia, now, now);
    expect((await asHolder(caller)).status).toBe(200);
    expect((await asHolder({})).status).toBe(404);
  });
});
