import { openOlderAudit } from '@pessoa/testkit/older-audit';
import { newCpf, openReadRecorder } from '@pessoa/testkit/read-recorder';
import pg from 'pg';
import { nodeCache } from '../../src/people/node-cache.ts';
import { personKeys } from '../../src/people/person-keys.ts';
import { findProof, keepProofs } from '../../src/people/stored-proofs.ts';
import { placeRecords } from '../../src/tree/place-records.ts';
import { readTree } from '../../src/tree/stored-tree.ts';

it('An audit from before the stored proofs gets those of all its people, by the role that stores their indices', async () => {
  const audit = await openOlderAudit('20261130110000_person_proofs');
  const recorder = openReadRecorder(audit.bases);
  const db = new pg.Client({ connectionString: audit.bases.auditoria.auditorUrl });
  try {
    await db.connect();
    const keys = personKeys(Buffer.alloc(32, 9), Buffer.from(recorder.cpfHashKey, 'base64url'));
    const people = Array.from({ length: 5 }, newCpf);
    await recorder.log.record(people.map((cpf) => recorder.read({ cpf })));
    const { tree } = await placeRecords(db, await readTree(db), { keys, cache: nodeCache() });
    expect(await audit.migrate()).toEqual(['20261130110000_person_proofs']);
    const keepSome = keepProofs(keys);
    while (!(await keepSome(db, tree.size)));
    await audit.bases.auditoria.owner.query('DELETE FROM transparency.person_proof WHERE person_index = $1', [
      keys.indexOf(people[4]!),
    ]);
    const computed: string[] = [];
    const counting = { ...keys, proveIndex: (cpf: (typeof people)[0]) => (computed.push(cpf), keys.proveIndex(cpf)) };
    for (const cpf of people)
      expect(Buffer.from((await findProof(db, counting, cpf)).index)).toEqual(Buffer.from(keys.indexOf(cpf)));
    expect(computed).toEqual([people[4]]);
    await expect(db.query('DELETE FROM transparency.person_proof')).rejects.toThrow('permission denied');
  } finally {
    await db.end();
    await recorder.close();
    await audit.close();
  }
});
