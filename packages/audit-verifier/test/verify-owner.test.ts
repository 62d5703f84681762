import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { run } from '../src/run.ts';
import { PeopleLog, type ProofAnswer } from './people-log.ts';

const ANA = '12345000198';
const BIA = '12345000279';

let folder: string;
let log: PeopleLog;

/** Runs `proof --cpf -` for Ana. @returns the exit code and the first line of what is printed */
async function proofOf(answer: ProofAnswer, cpf = ANA): Promise<[number, string]> {
  const file = join(folder, 'answer.json');
  writeFileSync(file, JSON.stringify(answer));
  const { exitCode, text } = await run(['proof', file, '--key', log.key, '--cpf', '-'], Readable.from([cpf]));
  return [exitCode, text.split('\n')[0]!];
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'audit-verifier-'));
  log = new PeopleLog();
  log.appendSome(3);
  for (const cpf of [ANA, BIA, ANA]) await log.read(cpf);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('A record with --cpf -', () => {
  it('is of this person', async () => {
    const checkpoint = await log.publishMap();
    expect(await proofOf(await log.proofs([[3, ANA]], checkpoint))).toEqual([0, '1 record is in the tree as the answer says, and of this person.']); // prettier-ignore
    expect((await proofOf(await log.proofs([[3, ANA], [5, ANA]], checkpoint)))[0]).toBe(0); // prettier-ignore
  });

  it('is refused when it is of another person, whichever proof it comes with', async () => {
    const checkpoint = await log.publishMap();
    const refusal = [1, 'The record of place 4 is not of this person: The proof of the VRF is not for this input and this key.']; // prettier-ignore
    expect(await proofOf(await log.proofs([[4, BIA]], checkpoint))).toEqual(refusal);
    expect(await proofOf(await log.proofs([[3, ANA], [4, BIA]], checkpoint))).toEqual(refusal); // prettier-ignore
    const withProofOfAna = await log.proofs([[4, ANA]], checkpoint);
    expect(await proofOf(withProofOfAna)).toEqual([1, 'The record of place 4 is of another person.']);
    expect((await proofOf(withProofOfAna, BIA))[0]).toBe(1);
  });

  it('is refused when it has another index: a second list of this person', async () => {
    const place = await log.read(ANA, { indicePessoa: log.indexOf(BIA) });
    expect(await proofOf(await log.proofs([[place, ANA]], await log.publishMap()))).toEqual([1, 'The record of place 6 is of another person.']); // prettier-ignore
  });

  it('is refused without the proof of whose it is', async () => {
    expect(await proofOf(await log.proofs([[3, undefined]], await log.publishMap()))).toEqual([1, 'The record of place 3 comes without the proof "pessoa" of whose it is.']); // prettier-ignore
    const answer = await log.proofs([[3, ANA]], await log.publishMap());
    answer.registros[0]!.pessoa = '!';
    expect((await proofOf(answer))[1]).toMatch(/item 0 of "registros" is not a record with nonce and proof\.$/);
  });

  it('is refused when it is older than the map, or its checkpoint has none', async () => {
    expect(await proofOf(await log.proofs([[0, ANA]], await log.publishMap()))).toEqual([1, 'The record of place 0 is older than the map of people: no list has it.']); // prettier-ignore
    expect(await proofOf(await log.proofs([[3, ANA]], log.publish()))).toEqual([1, 'There is no map of people in the checkpoint of place 3, so it does not show which reads a person has.']); // prettier-ignore
  });
});
