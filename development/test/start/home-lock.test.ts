import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownMark } from '@pessoa/service/processes/process-table';
import { lockHome, AlreadyRunningError } from '../../src/start/home-lock.ts';

describe('A data folder', () => {
  let home: string;
  const hold = () => lockHome(home, 'http://127.0.0.1:1', () => {});
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'pessoa-held-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  it.each([
    '',
    'x',
    '{',
    'null',
    '[]',
    '{"pid":1}',
    '{"pid":"1","services":[]}',
    `{"pid":${process.pid},"startedAt":"","services":{}}`,
    '{"pid":1,"startedAt":"x","url":"","isEnding":false,"services":[null,{},5]}',
  ])('is free when running.json names no running process: %j', async (content) => {
    await writeFile(join(home, 'running.json'), content);
    const lock = await hold();
    expect(JSON.parse(await readFile(join(home, 'running.json'), 'utf8'))).toMatchObject({ pid: process.pid });
    await lock.release();
  });

  it('is refused while another system runs in it', async () => {
    const running = { ...ownMark(), url: 'http://a', isEnding: false, services: [] };
    await writeFile(join(home, 'running.json'), JSON.stringify(running));
    await expect(hold()).rejects.toThrow(AlreadyRunningError);
  });
});
