import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ed25519Signer, formatVerifierKey } from '@pessoa/transparency-log/notes/signed-note';
import { run } from '../src/run.ts';
import { LogServer, ORIGIN, someWitness, StaticLog } from './static-log.ts';

let folder: string;
let log: StaticLog;
let server: LogServer;
const file = (name: string): string => join(folder, name);
const witnesses = [someWitness('witness.example/a'), someWitness('witness.example/b')];
const witnessKeys = witnesses.map(formatVerifierKey);
const withWitnesses = witnessKeys.flatMap((key) => ['--witness', key]);

/** Verifies the present checkpoint. @returns the exit code and what is printed */
async function checkpoint(...args: string[]): Promise<[number, string]> {
  const { exitCode, text } = await run(['checkpoint', '--key', log.key, '--log', server.url, ...args]);
  return [exitCode, text.trimEnd()];
}

const flipped = (bytes: Uint8Array, place: number): Uint8Array =>
  bytes.map((byte, at) => (at === place ? byte ^ 1 : byte));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'audit-verifier-'));
  log = new StaticLog();
  server = await LogServer.start(log);
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

describe('The checkpoint of an honest log', () => {
  it('is verified, kept, and continued by later ones', async () => {
    for (const [size, count] of [
      [0, 0],
      [1, 1],
      [300, 299],
      [512, 212],
      [513, 1],
    ] as const) {
      // prettier-ignore
      log.appendSome(count);
      const note = log.publish();
      const since = existsSync(file('kept')) ? ['--since', file('kept')] : [];
      const [exitCode, text] = await checkpoint(...since, '--keep', file('kept'), '--all');
      expect(text).toMatch(
        new RegExp(`^The present checkpoint of ${size} places is signed by ${ORIGIN}.*are right\\.$`),
      );
      if (since.length > 0) expect(text).toContain('places kept from before');
      expect(exitCode).toBe(0);
      expect(readFileSync(file('kept'), 'utf8')).toBe(note);
    }
  });

  it('is verified with the witnesses that cosigned it, as far as the quorum asks', async () => {
    log.appendSome(3);
    log.publish(witnesses);
    expect(await checkpoint(...withWitnesses)).toEqual([0, `The present checkpoint of 3 places is signed by ${ORIGIN} and 2 witnesses.`]); // prettier-ignore
    log.publish(witnesses.slice(1));
    expect(await checkpoint(...withWitnesses)).toEqual([1, 'Only 1 of the 2 witnesses cosigned the present checkpoint, and 2 must.']); // prettier-ignore
    expect(await checkpoint(...withWitnesses, '--quorum', '1')).toEqual([0, `The present checkpoint of 3 places is signed by ${ORIGIN} and 1 witness.`]); // prettier-ignore
  });

  it('is verified where partial tiles give way to full ones', async () => {
    log.appendSome(200);
    log.publish();
    await checkpoint('--keep', file('kept'));
    log.appendSome(100);
    log.publish();
    expect(log.files.delete('tile/0/000.p/200')).toBe(true);
    expect(log.files.delete('tile/entries/000.p/200')).toBe(true);
    expect((await checkpoint('--since', file('kept')))[0]).toBe(0);
  });

  it('continues another of two files', async () => {
    log.appendSome(256);
    writeFileSync(file('old'), log.publish());
    log.appendSome(44);
    writeFileSync(file('new'), log.publish());
    expect(await checkpoint(file('old'), file('new'))).toEqual([0, `${file('new')} of 300 places continues ${file('old')} of 256.`]); // prettier-ignore
    expect(await checkpoint(file('new'), file('old'))).toEqual([1, `The log was cut: ${file('new')} has 300 places, and ${file('old')} has 256.`]); // prettier-ignore
  });
});

describe('A log that cheats', () => {
  const CUT = 'The log was cut: the checkpoint kept from before has 600 places, and the present checkpoint has';
  const changedTile = (size: number): string =>
    `The published tiles do not give the root of the checkpoint of ${size} places: a tile was changed.`;

  beforeEach(async () => {
    log.appendSome(600);
    log.publish(witnesses);
    expect((await checkpoint('--keep', file('kept')))[0]).toBe(0);
  });

  it('is seen when it was cut', async () => {
    const cut = new StaticLog(log.signer);
    cut.append(log.records.slice(0, 599));
    cut.publish();
    server.show(cut);
    expect(await checkpoint('--since', file('kept'), '--keep', file('kept'))).toEqual([1, `${CUT} 599.`]);
    expect(readFileSync(file('kept'), 'utf8')).toBe(log.publish(witnesses));
  });

  it.each([
    ['of the same size', 512, 88],
    ['that is longer', 256, 700],
    ['from the first place', 0, 601],
    ['after a power of two', 599, 2],
  ])('is seen when it shows another history %s', async (_what, common, further) => {
    const fork = new StaticLog(log.signer);
    fork.append(log.records.slice(0, common));
    fork.appendSome(further, 'outra');
    fork.publish();
    server.show(fork);
    const message = `The log has two histories: the present checkpoint of ${common + further} places does not continue the checkpoint kept from before of 600.`; // prettier-ignore
    expect(await checkpoint('--since', file('kept'))).toEqual([1, message]);
  });

  it('is seen when it rewrote history before a kept size that is a power of two', async () => {
    const old = new StaticLog(log.signer);
    old.append(log.records.slice(0, 512));
    writeFileSync(file('kept'), old.publish());
    const fork = new StaticLog(log.signer);
    fork.append(log.records.with(100, { ...log.records[100]!, record: { interacao: 'outra' } }));
    fork.publish();
    server.show(fork);
    expect(await checkpoint('--since', file('kept'))).toEqual([1, 'The log has two histories: the present checkpoint of 600 places does not continue the checkpoint kept from before of 512.']); // prettier-ignore
  });

  it('is seen when a record was edited in it, because its checkpoint no longer continues the kept one', async () => {
    const edited = new StaticLog(log.signer);
    edited.append(log.records.with(5, { ...log.records[5]!, record: { ...log.records[5]!.record, aceita: false } }));
    edited.appendSome(5);
    edited.publish();
    server.show(edited);
    expect((await checkpoint('--since', file('kept')))[1]).toContain('two histories');
  });

  it('is seen when two records were swapped', async () => {
    const { records } = log;
    const swapped = new StaticLog(log.signer);
    swapped.append(records.with(7, records[8]!).with(8, records[7]!));
    swapped.publish();
    server.show(swapped);
    expect((await checkpoint('--since', file('kept')))[1]).toContain('two histories');
  });

  it.each(['tile/0/002.p/88', 'tile/1/000.p/2'])('is seen when its tile %s was changed', async (path) => {
    log.files.set(path, flipped(log.files.get(path)!, 40));
    expect(await checkpoint()).toEqual([1, changedTile(600)]);
  });

  it('is seen when a tile was changed that only the consistency proof needs', async () => {
    const old = new StaticLog(log.signer);
    old.append(log.records.slice(0, 100));
    writeFileSync(file('kept'), old.publish());
    log.files.set('tile/0/000', flipped(log.files.get('tile/0/000')!, 32 * 3));
    expect((await checkpoint())[0]).toBe(0);
    expect(await checkpoint('--since', file('kept'))).toEqual([1, changedTile(600)]);
  });

  it('is seen by --all when any tile or entry was changed, is missing or too short', async () => {
    expect((await checkpoint('--all'))[0]).toBe(0);
    const outcomes: Record<string, string> = {};
    for (const path of ['tile/0/000', 'tile/0/001', 'tile/entries/000', 'tile/entries/002.p/88']) {
      const bytes = log.files.get(path)!;
      for (const [what, changed] of [
        ['changed', flipped(bytes, 33)],
        ['short', bytes.subarray(1)],
        ['missing', undefined],
      ] as const) {
        // prettier-ignore
        if (changed) log.files.set(path, changed);
        else log.files.delete(path);
        const [exitCode, text] = await checkpoint('--all');
        expect(exitCode).toBe(1);
        outcomes[`${path} ${what}`] = text;
        log.files.set(path, bytes);
      }
    }
    expect(outcomes).toEqual({
      'tile/0/000 changed': "The log's tile/0/000 is not what the published entries give.",
      'tile/0/000 short': "The log's tile/0/000 is too short.",
      'tile/0/000 missing': 'The log does not publish tile/0/000.',
      'tile/0/001 changed': "The log's tile/0/001 is not what the published entries give.",
      'tile/0/001 short': "The log's tile/0/001 is too short.",
      'tile/0/001 missing': 'The log does not publish tile/0/001.',
      'tile/entries/000 changed': "The log's tile/0/000 is not what the published entries give.",
      'tile/entries/000 short': "The log's tile/entries/000 does not hold 256 entries.",
      'tile/entries/000 missing': 'The log does not publish tile/entries/000.',
      'tile/entries/002.p/88 changed': "The log's tile/0/002.p/88 is not what the published entries give.",
      'tile/entries/002.p/88 short': "The log's tile/entries/002.p/88 does not hold 88 entries.",
      'tile/entries/002.p/88 missing': 'The log does not publish tile/entries/002.',
    });
  });

  it('is seen when another key signed', async () => {
    const other = new StaticLog(ed25519Signer(ORIGIN, generateKeyPairSync('ed25519').privateKey));
    other.append(log.records);
    other.publish(witnesses);
    server.show(other);
    expect(await checkpoint()).toEqual([1, 'No trust in the present checkpoint: No known key signed the note.']);
    expect(await checkpoint(...withWitnesses)).toEqual([1, `The log's key ${ORIGIN} did not sign the present checkpoint.`]); // prettier-ignore
  });

  it('is seen when a signature or a cosignature is of another checkpoint', async () => {
    const [text, lines] = log.publish(witnesses).split(/(?<=\n)\n/) as [string, string];
    log.files.set('checkpoint', Buffer.from(`${text.replace('600', '599')}\n${lines}`));
    expect((await checkpoint())[1]).toMatch(/^No trust in the present checkpoint: The signature of .* is wrong\.$/);
    log.appendSome(1);
    const [newText, newLines] = log.publish().split(/(?<=\n)\n/) as [string, string];
    log.files.set('checkpoint', Buffer.from(`${newText}\n${newLines}${lines.split('\n').slice(1).join('\n')}`));
    expect((await checkpoint(...withWitnesses))[1]).toMatch(/The signature of witness\.example\/a\+\w{8} is wrong\.$/);
  });

  it('is seen when its checkpoint is of another log', async () => {
    const signer = ed25519Signer('other.example/log', generateKeyPairSync('ed25519').privateKey);
    const other = new StaticLog(signer);
    other.publish();
    server.show(other);
    const { text } = await run(['checkpoint', '--key', formatVerifierKey(signer), '--log', server.url]);
    expect(text).toBe(
      `The log's key is that of other.example/log, and the present checkpoint is of the log ${ORIGIN}.\n`,
    );
  });

  it('is seen when it does not answer, or answers something else', async () => {
    log.files.delete('checkpoint');
    expect(await checkpoint()).toEqual([1, 'The log does not publish checkpoint.']);
    log.files.set('checkpoint', Buffer.from('<html>'));
    expect(await checkpoint()).toEqual([1, 'No trust in the present checkpoint: The note has no signatures after an empty line.']); // prettier-ignore
    log.files.set('checkpoint', Buffer.alloc(17_000_000));
    expect((await checkpoint())[1]).toContain('more than 16777472 bytes');
    const { text } = await run(['checkpoint', '--key', log.key, '--log', 'http://127.0.0.1:1/log']);
    expect(text).toBe('The log did not answer GET http://127.0.0.1:1/log/checkpoint: fetch failed.\n');
  });

  it('is no reason to take a file for a kept checkpoint that is none', async () => {
    writeFileSync(file('kept'), 'something else\n');
    expect((await checkpoint('--since', file('kept')))[1]).toMatch(/^No trust in the checkpoint kept from before/);
    expect((await checkpoint('--since', file('none')))[1]).toBe(`${file('none')} cannot be read (ENOENT).`);
    expect((await checkpoint('--keep', file('none/kept')))[1]).toBe(`${file('none/kept')} cannot be written (ENOENT).`);
  });
});
