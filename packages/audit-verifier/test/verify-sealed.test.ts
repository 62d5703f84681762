import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { run } from '../src/run.ts';
import { PeopleLog, type PersonAnswer } from './people-log.ts';

const ANA = '12345000198';
const SEAL = { versao: 3, sigiloReferencia: 'FRAUDE-7', sigiloAte: '2027-01-01T03:00:00.000Z' };
const UNDER_SEAL = 'read 2: it is under seal';
const READ = /^read 2: clientId client-1, dataHora [\dTZ:.-]+, finalidade LOCACAO, campos score\.valor nome/;

let folder: string;
let log: PeopleLog;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'audit-verifier-'));
  log = new PeopleLog();
});
afterEach(() => rmSync(folder, { recursive: true }));

async function person(...answers: readonly PersonAnswer[]): Promise<[number, readonly string[]]> {
  const files = answers.map((answer, at) => {
    const file = join(folder, `answer${at + 1}`);
    writeFileSync(file, JSON.stringify(answer));
    return file;
  });
  const { exitCode, text } = await run(['person', ...files, '--cpf', '-', '--key', log.key], Readable.from([ANA]));
  return [exitCode, text.trimEnd().split('\n')];
}

/** Three reads of Ana, the second as given. */
async function answerWith(second: typeof SEAL | Record<string, never>): Promise<PersonAnswer> {
  await log.read(ANA);
  await log.read(ANA, second);
  await log.read(ANA);
  return log.person(ANA, await log.publishMap());
}

function hiddenAs(answer: PersonAnswer, conteudo: string): PersonAnswer {
  const copy = structuredClone(answer);
  const { numero, entrada, indice } = copy.registros[1]!;
  copy.registros[1] = { numero, entrada, indice, ...{ conteudo } };
  return copy;
}

describe('A sealed read', () => {
  it('is in a whole list without its content, and verifies with it once that is shown', async () => {
    const shown = await answerWith(SEAL);
    const hidden = hiddenAs(shown, 'EM_SIGILO');
    const [hiddenCode, hiddenLines] = await person(hidden);
    expect([hiddenCode, hiddenLines[2]]).toEqual([0, UNDER_SEAL]);
    for (const answers of [[shown], [hidden, shown], [shown, hidden], [hidden, shown, hidden]]) {
      const [code, lines] = await person(...answers);
      expect(code).toBe(0);
      expect(lines[2]).toMatch(READ);
      expect(lines[2]).toMatch(/, sigilo FRAUDE-7 ate 2027-01-01T03:00:00\.000Z$/);
    }
  });

  it('whose seal was edited is refused, and so is one whose seal was taken away', async () => {
    for (const edit of [
      { sigiloAte: '2026-01-01T03:00:00.000Z' },
      { sigiloReferencia: 'FRAUDE-8' },
      { versao: 2, sigiloReferencia: undefined, sigiloAte: undefined },
    ]) {
      const answer = await answerWith(SEAL);
      Object.assign(answer.registros[1]!.registro!, edit);
      const [code, [sentence]] = await person(answer);
      expect([code, sentence]).toEqual([1, expect.stringContaining('is not what its entry holds')]);
    }
  });

  it('that was none is found when its content is shown, whichever answer came first', async () => {
    const shown = await answerWith({});
    const hidden = hiddenAs(shown, 'EM_SIGILO');
    expect((await person(hidden))[0]).toBe(0);
    const refusal = 'Read 2 was never sealed, as its record in one file says: another file hides it as under seal.';
    for (const answers of [
      [hidden, shown],
      [shown, hidden],
      [hidden, hidden, shown],
    ])
      // prettier-ignore
      expect(await person(...answers)).toEqual([1, [refusal]]);
  });

  it('is not taken for one that was erased, nor for one that is hidden in a word nobody knows', async () => {
    const shown = await answerWith({});
    for (const [conteudo, line] of [
      ['ELIMINADO', 'read 2: its content was erased'],
      ['PERDIDO', 'read 2: its content is not shown'],
    ] as const) {
      const [code, lines] = await person(hiddenAs(shown, conteudo));
      expect([code, lines[2]]).toEqual([0, line]);
      expect((await person(hiddenAs(shown, conteudo), shown))[0]).toBe(0);
    }
  });

  it('is not taken for one whose record somebody removed', async () => {
    const shown = await answerWith({});
    const [code, [refusal]] = await person(hiddenAs(shown, 'REMOVIDO'));
    expect(code).toBe(1);
    expect(refusal).toMatch(/^The record of read 2 is gone, as \S+ says, and no erasure took it\.$/);
  });

  it('is proven to its caller as of this person', async () => {
    await answerWith(SEAL);
    const file = join(folder, 'proof');
    writeFileSync(file, JSON.stringify(await log.proofs([[1, ANA]], await log.publishMap())));
    const { exitCode, text } = await run(['proof', file, '--key', log.key, '--cpf', '-'], Readable.from([ANA]));
    expect([exitCode, text]).toEqual([0, expect.stringContaining(', sigilo FRAUDE-7 ate 2027-01-01T03:00:00.000Z')]);
  });
});
