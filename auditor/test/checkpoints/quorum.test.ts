import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@pessoa/domain/data';
import { formatCheckpoint } from '@pessoa/transparency-log/checkpoints/checkpoint';
import { cosignatureVerifier, cosigner } from '@pessoa/transparency-log/checkpoints/cosignature';
import {
  ed25519Signer,
  formatVerifierKey,
  openNote,
  signatureLines,
  signNote,
} from '@pessoa/transparency-log/notes/signed-note';
import { EMPTY_ROOT } from '@pessoa/transparency-log/tree/hashes';
import { inTime } from '@pessoa/testkit/in-time';
import { createQuorum } from '../../src/checkpoints/quorum.ts';
import type { Witness } from '../../src/checkpoints/witness-client.ts';
import { ContradictionError } from '../../src/contradiction-error.ts';

const LOG = ed25519Signer('bureau.example/auditoria', generateKeyPairSync('ed25519').privateKey);
const noteOf = (size: number): string =>
  signNote(formatCheckpoint({ origin: LOG.name, size, root: EMPTY_ROOT, extensions: [] }), [LOG]);
const proveSince = async (): Promise<[]> => [];

interface WitnessAnswer {
  readonly status: number;
  readonly text: string;
}

describe('A quorum of witnesses', () => {
  const ends: (() => void)[] = [];
  afterEach(() => {
    for (const end of ends.splice(0)) end();
  });

  /** A server in the place of a witness. @param answer gets the signature lines of a true one; without a result it is silent */
  async function startWitness(
    answer: (lines: string) => Promise<WitnessAnswer | undefined>,
  ): Promise<Witness & { readonly calls: () => number }> {
    const signer = cosigner('witness.example', generateKeyPairSync('ed25519').privateKey, systemClock);
    let calls = 0;
    const server = createServer(async (request, response) => {
      calls++;
      const body = Buffer.concat(await request.toArray()).toString();
      const [checkpoint] = body.slice(body.indexOf('\n\n') + 2).split('\n\n');
      const answered = await answer(signatureLines(`${checkpoint}\n`, [signer]));
      if (answered) response.writeHead(answered.status).end(answered.text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ends.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { url, verifier: cosignatureVerifier(formatVerifierKey(signer)), calls: () => calls };
  }
  const cosigning = () => startWitness(async (text) => ({ status: 200, text }));
  const silent = () => startWitness(async () => undefined);

  it('has each cosignature that came with the others', async () => {
    const witnesses = [await cosigning(), await cosigning()];
    const note = await createQuorum(witnesses, 1).cosign(noteOf(5), 5, proveSince);
    for (const { verifier } of witnesses) expect(openNote(note, [verifier]).signatures).toHaveLength(1);
  });

  it('does not wait for a witness that is silent when enough others cosigned', async () => {
    const witness = await cosigning();
    // The witnesses have 1 s.
    const note = await inTime(900, async () =>
      createQuorum([await silent(), witness], 1).cosign(noteOf(5), 5, proveSince),
    );
    expect(openNote(note, [witness.verifier]).signatures).toHaveLength(1);
  });

  it('gives up a silent witness before PostgreSQL gives up the session of the leader', async () => {
    const cosigned = createQuorum([await silent()], 1).cosign(noteOf(5), 5, proveSince);
    // Two timers of one process end in their order, however busy the machine is.
    const session = sleep(1_900, 'the session ended');
    const first = await Promise.race([cosigned.catch((error: Error) => error.message), session]);
    expect(first).toContain('0 of 1 witnesses cosigned, 1 must');
  });

  it('asks a witness that has not answered yet no second time', async () => {
    const [slow, fast] = [await silent(), await cosigning()];
    const quorum = createQuorum([slow, fast], 1);
    for (const size of [1, 2, 3]) await quorum.cosign(noteOf(size), size, proveSince);
    expect({ slow: slow.calls(), fast: fast.calls() }).toEqual({ slow: 1, fast: 3 });
  });

  it.each([
    ['one that does not extend it', { status: 422, text: '' }],
    ['a smaller one', { status: 409, text: '9\n' }],
    ['another of the same size', { status: 409, text: '5\n' }],
  ])('throws for a tree that is not the one a witness has seen: %s', async (_case, answer) => {
    const quorum = createQuorum([await startWitness(async () => answer)], 1);
    await expect(quorum.cosign(noteOf(5), 5, proveSince)).rejects.toThrow(ContradictionError);
  });

  it('throws for a database that was put back under it, though the witness is not there any more', async () => {
    const quorum = createQuorum([await cosigning()], 1);
    await quorum.cosign(noteOf(5), 5, proveSince);
    for (const end of ends.splice(0)) end();
    await expect(quorum.cosign(noteOf(4), 4, proveSince)).rejects.toThrow(ContradictionError);
  });

  it('remembers what a witness says too late, though the others go on cosigning', async () => {
    const late = await startWitness(async () => sleep(300, { status: 422, text: '' }));
    const quorum = createQuorum([late, await cosigning()], 1);
    await quorum.cosign(noteOf(5), 5, proveSince);
    const isRemembered = async (): Promise<boolean> => (await quorum.cosign(noteOf(6), 6, proveSince).catch((error: unknown) => error)) instanceof ContradictionError; // prettier-ignore
    while (!(await isRemembered())) await sleep(20);
    for (const size of [6, 7])
      await expect(quorum.cosign(noteOf(size), size, proveSince)).rejects.toThrow(ContradictionError);
  });
});
