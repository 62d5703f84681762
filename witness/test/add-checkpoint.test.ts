import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCheckpoint } from '@pessoa/transparency-log/checkpoints/checkpoint';
import { cosignatureVerifier, cosigner } from '@pessoa/transparency-log/checkpoints/cosignature';
import {
  ed25519Signer,
  ed25519Verifier,
  type NoteVerifier,
  openNote,
} from '@pessoa/transparency-log/notes/signed-note';
import { keyIdOf } from '@pessoa/transparency-log/notes/verifier-key';
import fc from 'fast-check';
import { addCheckpoint, type Answer } from '../src/add-checkpoint.ts';
import { checkStates, signedStatesIn } from '../src/signed-states.ts';
import { bodyOf, LogUnderTest, texts } from './log-under-test.ts';

let folder: string;
const signer = cosigner('witness.example/w1', generateKeyPairSync('ed25519').privateKey, { now: () => new Date('2026-11-30T12:00:00Z') }); // prettier-ignore
const log = new LogUnderTest(texts(300));
const fork = new LogUnderTest([...texts(3), ...texts(297, 'fork')], log.signer);

const witnessOf = (...verifiers: readonly NoteVerifier[]) => {
  const add = addCheckpoint({
    logs: Map.groupBy(verifiers, ({ name }) => name),
    signer,
    states: signedStatesIn(folder),
  });
  return (body: string | Uint8Array): Promise<Answer> => add(Buffer.from(body));
};
const statusOf = async (answer: Promise<Answer>): Promise<number> => (await answer).status;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'witness-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('A checkpoint', () => {
  it('is cosigned when it continues the one before, also after a restart', async () => {
    for (const [oldSize, size] of [
      [0, 0],
      [0, 1],
      [1, 256],
      [256, 256],
      [256, 257],
      [257, 300],
    ] as const) {
      // prettier-ignore
      const answer = await witnessOf(ed25519Verifier(log.signer))(await log.request(oldSize, size));
      if (answer.status !== 200) throw new Error(JSON.stringify(answer));
      const note = log.checkpoint(size) + answer.cosignatures;
      const { signatures, text } = openNote(note, [ed25519Verifier(log.signer), cosignatureVerifier(signer)]);
      expect(signatures.map(({ name }) => name)).toEqual(['log.example/a', 'witness.example/w1']);
      expect(parseCheckpoint(text).size).toBe(size);
    }
  });

  it('of the log of torchwood’s tests is cosigned, with its proofs from another implementation', async () => {
    const name = 'sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562';
    const publicKey = Buffer.from('ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f', 'hex');
    const witness = witnessOf(ed25519Verifier({ name, algorithm: 1, publicKey, keyId: keyIdOf(name, 1, publicKey) }));
    const first = `old 0

${name}
1
KgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

— ${name} UgIom7fPZTqpxWWhyjWduBvTvGVqsokMbqTArsQilegKoFBJQjUFAmQ0+YeSPM3wfUQMFSzVnnNuWRTYrajXpNUbIQY=
`;
    const three = `old 1
KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
KgIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

${name}
3
RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=

— ${name} UgIom2VbtIcdFbwFAy1n7s6IkAxIY6J/GQOTuZF2ORV39d75cbAj2aQYwyJre36kezNobZs4SUUdrcawfAB8WVrx6go=
`;
    const five = `old 1
KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
+fUDV+k970B4I3uKrqJM4aP1lloPZP8mvr2Z4wRw2LI=
KgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

${name}
5
QrtXrQZCCvpIgsSmOsah7HdICzMLLyDfxToMql9WTjY=

— ${name} UgIomw/EOJmWi0i1FQsOj+etB7F8IccFam/jgd6wzRns4QPVmyEZtdvl1U2KEmLOZ/ASRcWJi0tW90dJWAShei7sDww=
`;
    expect(await statusOf(witness(first))).toBe(200);
    // Both continue the first; whichever comes second finds another old size.
    expect((await Promise.all([three, five].map((body) => statusOf(witness(body))))).toSorted()).toEqual([200, 409]);
  });

  it('is refused with the known size when the log is wrong about it', async () => {
    const witness = witnessOf(ed25519Verifier(log.signer));
    expect(await witness(await log.request(5, 9))).toMatchObject({ status: 409, size: 0 });
    await witness(await log.request(0, 5));
    for (const [oldSize, size] of [
      [0, 9],
      [4, 9],
      [4, 5],
      [3, 4],
      [0, 0],
      [6, 9],
    ] as const) {
      // prettier-ignore
      expect(await witness(await log.request(oldSize, size))).toMatchObject({ status: 409, size: 5 });
    }
  });

  it('is refused when it is of another history', async () => {
    const witness = witnessOf(ed25519Verifier(log.signer));
    await witness(await log.request(0, 5));
    expect(await witness(await fork.request(5, 9))).toMatchObject({ status: 422 });
    expect(await witness(await fork.request(5, 5))).toMatchObject({ status: 409, size: 5, isContradiction: true });
    const kept = (await readdir(folder)).find((file) => file.endsWith('.contradiction'));
    expect(await readFile(join(folder, kept!), 'utf8')).toBe(fork.checkpoint(5));
    expect(await statusOf(witness(await log.request(5, 5)))).toBe(200);
    expect(await statusOf(witness(await log.request(5, 9)))).toBe(200);
  });

  it('is refused when it states something else of the same tree', async () => {
    const witness = witnessOf(ed25519Verifier(log.signer));
    const withLine = (size: number, line: string) => log.checkpoint(size, [log.signer], [line]);
    const first = bodyOf(0, [], withLine(5, 'map 1'));
    expect(await statusOf(witness(first))).toBe(200);
    for (const other of [withLine(5, 'map 2'), log.checkpoint(5)])
      expect(await witness(bodyOf(5, [], other))).toMatchObject({ status: 409, size: 5, isContradiction: true });
    const kept = (await readdir(folder)).find((file) => file.endsWith('.contradiction'));
    expect(await readFile(join(folder, kept!), 'utf8')).toBe(withLine(5, 'map 2'));
    expect(await statusOf(witness(bodyOf(5, [], withLine(5, 'map 1'))))).toBe(200);
    expect(await statusOf(witness(bodyOf(5, await log.proof(5, 9), withLine(9, 'map 2'))))).toBe(200);
  });

  it('is refused with a proof that does not prove it', async () => {
    const witness = witnessOf(ed25519Verifier(log.signer));
    await witness(await log.request(0, 5));
    const proof = await log.proof(5, 9);
    const checkpoint = log.checkpoint(9);
    for (const wrong of [[], proof.slice(1), proof.toReversed(), [...proof, proof[0]!], proof.with(0, proof[1]!)]) {
      expect(await statusOf(witness(bodyOf(5, wrong, checkpoint)))).toBe(422);
    }
    expect(await statusOf(witness(bodyOf(5, proof.slice(0, 1), log.checkpoint(5))))).toBe(422);
    expect(await statusOf(witness(bodyOf(5, proof, checkpoint)))).toBe(200);
  });

  it('is refused with a proof where none is needed', async () => {
    const [hash] = await log.proof(5, 9);
    expect(await statusOf(witnessOf(ed25519Verifier(log.signer))(bodyOf(0, [hash!], log.checkpoint(9))))).toBe(422);
  });

  it('is refused when its log is unknown, or did not sign it', async () => {
    const witness = witnessOf(ed25519Verifier(log.signer));
    const other = new LogUnderTest(texts(5), ed25519Signer('other.example', generateKeyPairSync('ed25519').privateKey));
    expect(await statusOf(witness(await other.request(0, 5)))).toBe(404);
    expect(await statusOf(witness(bodyOf(0, [], log.checkpoint(5, [other.signer]))))).toBe(403);
    const impostor = new LogUnderTest(texts(5));
    expect(await statusOf(witness(await impostor.request(0, 5)))).toBe(403);
    expect(await statusOf(witness(bodyOf(0, [], log.checkpoint(5).replace('\n5\n', '\n6\n'))))).toBe(403);
    expect(await readdir(folder)).toEqual([]);
  });

  it('is accepted with one of several keys of its log, beside signatures of others', async () => {
    const second = ed25519Signer(log.signer.name, generateKeyPairSync('ed25519').privateKey);
    const stranger = ed25519Signer('stranger.example', generateKeyPairSync('ed25519').privateKey);
    const witness = witnessOf(ed25519Verifier(log.signer), ed25519Verifier(second));
    expect(await statusOf(witness(bodyOf(0, [], log.checkpoint(5, [stranger, second]))))).toBe(200);
    expect(await statusOf(witness(await log.request(5, 9)))).toBe(200);
  });

  it('is refused when the request is malformed', async () => {
    const witness = witnessOf(ed25519Verifier(log.signer));
    const note = log.checkpoint(5);
    const hash = (await log.proof(5, 9))[0]!;
    const empty = new LogUnderTest([], log.signer).checkpoint(0);
    const bodies: (string | Uint8Array)[] = [
      '',
      note,
      `\n\n${note}`,
      bodyOf('-1', [], note),
      bodyOf('00', [], note),
      bodyOf('1.0', [], note),
      bodyOf('9007199254740992', [], note),
      bodyOf('', [], note),
      bodyOf(0, [], note).replace('old ', 'old  '),
      bodyOf(0, [], note).replace('old ', 'Old '),
      bodyOf(0, [], note).replace('\n', '\r\n'),
      bodyOf(0, ['AAAA'], note),
      bodyOf(0, [hash.replace('=', '')], note),
      bodyOf(0, Array<string>(64).fill(hash), note),
      bodyOf(6, [], note),
      bodyOf(0, [], note.slice(0, -1)),
      bodyOf(0, [], note.split('\n\n')[0]!),
      bodyOf(0, [], empty.replace('\n0\n', '\n00\n')),
      Buffer.concat([Buffer.from(bodyOf(0, [], note)), Buffer.of(0xff)]),
    ];
    const statuses = await Promise.all(bodies.map((body) => statusOf(witness(body))));
    // A checkpoint that was changed is no longer signed.
    expect(statuses).toEqual(bodies.map((_, place) => (place === 17 ? 403 : 400)));
    expect(await statusOf(witness(bodyOf(0, [], note)))).toBe(200);
  });
});

describe('What a witness has signed', () => {
  it('is on the disk before the cosignature exists', async () => {
    const states = signedStatesIn(folder);
    const steps: string[] = [];
    const add = addCheckpoint({
      logs: new Map([[log.signer.name, [ed25519Verifier(log.signer)]]]),
      signer: { ...signer, sign: (text) => (steps.push('signed'), signer.sign(text)) },
      states: {
        ...states,
        async write(...args) {
          await states.write(...args);
          steps.push('written');
        },
      },
    });
    await add(Buffer.from(await log.request(0, 5)));
    expect(steps).toEqual(['written', 'signed']);
    const [file] = await readdir(folder);
    expect(JSON.parse(await readFile(join(folder, file!), 'utf8'))).toMatchObject({ origin: 'log.example/a', size: 5, checkpoint: log.checkpoint(5) }); // prettier-ignore
  });

  it('is nothing when the state cannot be written', async () => {
    const witness = witnessOf(ed25519Verifier(log.signer));
    await rm(folder, { recursive: true });
    await expect(witness(await log.request(0, 5))).rejects.toThrow('ENOENT');
  });

  it('is one history, whatever is asked at the same time and however often it restarts', async () => {
    const histories = [log, fork];
    const request = fc.record({ history: fc.nat({ max: 1 }), oldSize: fc.nat({ max: 12 }), more: fc.nat({ max: 4 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(request, { maxLength: 6 }), { maxLength: 6 }), async (rounds) => {
        await rm(folder, { recursive: true, force: true });
        folder = await mkdtemp(join(tmpdir(), 'witness-'));
        const signed: string[] = [];
        for (const round of rounds) {
          const witness = witnessOf(ed25519Verifier(log.signer));
          const bodies = await Promise.all(round.map(({ history, oldSize, more }) => histories[history]!.request(oldSize, oldSize + more))); // prettier-ignore
          const answers = await Promise.all(bodies.map((body) => witness(body)));
          for (const [place, { status }] of answers.entries()) {
            if (status === 200) signed.push(bodies[place]!.split('\n\n').slice(1).join('\n\n'));
          }
        }
        // All that it signed is of one of the two histories.
        const isOf = (history: LogUnderTest) =>
          signed.every((note) => history.checkpoint(parseCheckpoint(note.split('\n\n')[0] + '\n').size) === note);
        expect(histories.some(isOf)).toBe(true);
      }),
      generatedProperty(150),
    );
  });

  it('stops the start when its folder is missing or no folder, or a file in it was damaged or is of another log', async () => {
    const origins = [log.signer.name, 'other.example'];
    await witnessOf(ed25519Verifier(log.signer))(await log.request(0, 5));
    await checkStates(folder, origins);
    await expect(checkStates(join(folder, 'none'), origins)).rejects.toThrow('WITNESS_STATE: is not a folder');
    const [file] = await readdir(folder);
    await expect(checkStates(join(folder, file!), origins)).rejects.toThrow('WITNESS_STATE: is not a folder');
    const content = await readFile(join(folder, file!), 'utf8');
    for (const damaged of [
      '',
      '{',
      '{}',
      content.replace('"size": 5', '"size": -5'),
      content.replace('log.example/a', 'b'),
    ]) {
      // prettier-ignore
      await writeFile(join(folder, file!), damaged);
      await expect(checkStates(folder, origins)).rejects.toThrow('put back its last copy');
      await expect(witnessOf(ed25519Verifier(log.signer))(await log.request(5, 9))).rejects.toThrow('put back its last copy'); // prettier-ignore
    }
  });
});
