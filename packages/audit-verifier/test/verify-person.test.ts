import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { formatMapLine } from '@pessoa/transparency-log/checkpoints/map-extension';
import { formatVerifierKey } from '@pessoa/transparency-log/notes/signed-note';
import { vrfKey } from '@pessoa/transparency-log/vrf/ecvrf';
import { run } from '../src/run.ts';
import { PeopleLog, type PersonAnswer } from './people-log.ts';
import { LogServer, someWitness, StaticLog } from './static-log.ts';

const ANA = '12345000198';
const BIA = '12345000279';
const CARLA = '12345000350';

let folder: string;
let log: PeopleLog;
/** Ana's five reads among 30 of others. */
let answer: PersonAnswer;

const file = (name: string): string => join(folder, name);

/** Runs `person` over answers, each in a file of its own. @returns the exit code, and what is printed, with names for the files */
async function person(cpf: string, answers: readonly unknown[], ...args: string[]): Promise<[number, string]> {
  const files = answers.map((content, place) => {
    const name = file(`answer${place + 1}`);
    writeFileSync(name, typeof content === 'string' ? content : JSON.stringify(content));
    return name;
  });
  const { exitCode, text } = await run(
    ['person', ...files, '--cpf', '-', '--key', log.key, ...args],
    Readable.from([`${cpf}\n`]),
  );
  return [exitCode, text.trimEnd().replaceAll(`${folder}/`, '')];
}

/** Ana's answer after a change. */
function changed(change: (copy: PersonAnswer) => void): PersonAnswer {
  const copy = structuredClone(answer);
  change(copy);
  return copy;
}

/** Leaves the content out, as when the record is gone or under a seal. */
function leaveOut(item: PersonAnswer['registros'][number]): void {
  delete item.registro;
  delete item.nonce;
}

const read = (number: number, place: number): string =>
  `read ${number}: clientId client-${place}, dataHora 2026-11-30T12:00:00.000Z, finalidade LOCACAO, campos score.valor nome`;

async function fill(people: PeopleLog): Promise<void> {
  for (let place = 0; place < 35; place += 1) {
    if (place % 7 === 3) await people.read(ANA);
    else if (place % 7 === 5) await people.read(BIA);
    else if (place < 10) people.appendSome(1);
    else await people.read(`${10_000_000_000 + place}`);
  }
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'audit-verifier-'));
  log = new PeopleLog(undefined, vrfKey(Buffer.alloc(32, 5))); // the same places in the map in every run
  await fill(log);
  answer = await log.person(ANA, await log.publishMap());
});
afterEach(() => rmSync(folder, { recursive: true }));

const ALL = [3, 10, 17, 24, 31].map((place, before) => read(before + 1, place));
const WHOLE = 'The list is whole: the log of 35 places has 5 reads of this person';

describe('The reads of a person', () => {
  it('are verified with the key alone, and printed', async () => {
    expect(await person(ANA, [answer])).toEqual([0, [`${WHOLE}.`, ...ALL].join('\n')]);
    expect((await person('123.450.001-98', [answer]))[0]).toBe(0);
    expect((await person(ANA, [{ outro2: 1, proximo: 5, ...answer }]))[0]).toBe(0);
  });

  it('are none where the map has no entry of the person', async () => {
    const none = [0, 'The list is whole: the log of 35 places has no reads of this person.'];
    const answers = await Promise.all(['11111111111', '22222222222', '33333333333', '44444444444', CARLA].map(async (cpf) => [cpf, await log.person(cpf, answer.checkpoint)] as const)); // prettier-ignore
    for (const [cpf, ofNobody] of answers) expect(await person(cpf, [ofNobody])).toEqual(none);
    expect(answers.some(([, { outro }]) => outro)).toBe(true);
    const empty = new PeopleLog(log.signer);
    expect(await person(ANA, [await empty.person(ANA, await empty.publishMap())])).toEqual([0, 'The list is whole: the log of 0 places has no reads of this person.']); // prettier-ignore
  });

  it('without their content count, and say that it is not shown', async () => {
    const withheld = changed(({ registros }) => leaveOut(registros[1]!));
    const lines = ALL.with(1, 'read 2: its content is not shown');
    expect(await person(ANA, [withheld])).toEqual([0, [`${WHOLE}.`, ...lines].join('\n')]);
    expect(await person(ANA, [withheld, answer])).toEqual([0, [`${WHOLE}.`, ...ALL].join('\n')]);
    expect(await person(ANA, [answer, withheld])).toEqual([0, [`${WHOLE}.`, ...ALL].join('\n')]);
  });

  it('may come in several pages, in any order and of several checkpoints', async () => {
    const pages = [
      await log.person(ANA, answer.checkpoint, { after: 0, first: 2 }),
      await log.person(ANA, answer.checkpoint, { after: 2, first: 2 }),
    ];
    await log.read(BIA);
    await log.read(ANA);
    const last = await log.person(ANA, await log.publishMap(), { after: 4, first: 2 });
    const whole = 'The list is whole: the log of 37 places has 6 reads of this person.';
    expect(await person(ANA, [...pages, last])).toEqual([0, [whole, ...ALL, read(6, 36)].join('\n')]);
    expect(await person(ANA, [last, ...pages.toReversed()])).toEqual([0, [whole, ...ALL, read(6, 36)].join('\n')]);
    expect(await person(ANA, pages)).toEqual([1, 'The list is not whole: read 5 of 5 is missing.']);
    expect(await person(ANA, [pages[0], last])).toEqual([1, 'The list is not whole: read 3 of 6 is missing.']);
  });

  it('are printed so that a text of a record cannot pass for another line', async () => {
    await log.read(ANA, { clientId: 'x\nread 7: clientId', finalidade: null });
    const [, text] = await person(ANA, [await log.person(ANA, await log.publishMap())]);
    expect(text.split('\n').at(-1)).toBe(String.raw`read 6: clientId "x\nread 7: clientId", dataHora 2026-11-30T12:00:00.000Z, finalidade null, campos score.valor nome`); // prettier-ignore
  });
});

describe('The reads of a person are refused', () => {
  it('when they are those of another person', async () => {
    const refusal = [1, 'answer1 is not of this person: The proof of the VRF is not for this input and this key.'];
    expect(await person(BIA, [answer])).toEqual(refusal);
    const ofBia = await log.person(BIA, answer.checkpoint);
    expect(await person(ANA, [ofBia])).toEqual(refusal);
    expect(await person(ANA, [answer, ofBia])).toEqual([1, (refusal[1] as string).replace('answer1', 'answer2')]);
    const mixed = { ...ofBia, indice: answer.indice };
    expect((await person(ANA, [mixed]))[1]).toMatch(/^The map of people does not say that this person has 5 reads/);
  });

  it('when the list is cut short', async () => {
    const message = (number: number) => `The list is not whole: read ${number} of 5 is missing.`;
    expect(await person(ANA, [changed(({ registros }) => void registros.pop())])).toEqual([1, message(5)]);
    expect(await person(ANA, [changed((copy) => void (copy.registros = []))])).toEqual([1, message(1)]);
    const counted = changed((copy) => {
      copy.registros.pop();
      copy.quantidade = 4;
    });
    expect(await person(ANA, [counted])).toEqual([1, 'The map of people does not say that this person has 4 reads, as answer1 does: The proof of the map leads to another root.']); // prettier-ignore
  });

  it('when one is left out, of which the others take the numbers', async () => {
    const holed = changed(({ registros }) => void registros.splice(1, 1));
    expect(await person(ANA, [holed])).toEqual([1, 'The list is not whole: read 2 of 5 is missing.']);
    const renumbered = changed(({ registros }) => {
      registros.splice(1, 1);
      for (const [before, item] of registros.entries()) item.numero = before + 1;
      registros.forEach(leaveOut);
      registros.push({ ...registros[3]!, numero: 5 });
    });
    expect(await person(ANA, [renumbered])).toEqual([1, 'The reads are not those that the map names in answer1: one was left out, added, changed or moved.']); // prettier-ignore
  });

  it('when one is left out of the chain itself: its record then has another number', async () => {
    const reads = log.readsOf(ANA);
    await log.setReads(ANA, reads.toSpliced(1, 1));
    const shown = await log.person(ANA, await log.publishMap());
    expect(await person(ANA, [shown])).toEqual([1, 'The record of read 2 in answer1 says that it is read 3.']);
  });

  it.each<[string, (item: PersonAnswer['registros'][number]) => void]>([
    ['a changed purpose', ({ registro }) => void (registro!['finalidade'] = 'CREDITO')],
    ['another client', ({ registro }) => void (registro!['clientId'] = 'x')],
    ['a field less', ({ registro }) => void (registro!['campos'] = ['nome'])],
    ['a member less', ({ registro }) => void delete registro!['interacao']],
    ['another number', ({ registro }) => void (registro!['numero'] = 3)],
    ['the index of another', ({ registro }) => void (registro!['indicePessoa'] = randomBytes(32).toString('base64'))],
    ['another nonce', (item) => void (item.nonce = randomBytes(32).toString('base64'))],
    ['a short nonce', (item) => void (item.nonce = 'AAAA')],
    ['another entry', (item) => void (item.entrada = randomBytes(32).toString('base64'))],
    ['a content that no log could hold', ({ registro }) => void (registro!['x'] = { y: 1 })],
  ])('when one is shown with %s', async (_what, change) => {
    const message = 'The record of read 2 in answer1 is not what its entry holds: its content, nonce or entry was changed.'; // prettier-ignore
    expect(await person(ANA, [changed(({ registros }) => change(registros[1]!))])).toEqual([1, message]);
  });

  it('when an entry without its content was changed', async () => {
    const message = 'The reads are not those that the map names in answer1: one was left out, added, changed or moved.';
    const swapped = changed(({ registros }) => {
      registros.forEach(leaveOut);
      [registros[0]!.entrada, registros[1]!.entrada] = [registros[1]!.entrada, registros[0]!.entrada];
    });
    expect(await person(ANA, [swapped])).toEqual([1, message]);
  });

  it('when the records of two are shown with the number of each other', async () => {
    const swapped = changed(({ registros }) => {
      [registros[0]!.numero, registros[1]!.numero] = [2, 1];
    });
    expect(await person(ANA, [swapped])).toEqual([1, 'The record of read 2 in answer1 says that it is read 1.']);
  });

  it.each<[string, Record<string, number | string>, string]>([
    ['has another number', { numero: 7 }, 'says that it is read 7.'],
    ['has no number', { numero: '6' }, 'has no number among the reads of its person.'],
    ['is of another person', { indicePessoa: Buffer.alloc(32).toString('base64') }, 'is of another person.'],
    ['is of a version without a chain', { versao: 1 }, 'is older than the map of people: no list has it.'],
  ])('when a record of the chain says itself that it %s', async (_what, lies, reason) => {
    await log.read(ANA, lies);
    const shown = await log.person(ANA, await log.publishMap());
    expect(await person(ANA, [shown])).toEqual([1, `The record of read 6 in answer1 ${reason}`]);
  });

  it('when the number of reads is wrong', async () => {
    for (const quantidade of [1, 4, 6, 2 ** 53 - 1]) {
      const [exitCode, text] = await person(ANA, [{ ...answer, quantidade }]);
      expect([exitCode, text.split(':')[0]]).toEqual([1, `The map of people does not say that this person has ${quantidade === 1 ? '1 read' : `${quantidade} reads`}, as answer1 does`]); // prettier-ignore
    }
    const more = changed(({ registros }) => void registros.push({ ...registros[0]!, numero: 6 }));
    expect(await person(ANA, [more])).toEqual([1, 'answer1 has a read 6, and the map says that there are 5.']);
    const twice = changed(({ registros }) => void registros.push(registros[4]!));
    expect(await person(ANA, [twice])).toEqual([1, 'answer1 has read 5 twice.']);
  });

  it('when a person who is there is said to be absent', async () => {
    const nobody = { ...answer, quantidade: 0, registros: [] };
    expect(await person(ANA, [nobody])).toEqual([1, 'answer1 says that there are no reads, and has the head of some.']);
    const absent = { ...nobody, cabeca: Buffer.alloc(32).toString('base64') };
    const outro = { indice: Buffer.alloc(32, 7).toString('base64'), quantidade: 1, cabeca: absent.cabeca };
    const { indice, mapa } = await log.person(CARLA, answer.checkpoint);
    const own = { ...outro, indice: log.indexOf(ANA), quantidade: 5, cabeca: answer.cabeca };
    for (const lie of [
      absent,
      { ...absent, mapa: [] },
      { ...absent, outro },
      { ...absent, outro: own },
      { ...absent, mapa },
    ]) {
      // prettier-ignore
      const [exitCode, text] = await person(ANA, [lie]);
      expect([exitCode, text.split(',')[0]]).toEqual([
        1,
        'The map of people does not say that this person has no reads',
      ]);
    }
    expect((await person(ANA, [{ ...absent, indice, mapa }]))[1]).toMatch(/^answer1 is not of this person/);
  });

  it.each<[string, (copy: PersonAnswer) => void]>([
    ['another head', (copy) => void (copy.cabeca = randomBytes(32).toString('base64'))],
    ['a short head', (copy) => void (copy.cabeca = 'AAAA')],
    ['a hash less', ({ mapa }) => void mapa.pop()],
    ['a hash more', ({ mapa }) => void mapa.push(mapa[0]!)],
    ['swapped hashes', (copy) => void (copy.mapa = copy.mapa.toReversed())],
    ['a short hash', ({ mapa }) => void (mapa[0] = 'AAAA')],
    ['another entry beside its own', (copy) => void (copy.outro = { indice: copy.cabeca, quantidade: 1, cabeca: copy.cabeca })], // prettier-ignore
  ])('with %s in the proof of the map', async (_what, change) => {
    const [exitCode, text] = await person(ANA, [changed(change)]);
    expect([exitCode, text.split(',')[0]]).toEqual([1, 'The map of people does not say that this person has 5 reads']);
  });

  it.each<[string, (copy: PersonAnswer) => void]>([
    ['changed', (copy) => void (copy.indice = `${copy.indice.startsWith('B') ? 'C' : 'B'}${copy.indice.slice(1)}`)],
    ['too short', (copy) => void (copy.indice = 'AAAA')],
    ['empty', (copy) => void (copy.indice = '')],
  ])('when the proof of the index is %s', async (_what, change) => {
    expect((await person(ANA, [changed(change)]))[1]).toMatch(/^answer1 is not of this person: /);
  });
});

describe('The checkpoint of the reads of a person', () => {
  it('is refused without the line of the map, with a wrong one, and with two', async () => {
    const line = formatMapLine({ vrfPublicKey: log.vrf.publicKey, root: Buffer.alloc(32) });
    const under = async (...lines: string[]) => (await person(ANA, [{ ...answer, checkpoint: log.publish([], lines) }]))[1]; // prettier-ignore
    expect(await under()).toBe('There is no map of people in the checkpoint of answer1, so it does not show which reads a person has.'); // prettier-ignore
    expect(await under('other 1')).toMatch(/^There is no map of people/);
    expect(await under('pessoas 2 x y')).toBe('No trust in the checkpoint of answer1: The line of the map in the checkpoint cannot be read.'); // prettier-ignore
    expect(await under(line, line)).toBe(
      'No trust in the checkpoint of answer1: The checkpoint has two lines of a map.',
    );
    expect(await under(line)).toMatch(/leads to another root\.$/);
  });

  it('is refused when it is of another key, changed, or not cosigned', async () => {
    const other = new PeopleLog(undefined, log.vrf);
    await fill(other);
    expect(await person(ANA, [await other.person(ANA, await other.publishMap())])).toEqual([1, 'No trust in the checkpoint of answer1: No known key signed the note.']); // prettier-ignore
    const larger = { ...answer, checkpoint: answer.checkpoint.replace('\n35\n', '\n36\n') };
    expect((await person(ANA, [larger]))[1]).toMatch(/The signature of .* is wrong\.$/);
    const witness = someWitness('witness.example/a');
    const withWitness = ['--witness', formatVerifierKey(witness)];
    expect(await person(ANA, [answer], ...withWitness)).toEqual([1, 'Only 0 of the 1 witnesses cosigned the checkpoint of answer1, and 1 must.']); // prettier-ignore
    const cosigned = { ...answer, checkpoint: await log.publishMap([witness]) };
    expect((await person(ANA, [cosigned], ...withWitness))[0]).toBe(0);
    expect((await person(ANA, [answer, cosigned]))[0]).toBe(0);
  });

  it('is continued by the published log, and by what was kept before', async () => {
    const kept = new StaticLog(log.signer);
    kept.append(log.records.slice(0, 20));
    writeFileSync(file('kept'), kept.publish());
    log.appendSome(300);
    await log.publishMap();
    const server = await LogServer.start(log);
    const withLog = ['--log', server.url];
    expect((await person(ANA, [answer], ...withLog))[1].split('\n')[0]).toBe(`${WHOLE}, and the log of 335 places continues it.`); // prettier-ignore
    expect((await person(ANA, [answer], ...withLog, '--since', file('kept')))[1].split('\n')[0]).toBe(`${WHOLE}, and the log of 335 places continues it and the 20 places kept from before.`); // prettier-ignore
    const fork = new StaticLog(log.signer);
    fork.append(log.records.slice(0, 30));
    fork.appendSome(300, 'outra');
    fork.publish();
    server.show(fork);
    expect((await person(ANA, [answer]))[0]).toBe(0);
    expect(await person(ANA, [answer], ...withLog)).toEqual([1, 'The log has two histories: the present checkpoint of 330 places does not continue the checkpoint of the answer of 35.']); // prettier-ignore
    server.show(log);
    writeFileSync(file('kept'), fork.publish());
    expect(await person(ANA, [answer], ...withLog, '--since', file('kept'))).toEqual([1, 'The log has two histories: the present checkpoint of 335 places does not continue the checkpoint kept from before of 330.']); // prettier-ignore
    await server.close();
  });
});

describe('Two answers that contradict one another', () => {
  it('are refused when a read is another one later', async () => {
    const reads = [...log.readsOf(ANA)];
    log.appendSome(1);
    await log.setReads(ANA, reads.with(1, { place: 1, entry: randomBytes(32) }));
    const later = await log.person(ANA, await log.publishMap());
    leaveOut(later.registros[1]!);
    expect((await person(ANA, [later]))[0]).toBe(0);
    expect(await person(ANA, [answer, later])).toEqual([
      1,
      'Read 2 has another entry in answer2 than in another file.',
    ]);
    expect(await person(ANA, [later, answer])).toEqual([
      1,
      'Read 2 has another entry in answer1 than in another file.',
    ]);
    const without2 = changed(({ registros }) => void registros.splice(1, 1));
    expect(await person(ANA, [without2, later])).toEqual([1, 'The reads are not those that the map names in answer1: one was left out, added, changed or moved.']); // prettier-ignore
  });

  it('are refused when there are fewer reads later', async () => {
    log.appendSome(1);
    await log.setReads(ANA, log.readsOf(ANA).slice(0, 3));
    const later = await log.person(ANA, await log.publishMap());
    expect((await person(ANA, [later]))[0]).toBe(0);
    const message = 'Reads were removed: there are 5 in answer1, and 3 in answer2, which is newer.';
    expect(await person(ANA, [answer, later])).toEqual([1, message]);
  });

  it('are refused when the person has a second list, under another key of the map', async () => {
    const other = new PeopleLog(log.signer);
    other.append(log.records);
    await other.read(ANA);
    const second = await other.person(ANA, await other.publishMap());
    expect(second.quantidade).toBe(1);
    expect((await person(ANA, [second]))[0]).toBe(0);
    expect(await person(ANA, [answer, second])).toEqual([1, 'The map of people has two keys, one in answer1 and one in answer2: a person has a list under each.']); // prettier-ignore
  });

  it('are refused when the log has two trees, or two maps, of one size', async () => {
    const message = 'The log has two histories: answer1 and answer2 have different checkpoints of 35 places.';
    const fork = new PeopleLog(log.signer, log.vrf);
    await fill(fork);
    expect(await person(ANA, [answer, await fork.person(ANA, await fork.publishMap())])).toEqual([1, message]);
    await log.setReads(BIA, log.readsOf(BIA).slice(1));
    const otherMap = 'The log has two maps of people: answer1 and answer2 have different ones at 35 places.';
    expect(await person(ANA, [answer, await log.person(ANA, await log.publishMap())])).toEqual([1, otherMap]);
  });
});

describe('What is read', () => {
  it('is a CPF from the standard input', async () => {
    for (const input of ['', '1234500019', 'x', `${ANA}\n${BIA}`]) {
      expect(await person(input, [answer])).toEqual([1, 'The standard input has no CPF of 11 digits.']);
    }
  });

  it('is a file for each answer', async () => {
    const { exitCode, text } = await run(
      ['person', file('none'), '--cpf', '-', '--key', log.key],
      Readable.from([ANA]),
    );
    expect([exitCode, text]).toEqual([1, `${file('none')} cannot be read (ENOENT).\n`]);
  });

  it('is no object that repeats a name', async () => {
    const repeated = JSON.stringify(answer).replace('"quantidade":5', '"quantidade":1,"quantidade":5');
    expect(JSON.parse(repeated)).toEqual(answer);
    expect(await person(ANA, [repeated])).toEqual([1, 'answer1 is not an answer of /auditoria/pessoa: an object repeats a name.']); // prettier-ignore
  });

  it.each<[string, unknown]>([
    ['it is not JSON', '{'],
    ['it has no checkpoint with', 'null'],
    ['it has no checkpoint with', { checkpoint: 1 }],
    ['it has no checkpoint with', { quantidade: '5' }],
    ['it has no checkpoint with', { quantidade: -1 }],
    ['it has no checkpoint with', { quantidade: 1.5 }],
    ['it has no checkpoint with', { quantidade: undefined }],
    ['it has no checkpoint with', { indice: '!' }],
    ['it has no checkpoint with', { cabeca: 1 }],
    ['it has no checkpoint with', { mapa: 'AA==' }],
    ['it has no checkpoint with', { mapa: ['!'] }],
    ['"outro" is not an entry of the map', { outro: null }],
    ['"outro" is not an entry of the map', { outro: { indice: 'AA==', quantidade: 1 } }],
    ['"outro" is not an entry of the map', { outro: { indice: 'AA==', quantidade: '1', cabeca: 'AA==' } }],
    ['it has no list "registros"', { registros: {} }],
    ['item 0 of "registros" is not a read', { registros: [null] }],
    ['item 0 of "registros" is not a read', { registros: [{ numero: 0, entrada: Buffer.alloc(32).toString('base64') }] }], // prettier-ignore
    ['item 0 of "registros" is not a read', { registros: [{ numero: 1, entrada: 'AA==' }] }],
    ['item 0 of "registros" is not a read', { registros: [{ numero: 1 }] }],
    ['item 0 of "registros" is not a read', { registros: [{ numero: 1, entrada: Buffer.alloc(32).toString('base64'), nonce: 'AA==' }] }], // prettier-ignore
    ['item 0 of "registros" is not a read', { registros: [{ numero: 1, entrada: Buffer.alloc(32).toString('base64'), registro: {} }] }], // prettier-ignore
    ['item 0 of "registros" is not a read', { registros: [{ numero: 1, entrada: Buffer.alloc(32).toString('base64'), registro: [], nonce: '' }] }], // prettier-ignore
  ])('is no answer when %s', async (reason, content) => {
    const [exitCode, text] = await person(ANA, [typeof content === 'string' ? content : { ...answer, ...(content as object) }]); // prettier-ignore
    expect(exitCode).toBe(1);
    expect(text).toContain(`answer1 is not an answer of /auditoria/pessoa: ${reason}`);
  });
});
