import type { Acesso } from '@pessoa/audit/audit-log';
import { verifyAnswer } from '@pessoa/audit-verifier/verify-records';
import { type VerifiedPerson, verifyPerson } from '@pessoa/audit-verifier/verify-person';
import type { Cpf } from '@pessoa/domain/cpf';
import { newCpf } from '@pessoa/testkit/read-recorder';
import { personIndex, provePersonIndex } from '@pessoa/transparency-log/map/person-index';
import { vrfKey } from '@pessoa/transparency-log/vrf/ecvrf';
import type { PersonAnswer } from '../src/proofs/person-proofs.ts';
import { type AttackedAuditor, startAttackedAuditor, waitFor } from './attacked-auditor.ts';

describe.each(['before', 'after'] as const)(
  'an attack on the list of a person, %s the records have their places',
  (when) => {
    let attacked: AttackedAuditor;
    let ana: Cpf;
    beforeEach(async () => {
      attacked = await startAttackedAuditor(when);
      for (const table of ['leaf', 'person', 'map_node', 'tree'])
        await attacked.asOwner(`ALTER TABLE transparency.${table} DISABLE TRIGGER USER`);
      ana = newCpf();
    });
    afterEach(() => attacked.close());

    /** Three reads of Ana, one after the other, and the attack. */
    const attack = (run: (reads: [Acesso, Acesso, Acesso]) => Promise<unknown>): Promise<[Acesso, Acesso, Acesso]> =>
      attacked.attack(async () => {
        const { reads } = attacked.auditor;
        const reading = async (): Promise<Acesso> => (await reads.record(1, { cpf: ana }))[0]!;
        return [await reading(), await reading(), await reading()];
      }, run);
    /** What the system says to the holder. */
    async function listOf(cpf: Cpf): Promise<PersonAnswer> {
      await attacked.auditor.published();
      const token = await attacked.auditor.environment.token({ cpf });
      return (await (await attacked.auditor.get(`/auditoria/pessoa/${cpf}`, token)).json()) as PersonAnswer;
    }
    /** What the holder checks, with the answer and the key of the log. @throws VerificationError */
    const check = async (answer: PersonAnswer): Promise<VerifiedPerson> =>
      verifyPerson([['answer.json', JSON.stringify(answer)]], await attacked.trusted(), ana);
    /** What the caller of a read of Ana checks, who knows the CPF. @throws VerificationError */
    const checkRead = async (read: Acesso): Promise<unknown> =>
    verifyAnswer(JSON.stringify({ registros: [await attacked.provenOf(read)] }), await attacked.trusted(), undefined, ana); // prettier-ignore
    const isReported = (fault: RegExp): Promise<unknown> =>
      waitFor(() => attacked.reported().find((text) => fault.test(text)));

    it('nothing happens: the list is whole, and the callers see their reads in it', async () => {
      const reads = await attack(async () => {});
      const { reads: listed } = await check(await listOf(ana));
      expect(listed.map(({ content }) => content!.record['id'])).toEqual(reads.map(({ id }) => id));
      for (const read of reads) await checkRead(read);
      expect(attacked.reported()).toEqual([]);
    });

    it('an entry left out: the caller sees that its read is not in the list, or the holder and the auditor see the gap', async () => {
      const other = attacked.auditor.reads.read();
      const [, left] = await attack(([, read]) =>
        when === 'before'
          ? attacked.asOwner(`UPDATE acesso SET cpf_hash = $2, cpf_cifrado = decode($3, 'hex') WHERE id = $1`, [read.id, other.cpfHash, other.cpfCifrado]) // prettier-ignore
          : attacked.asOwner('DELETE FROM transparency.leaf WHERE acesso_id = $1', [read.id]),
      );
      if (when === 'before') {
        await expect(checkRead(left)).rejects.toThrow('is not of this person');
        return;
      }
      await expect(listOf(ana).then(check)).rejects.toThrow('The list is not whole: read 2 of 3 is missing.');
      await isReported(/^removed \d+$/);
      await isReported(/^chain \d+$/);
    });

    it('an entry left out by a record without the right CPF: the auditor reports it, and the caller sees that no list has it', async () => {
      const [, left] = await attack(([, read]) =>
        attacked.asOwner(`UPDATE acesso SET cpf_cifrado = decode(repeat('00', 16), 'hex') WHERE id = $1`, [read.id]),
      );
      await isReported(when === 'before' ? new RegExp(`^unchained ${left.id}$`) : /^person \d+$/);
      await expect(checkRead(left)).rejects.toThrow(when === 'before' ? /without the proof|older than the map/ : 'without the proof'); // prettier-ignore
    });

    it('a list cut short: the caller of the last read finds no record, or the holder and the auditor see that it had more', async () => {
      const [, , last] = await attack(([, , read]) =>
        when === 'before'
          ? attacked.asOwner('DELETE FROM acesso WHERE id = $1', [read.id])
          : attacked.asOwner('DELETE FROM transparency.leaf WHERE acesso_id = $1', [read.id]),
      );
      if (when === 'before') {
        expect(await attacked.proofOf(last)).toMatchObject({ status: 404, body: { code: 'PROVA_DESCONHECIDA' } });
        await waitFor(() => attacked.auditor.environment.logLines().find((line) => line.includes('removed before they got'))); // prettier-ignore
        return;
      }
      await expect(listOf(ana).then(check)).rejects.toThrow('The list is not whole: read 3 of 3 is missing.');
      await isReported(/^map \d+$/);
    });

    it('a list cut short by the answer alone: the map of the signed checkpoint says how many there are', async () => {
      await attack(async () => {});
      const answer = await listOf(ana);
      const link = (number: number) =>
      attacked.asOwner('SELECT link FROM transparency.leaf WHERE person_index = $1 AND number = $2', [attacked.auditor.reads.keys.indexOf(ana), number]); // prettier-ignore
      const { rows } = (await link(2)) as { rows: [{ link: Buffer }] };
      const cut = { ...answer, quantidade: 2, cabeca: rows[0].link.toString('base64'), registros: answer.registros.slice(0, 2) }; // prettier-ignore
      await expect(check(cut)).rejects.toThrow('The map of people does not say that this person has 2 reads');
      await expect(check({ ...answer, registros: answer.registros.slice(0, 2) })).rejects.toThrow('read 3 of 3 is missing'); // prettier-ignore
      const none = { ...answer, quantidade: 0, cabeca: Buffer.alloc(32).toString('base64'), registros: [] };
      await expect(check(none)).rejects.toThrow('The map of people does not say that this person has no reads');
    });

    it('a second chain: the auditor begins none, reports the read, and its caller sees that no list has it', async () => {
      const { reads } = attacked.auditor;
      const { cpfHash } = reads.read({ cpf: ana });
      const [first] = await attack(() =>
        when === 'before'
          ? attacked.asOwner(`INSERT INTO transparency.person (cpf_hash, person_index) VALUES ($1, sha256('x'))`, [
              cpfHash,
            ])
          : attacked.asOwner(`UPDATE transparency.person SET person_index = sha256('x') WHERE cpf_hash = $1`, [
              cpfHash,
            ]),
      );
      const read = when === 'before' ? first : (await reads.record(1, { cpf: ana }))[0]!;
      await isReported(new RegExp(`^unchained ${read.id}$`));
      await expect(checkRead(read)).rejects.toThrow(/without the proof|older than the map/);
      if (when === 'after') await isReported(/^person \d+$/);
      expect((await check(await listOf(ana))).reads).toHaveLength(when === 'before' ? 0 : 3);
    });

    it('a map that was edited: the log stops, and nothing is signed about it', async () => {
      await attack(async () => {
        if (when === 'before')
          await attacked.auditor.reads.bases.auditoria.owner.query(`UPDATE transparency.tree SET map_root = sha256('x')`); // prettier-ignore
        else await attacked.asOwner(`UPDATE transparency.map_node SET children = decode(repeat('00', 16), 'hex')`);
      });
      if (when === 'before') {
        await waitFor(() => attacked.auditor.environment.logLines().find((line) => line.includes('the root of the map is not that of its nodes'))); // prettier-ignore
        expect((await attacked.auditor.get('/auditoria/checkpoint')).status).toBe(404);
      } else await isReported(/^map \d+$/);
    });

    it('a stolen key of people: its thief finds the index of a CPF, and can neither prove another nor change what is said of it', async () => {
      await attack(async () => {});
      const stolen = vrfKey(Buffer.from(attacked.auditor.reads.vrfKey, 'base64url'));
      const answer = await listOf(ana);
      expect(Buffer.from(provePersonIndex(stolen, ana).proof).toString('base64')).toBe(answer.indice);
      const bia = newCpf();
      const ofBia = Buffer.from(provePersonIndex(stolen, bia).proof).toString('base64');
      await expect(check({ ...answer, indice: ofBia })).rejects.toThrow('is not of this person');
      const other = { indice: Buffer.from(personIndex(stolen, bia)).toString('base64'), quantidade: 1, cabeca: answer.cabeca }; // prettier-ignore
      const emptied = {
        ...answer,
        quantidade: 0,
        cabeca: Buffer.alloc(32).toString('base64'),
        outro: other,
        registros: [],
      };
      await expect(check(emptied)).rejects.toThrow('The map of people does not say that this person has no reads');
    });
  },
);
