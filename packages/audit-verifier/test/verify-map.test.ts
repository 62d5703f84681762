import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../src/run.ts';
import { PeopleLog } from './people-log.ts';
import { LogServer } from './static-log.ts';

let folder: string;
let log: PeopleLog;
let server: LogServer;

/** Verifies the present checkpoint against the one that was kept. @returns the exit code, and what is printed */
async function since(kept: string, ...args: string[]): Promise<[number, string]> {
  const file = join(folder, 'kept');
  writeFileSync(file, kept);
  const { exitCode, text } = await run(['checkpoint', '--key', log.key, '--log', server.url, '--since', file, ...args]);
  return [exitCode, text.trimEnd()];
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'audit-verifier-'));
  log = new PeopleLog();
  log.appendSome(3);
  await log.read('12345000198');
  server = await LogServer.start(log);
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

describe('The map of people in the present checkpoint', () => {
  it('continues that of the checkpoint kept from before, and may have begun since', async () => {
    const without = log.publish();
    const kept = await log.publishMap();
    expect((await since(without))[0]).toBe(0);
    expect((await since(kept))[0]).toBe(0);
    await log.read('12345000198');
    await log.publishMap();
    expect(await since(kept, '--all')).toEqual([0, 'The present checkpoint of 5 places is signed by log.example/auditoria and continues the 4 places kept from before, and all its entries and tiles are right.']); // prettier-ignore
  });

  it('is not gone', async () => {
    const kept = await log.publishMap();
    log.appendSome(1);
    log.publish();
    expect(await since(kept)).toEqual([1, 'The map of people is gone: the checkpoint kept from before has one, and the present checkpoint has none.']); // prettier-ignore
  });

  it('is not under another key: everybody would have a new list', async () => {
    const kept = await log.publishMap();
    const other = new PeopleLog(log.signer);
    other.append(log.records);
    other.appendSome(1);
    await other.publishMap();
    server.show(other);
    expect(await since(kept)).toEqual([1, 'The map of people has two keys, one in the checkpoint kept from before and one in the present checkpoint: a person has a list under each.']); // prettier-ignore
  });

  it('is not another one for the same tree', async () => {
    const kept = await log.publishMap();
    const other = new PeopleLog(log.signer, log.vrf);
    other.append(log.records);
    await other.publishMap();
    server.show(other);
    expect(await since(kept)).toEqual([1, 'The log has two maps of people: the checkpoint kept from before and the present checkpoint have different ones at 4 places.']); // prettier-ignore
  });

  it('has a line that can be read', async () => {
    const kept = await log.publishMap();
    log.appendSome(1);
    log.publish([], ['pessoas 2 x']);
    expect(await since(kept)).toEqual([1, 'No trust in the present checkpoint: The line of the map in the checkpoint cannot be read.']); // prettier-ignore
  });
});
