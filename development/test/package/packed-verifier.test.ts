import { execFile, execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { formatCheckpoint } from '@pessoa/transparency-log/checkpoints/checkpoint';
import { formatMapLine } from '@pessoa/transparency-log/checkpoints/map-extension';
import { EMPTY_MAP_ROOT } from '@pessoa/transparency-log/map/map-entry';
import { EMPTY_LINK } from '@pessoa/transparency-log/map/person-chain';
import { provePersonIndex } from '@pessoa/transparency-log/map/person-index';
import { ed25519Signer, formatVerifierKey, signNote } from '@pessoa/transparency-log/notes/signed-note';
import { canonicalRecord, entryOf } from '@pessoa/transparency-log/records/canonical-record';
import { hashLeaf } from '@pessoa/transparency-log/tree/hashes';
import { vrfKey } from '@pessoa/transparency-log/vrf/ecvrf';
import { packables, packWorkspace } from '../../src/package/pack-workspace.ts';

const ORIGIN = 'log.example/auditoria';

describe('audit-verifier as npm would publish it', () => {
  let folder: string;
  let tarball: string;
  /** Runs the tarball by npx without a network and without this project, as an auditor does. */
  const verify = (...args: string[]) =>
    promisify(execFile)('npx', ['--yes', '--offline', `--package=${tarball}`, '--', 'pessoa-audit-verify', ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder },
    });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'verifier-user-'));
    tarball = packWorkspace(packables.verifier, folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('brings along all that it needs, and none of our sources', () => {
    const files = execFileSync('tar', ['tzf', tarball], { encoding: 'utf8' }).trimEnd().split('\n');
    expect(files).toContain('package/main.js');
    expect(files).toContain('package/node_modules/@pessoa/transparency-log/tree/hashes.js');
    expect(files).toContain('package/node_modules/@noble/curves/ed25519.js');
    expect(files).toContain('package/node_modules/@noble/curves/LICENSE');
    expect(files).toContain('package/node_modules/@noble/hashes/sha2.js');
    const others = files.filter((file) => !/\.(js|d\.ts|json|md)$/.test(file) && !file.endsWith('/LICENSE'));
    expect(others).toEqual([]);
  });

  it('runs by npx, verifies an answer, and refuses a changed one', async () => {
    const signer = ed25519Signer(ORIGIN, generateKeyPairSync('ed25519').privateKey);
    const registro = {
      interacao: 'uma',
      dataHora: '2026-11-30T12:00:00.000Z',
      finalidade: 'LOCACAO',
      campos: ['nome'],
    };
    const nonce = randomBytes(32);
    const root = hashLeaf(entryOf(nonce, canonicalRecord(registro)));
    const checkpoint = signNote(formatCheckpoint({ origin: ORIGIN, size: 1, root, extensions: [] }), [signer]);
    const item = { registro, nonce: nonce.toString('base64'), prova: { indice: 0, checkpoint, inclusao: [] } };
    const key = formatVerifierKey(signer);

    writeFileSync(join(folder, 'answer.json'), JSON.stringify({ registros: [item] }));
    const { stdout } = await verify('proof', 'answer.json', '--key', key, '--interaction', 'uma');
    expect(stdout).toBe(
      '1 record is in the tree as the answer says.\nplace 0: dataHora 2026-11-30T12:00:00.000Z, finalidade LOCACAO, campos nome\n',
    );

    writeFileSync(join(folder, 'answer.json'), JSON.stringify({ registros: [{ ...item, registro: { interacao: 'outra' } }] })); // prettier-ignore
    await expect(verify('proof', 'answer.json', '--key', key)).rejects.toMatchObject({
      code: 1,
      stderr: 'The record of place 0 is not what the tree holds: its content, nonce or proof was changed.\n',
    });
  });

  it('verifies that a person has no reads, and refuses the answer for another person', async () => {
    const signer = ed25519Signer(ORIGIN, generateKeyPairSync('ed25519').privateKey);
    const vrf = vrfKey(randomBytes(32));
    const line = formatMapLine({ vrfPublicKey: vrf.publicKey, root: EMPTY_MAP_ROOT });
    const tree = { origin: ORIGIN, size: 1, root: hashLeaf(Buffer.from('entry')), extensions: [line] };
    const answer = {
      checkpoint: signNote(formatCheckpoint(tree), [signer]),
      indice: Buffer.from(provePersonIndex(vrf, '99999900100').proof).toString('base64'),
      quantidade: 0,
      cabeca: Buffer.from(EMPTY_LINK).toString('base64'),
      mapa: [],
      registros: [],
    };
    writeFileSync(join(folder, 'person.json'), JSON.stringify(answer));
    const args = ['person', 'person.json', '--cpf', '-', '--key', formatVerifierKey(signer)];

    const found = verify(...args);
    found.child.stdin!.end('99999900100\n');
    expect((await found).stdout).toBe('The list is whole: the log of 1 places has no reads of this person.\n');
    const refused = verify(...args);
    refused.child.stdin!.end('99999900291\n');
    await expect(refused).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/^person\.json is not of this person/) }); // prettier-ignore
  });
});
