import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { formatVerifierKey } from '@pessoa/transparency-log/notes/signed-note';
import { USAGE } from '../src/command-line.ts';
import { run } from '../src/run.ts';
import { LogServer, someWitness, StaticLog } from './static-log.ts';

const { key } = new StaticLog();
const witness = formatVerifierKey(someWitness('witness.example/a'));
const LOG = ['--log', 'https://log.example'];

describe('The command', () => {
  it.each([
    [[], 'The command is checkpoint, proof or person.'],
    [['other'], 'The command is checkpoint, proof or person.'],
    [['checkpoint', ...LOG], '--key is missing.'],
    [['checkpoint', '--key', 'x', ...LOG], 'A verifier key is written name+id+base64.'],
    [['checkpoint', '--key', witness, ...LOG], 'The key witness.example/a is for signatures of type 4, not 1.'],
    [['checkpoint', '--key', key, '--witness', key, ...LOG], 'The key log.example/auditoria is for signatures of type 1, not 4.'], // prettier-ignore
    [['checkpoint', '--key', key, '--witness', witness, '--witness', witness, ...LOG], 'A witness is given twice.'],
    [['checkpoint', '--key', key, '--quorum', '1', ...LOG], 'The quorum is a number from 0 to 0, the number of witnesses.'], // prettier-ignore
    [['checkpoint', '--key', key, '--quorum', 'x', ...LOG], '--quorum is no number.'],
    [['checkpoint', '--key', key], 'checkpoint needs --log.'],
    [['checkpoint', '--key', key, '--log', 'file:///etc'], '--log is no URL.'],
    [['checkpoint', '--key', key, '--log', 'x'], '--log is no URL.'],
    [['checkpoint', '--key', key, ...LOG, 'one'], 'checkpoint takes no file, or OLD and NEW.'],
    [['checkpoint', '--key', key, ...LOG, 'one', 'two', 'three'], 'checkpoint takes no file, or OLD and NEW.'],
    [['checkpoint', '--key', key, ...LOG, '--all', 'one', 'two'], '--since, --keep and --all are for the present checkpoint, not for OLD and NEW.'], // prettier-ignore
    [['proof', '--key', key], 'proof takes one file.'],
    [['proof', '--key', key, 'one', 'two'], 'proof takes one file.'],
    [['proof', '--key', key, '--keep', 'x', 'one'], '--since, --keep and --all are for checkpoint.'],
    [['proof', '--key', key, '--interaction', '', 'one'], '--interaction is empty.'],
    [['checkpoint', '--key', key, ...LOG, '--interaction', 'x'], '--interaction is for proof.'],
    [['checkpoint', '--key', key, ...LOG, '--cpf', '-'], '--cpf is for person and proof.'],
    [['person', '--key', key, '--cpf', '-'], 'person takes one file or more.'],
    [['person', '--key', key, 'one'], 'person needs --cpf -, and the CPF on standard input.'],
    [['person', '--key', key, 'one', '--cpf', '-', '--all'], '--keep and --all are for checkpoint.'],
    [['person', '--key', key, 'one', '--cpf', '-', '--keep', 'x'], '--keep and --all are for checkpoint.'],
    [['person', '--key', key, 'one', '--cpf', '-', '--interaction', 'x'], '--interaction is for proof.'],
    [['person', '--key', key, 'one', '--cpf', '-', '--since', 'x'], '--since needs --log.'],
    [['person', 'one', '--cpf', '-'], '--key is missing.'],
    [['proof', '--unknown'], "Unknown option '--unknown'"],
  ])('used as %j exits with 2 and says why', async (args, message) => {
    const { exitCode, text } = await run(args);
    expect([exitCode, text.split('\n\n')[0]]).toEqual([2, message]);
    expect(text).toContain('usage: ');
  });

  it.each([
    ['person', 'one', '--key', key, '--cpf', '12345000198'],
    ['person', 'one', '--key', key, '--cpf=12345000198'],
    ['person', 'one', '--key', key, '--cpf', '123.450.001-98'],
    ['person', 'one', '--key', key, '--cpf', 'x12345000198'],
    ['person', 'one', '--key', key, '--cpf', '12345000198', '--cpf', '-'],
    ['person', '12345000198', '--key', key, '--cpf', '-'],
    ['proof', '123.450.001-98', '--key', key],
    ['proof', 'one', '--key', key, '--cpf', '12345000198'],
    ['12345000198'],
  ])('refuses a CPF in its arguments, and does not repeat it: %j %j', async (...args) => {
    const { exitCode, text } = await run(args);
    expect([exitCode, text.split(':')[0]]).toEqual([2, 'A CPF in the arguments is in the list of processes and in the history of the shell']); // prettier-ignore
    expect(text).not.toMatch(/\d{3}\.?\d{3}\.?\d{3}/);
  });

  it('prints its usage', async () => {
    expect(await run(['--help'])).toEqual({ exitCode: 0, text: USAGE });
    expect(await run(['proof', '-h'])).toEqual({ exitCode: 0, text: USAGE });
  });

  it('runs as a process, with the exit code and one sentence', async () => {
    const log = new StaticLog();
    log.appendSome(3);
    log.publish();
    const server = await LogServer.start(log);
    const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
    const process_ = (...args: string[]) => promisify(execFile)(process.execPath, [main, ...args]);
    const { stdout } = await process_('checkpoint', '--key', log.key, '--log', server.url);
    expect(stdout).toBe('The present checkpoint of 3 places is signed by log.example/auditoria.\n');
    log.files.delete('checkpoint');
    const failure = process_('checkpoint', '--key', log.key, '--log', server.url);
    await expect(failure).rejects.toMatchObject({ code: 1, stdout: '', stderr: 'The log does not publish checkpoint.\n' }); // prettier-ignore
    await expect(process_('proof')).rejects.toMatchObject({ code: 2, stdout: '' });
    await server.close();
  });
});
