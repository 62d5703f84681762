import { execFile, execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { formatCheckpoint } from '@pessoa/transparency-log/checkpoints/checkpoint';
import { ed25519Signer, formatVerifierKey, signNote } from '@pessoa/transparency-log/notes/signed-note';
import { canonicalRecord, entryOf } from '@pessoa/transparency-log/records/canonical-record';
import { hashLeaf } from '@pessoa/transparency-log/tree/hashes';
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
    expect(files.filter((file) => !/\.(js|d\.ts|json|md)$/.test(file))).toEqual([]);
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
});
