import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpfFromBase } from '@pessoa/domain/cpf';
import { fixedClock, today } from '@pessoa/domain/data';
import { labelledPeople } from '@pessoa/development/labelled-sets/labelled-sets';
import { scoredSet } from '@pessoa/development/labelled-sets/scored-set';
import { setFiles } from '@pessoa/development/labelled-sets/set-files';
import { CUT_OFF_DEFAULT, evaluate, type Report } from '@pessoa/operations/evaluation/report';
import { importFile } from '@pessoa/operations/import/import-file';
import { importKinds } from '@pessoa/operations/import/kinds/kinds';
import { bareEnvironment } from '@pessoa/testkit/bare-environment';
import { scanForLeaks } from '@pessoa/testkit/leaks';
import { root } from '../src/started-system.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const CLOCK = fixedClock('2026-11-22T15:00:00Z');
const PEOPLE = 250;
const UNKNOWN = cpfFromBase('909090909');

describe('npm run score:evaluate through the product', () => {
  let graph: WholeGraph;
  let folder: string;
  beforeAll(async () => {
    graph = await startWholeGraph({ clock: CLOCK });
    folder = await mkdtemp(join(tmpdir(), 'pessoa-evaluation-'));
    const files = setFiles(labelledPeople('known-auc', PEOPLE, today(CLOCK)));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    for (const name of ['pessoas', 'bens', 'rendas']) {
      const kind = importKinds.find((each) => each.base === 'base-b' && each.name === name)!;
      const file = join(folder, `${name}.csv`);
      const { counts } = await importFile({ file, kind, connectionString: graph.bases.baseB.ownerUrl });
      expect(counts).toMatchObject({ refused: 0 });
    }
  });
  afterAll(async () => {
    await graph.close();
    await rm(folder, { recursive: true });
  });

  const run = (token: string, ...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> =>
    new Promise((resolve) => {
      execFile(
        process.execPath,
        [
          join(root, 'operations/src/evaluation/main.ts'),
          ...(args.includes('--router') ? [] : ['--router', graph.router.url]),
          ...args,
        ],
        { cwd: folder, env: { ...bareEnvironment(), PESSOA_TOKEN: token } },
        (error, stdout, stderr) => resolve({ code: error ? error.code : 0, stdout, stderr }),
      );
    });

  it('has every figure of the model itself over the same people, and says who had no score', async () => {
    const labels = join(folder, 'labels-and-one.csv');
    await writeFile(labels, `${await readFile(join(folder, 'labels.csv'), 'utf8')}${UNKNOWN},0\n`);
    const token = await graph.environment.token({ scope: 'score:read score:detalhe' });
    const { code, stdout, stderr } = await run(token, labels, '--to', join(folder, 'report'), '--against', join(folder, 'labels.csv')); // prettier-ignore
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: expect.stringContaining('pessoa-2026.1: 250 people'),
      stderr: expect.any(String),
    });
    const report = JSON.parse(await readFile(join(folder, 'report/report.json'), 'utf8')) as Report;
    const people = scoredSet('known-auc', PEOPLE, today(CLOCK), 'pessoa-2026.1');
    const answers = { people, modelo: 'pessoa-2026.1', unknown: 0, invalid: 0, stale: 0 };
    const expected = { ...evaluate(answers, CUT_OFF_DEFAULT, answers), notScored: { unknown: 1, invalid: 0 } };
    expect(report).toEqual({ ...JSON.parse(JSON.stringify(expected)), findings: expect.any(Array) });
    expect(stdout).toContain('PESSOAS_SEM_NOTA: 1 de 251');
    expect((await readdir(join(folder, 'report'))).toSorted()).toEqual(
      ['calibracao', 'faixas', 'fatores', 'ganhos', 'idade', 'psi', 'roc'].map((name) => `${name}.svg`).concat('report.html', 'report.json').toSorted(), // prettier-ignore
    );
    scanForLeaks(stdout);
    for (const file of await readdir(join(folder, 'report')))
      expect(await readFile(join(folder, 'report', file), 'utf8')).not.toMatch(/(?<![\d.])\d{11}(?!\d)/);
  }, 120_000);

  it('asks for nobody when no report could be made: too few of an outcome, or no folder to write to', async () => {
    const labels = join(folder, 'labels.csv');
    const token = await graph.environment.token({ scope: 'score:read score:detalhe' });
    const payers = join(folder, 'payers.csv');
    await writeFile(payers, (await readFile(labels, 'utf8')).replace(/,1$/gm, ',0'));
    const { rows: before } = await graph.bases.auditoria.owner.query('SELECT count(*) FROM acesso');
    expect(await run(token, payers)).toMatchObject({ code: 1, stderr: expect.stringMatching(/^POUCAS_PESSOAS: /) });
    expect(await run(token, labels, '--to', join(labels, 'report'))).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^PASTA_SEM_ESCRITA: .*\(ENOTDIR\)/),
    });
    expect((await graph.bases.auditoria.owner.query('SELECT count(*) FROM acesso')).rows).toEqual(before);
  }, 60_000);

  it('writes an inquiry for each person, as any client’s', async () => {
    const { rows } = await graph.bases.auditoria.owner.query<{ people: string }>(
      'SELECT count(DISTINCT cpf_hash) AS people FROM acesso',
    );
    expect(Number(rows[0]!.people)).toBe(PEOPLE + 1);
  });

  it.each([
    ['score:read', 'UNAUTHORIZED_FIELD_OR_TYPE: the router answered 200 (ESCOPO: score:detalhe)'],
    ['evento:read', 'UNAUTHORIZED_FIELD_OR_TYPE: the router answered 200 (ESCOPO: score:read)'],
  ])('stops for a token with %s alone', async (scope, message) => {
    const { code, stderr } = await run(await graph.environment.token({ scope }), join(folder, 'labels.csv'));
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) });
  }, 60_000); // prettier-ignore

  it('stops without a token, without a readable file, and for a router on another machine without TLS', async () => {
    const labels = join(folder, 'labels.csv');
    expect(await run('', labels)).toMatchObject({ code: 1, stderr: expect.stringMatching(/^TOKEN_AUSENTE: /) });
    expect(await run('x', join(folder, 'none.csv'))).toMatchObject({ code: 1, stderr: expect.stringMatching(/^ARQUIVO_ILEGIVEL: /) }); // prettier-ignore
    expect(await run('x', labels, '--router', 'http://api.example')).toMatchObject({ code: 1, stderr: expect.stringMatching(/^--router is an https:/) }); // prettier-ignore
    expect(await run('x', labels)).toMatchObject({ code: 1, stderr: expect.stringMatching(/^UNAUTHENTICATED: /) });
  }, 60_000);
});
