import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatVerifierKey } from '@pessoa/transparency-log/notes/signed-note';
import type { FlatRecord } from '@pessoa/transparency-log/records/canonical-record';
import { run } from '../src/run.ts';
import { LogServer, someWitness, StaticLog } from './static-log.ts';

interface Item {
  registro: Record<string, unknown>;
  nonce: string;
  prova: { indice: number; checkpoint: string; inclusao: string[] };
}

let folder: string;
let log: StaticLog;
let server: LogServer;
let answer: { registros: Item[] };
const witness = someWitness('witness.example/a');

async function proof(content: unknown, ...args: string[]): Promise<[number, string]> {
  const file = join(folder, 'answer.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  const { exitCode, text } = await run(['proof', file, '--key', log.key, ...args]);
  return [exitCode, text.trimEnd()];
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'audit-verifier-'));
  log = new StaticLog();
  log.appendSome(600);
  server = await LogServer.start(log);
  answer = JSON.parse(await log.answer([12, 13, 599], log.publish([witness]))) as { registros: Item[] };
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** How the record of a place is printed. */
const read = (place: number): string =>
  `place ${place}: dataHora 2026-11-30T12:00:00.000Z, finalidade LOCACAO, campos score.valor nome`;

const changed = (place: number): string =>
  `The record of place ${place} is not what the tree holds: its content, nonce or proof was changed.`;

/** The answer after a change of its second record. */
function with13(change: (item: Item) => void): unknown {
  const copy = structuredClone(answer);
  change(copy.registros[1]!);
  return copy;
}

describe('The records of an answer', () => {
  it('are verified with the key alone, and with the published log', async () => {
    const [said, ...lines] = (await proof(answer))[1].split('\n');
    expect([said, ...lines]).toEqual(['3 records are in the tree as the answer says.', ...[12, 13, 599].map(read)]);
    expect(await proof({ registros: answer.registros.slice(2) })).toEqual([0, `1 record is in the tree as the answer says.\n${read(599)}`]); // prettier-ignore
    log.appendSome(200);
    log.publish();
    expect(await proof(answer, '--log', server.url)).toEqual([0, ['3 records are in the tree as the answer says, which the log of 800 places continues.', ...lines].join('\n')]); // prettier-ignore
    expect((await proof(answer, '--witness', formatVerifierKey(witness)))[0]).toBe(0);
  });

  it('are refused when there are none: nothing was proven', async () => {
    const refusal = [1, 'The answer has no records, so it proves nothing.'];
    expect(await proof({ registros: [] })).toEqual(refusal);
    expect(await proof({ registros: [] }, '--log', server.url)).toEqual(refusal);
  });

  it('are refused when one is of another interaction than asked for', async () => {
    const of = (...items: Item[]) => proof({ registros: items }, '--interaction', 'consulta-12');
    const [first, second] = answer.registros as [Item, Item];
    expect((await of(first))[0]).toBe(0);
    expect(await of(second)).toEqual([1, 'The record of place 13 is of another interaction than consulta-12.']);
    expect(await of(first, second)).toEqual(await of(second));
    expect(await of({ ...second, registro: { ...second.registro, interacao: 'consulta-12' } })).toEqual([1, changed(13)]); // prettier-ignore
  });

  it('are printed so that a text of a record cannot pass for another line or for nothing', async () => {
    const finalidade = 'LOCACAO\n1 record is\u009b in\u202e';
    const records: FlatRecord[] = [{ finalidade, campos: ['a b', 'c'], dataHora: null }, { campos: [] }];
    log.append(records.map((record) => ({ record, nonce: randomBytes(32) })));
    const [, text] = await proof(await log.answer([600, 601], log.publish()));
    expect(text.split('\n').slice(1)).toEqual([
      String.raw`place 600: dataHora null, finalidade "LOCACAO\n1 record is\u009b in\u202e", campos "a b" c`,
      'place 601: dataHora (none), finalidade (none), campos []',
    ]);
  });

  it('may have their members in any order, and members beside them', async () => {
    const reordered = with13((item) => {
      item.registro = Object.fromEntries(Object.entries(item.registro).toReversed());
    });
    expect((await proof({ outro: 1, ...(reordered as object) }))[0]).toBe(0);
  });

  it.each<[string, (item: Item) => void]>([
    ['a changed text', (item) => void (item.registro['interacao'] = 'consulta-14')],
    ['a changed list', (item) => void (item.registro['escopos'] = [])],
    ['a changed boolean', (item) => void (item.registro['aceita'] = false)],
    ['a member more', (item) => void (item.registro['outro'] = null)],
    ['a member less', (item) => void delete item.registro['cpf']],
    ['another nonce', (item) => void (item.nonce = answer.registros[0]!.nonce)],
    ['the proof of another record', (item) => void (item.prova = { ...answer.registros[0]!.prova, indice: 13 })],
    ['another place', (item) => void (item.prova.indice = 14)],
    ['swapped hashes', ({ prova }) => void (prova.inclusao = prova.inclusao.toReversed())],
    ['a hash less', ({ prova }) => void prova.inclusao.pop()],
    ['a hash more', ({ prova }) => void prova.inclusao.push(prova.inclusao[0]!)],
    ['a short hash', ({ prova }) => void (prova.inclusao[0] = 'AAAA')],
  ])('are refused with %s', async (_what, change) => {
    const content = with13(change);
    const place = (content as typeof answer).registros[1]!.prova.indice;
    expect(await proof(content)).toEqual([1, changed(place)]);
  });

  it('are refused when the record of another place takes the place of one', async () => {
    const swapped = with13((item) => {
      item.registro = answer.registros[0]!.registro;
      item.nonce = answer.registros[0]!.nonce;
    });
    expect(await proof(swapped)).toEqual([1, changed(13)]);
  });

  it('are refused at a place beside the tree', async () => {
    const message = 'The checkpoint of place 600 has 600 places, and none of this number.';
    expect(await proof(with13(({ prova }) => void (prova.indice = 600)))).toEqual([1, message]);
  });

  it('are refused with a nonce or a content that no log could hold', async () => {
    expect(await proof(with13((item) => void (item.nonce = 'AAAA')))).toEqual([1, 'The record of place 13 is none that a log could hold: A nonce has 32 bytes.']); // prettier-ignore
    expect((await proof(with13((item) => void (item.registro['x'] = { y: 1 }))))[1]).toContain('A record is flat');
  });

  it('are refused with the checkpoint of another key, without the witnesses, or changed', async () => {
    const other = new StaticLog();
    other.append(log.records);
    const forged = JSON.parse(await other.answer([12], other.publish())) as typeof answer;
    expect(await proof(forged)).toEqual([1, 'No trust in the checkpoint of place 12: No known key signed the note.']);
    const unknown = formatVerifierKey(someWitness('witness.example/b'));
    expect(await proof(answer, '--witness', unknown)).toEqual([1, 'Only 0 of the 1 witnesses cosigned the checkpoint of place 12, and 1 must.']); // prettier-ignore
    const larger = with13(({ prova }) => void (prova.checkpoint = prova.checkpoint.replace('600', '601')));
    expect((await proof(larger))[1]).toMatch(
      /^No trust in the checkpoint of place 13: The signature of .* is wrong\.$/,
    );
  });

  it('are refused when the log has another history now, or was cut', async () => {
    const fork = new StaticLog(log.signer);
    fork.append(log.records.slice(0, 500));
    fork.appendSome(300, 'outra');
    fork.publish();
    server.show(fork);
    expect((await proof(answer))[0]).toBe(0);
    expect(await proof(answer, '--log', server.url)).toEqual([1, 'The log has two histories: the present checkpoint of 800 places does not continue the checkpoint of the proof of 600.']); // prettier-ignore
    const cut = new StaticLog(log.signer);
    cut.append(log.records.slice(0, 500));
    cut.publish();
    server.show(cut);
    expect(await proof(answer, '--log', server.url)).toEqual([1, 'The log was cut: the checkpoint of the proof has 600 places, and the present checkpoint has 500.']); // prettier-ignore
  });

  it('are refused when an object repeats a name, which two readers would read differently', async () => {
    const json = JSON.stringify(answer);
    const repeated = json.replace('"interacao":"consulta-12"', '"interacao":"outra","interacao":"consulta-12"');
    expect(JSON.parse(repeated)).toEqual(answer);
    expect((await proof(repeated))[1]).toBe(
      'The file is not an answer of /auditoria/provas or of the graph: an object repeats a name.',
    );
    const withColons = { ...answer, outro: [{ 'a:"\\': ':\\":' }, [':'], { '': {} }] };
    expect((await proof(withColons))[0]).toBe(0);
  });

  it.each([
    ['{', 'it is not JSON'],
    ['null', 'it has no list "registros"'],
    ['{"registros":{}}', 'it has no list "registros"'],
    ['{"registros":[null]}', 'item 0 of "registros" is not a record with nonce and proof'],
    ['{"registros":[{"registro":[],"nonce":"","prova":{"indice":0,"checkpoint":"","inclusao":[]}}]}', 'item 0 of'],
    ['{"registros":[{"registro":{},"nonce":"!","prova":{"indice":0,"checkpoint":"","inclusao":[]}}]}', 'item 0 of'],
    ['{"registros":[{"registro":{},"nonce":"","prova":{"indice":"0","checkpoint":"","inclusao":[]}}]}', 'item 0 of'],
    ['{"registros":[{"registro":{},"nonce":"","prova":{"indice":0.5,"checkpoint":"","inclusao":[]}}]}', 'item 0 of'],
    ['{"registros":[{"registro":{},"nonce":"","prova":{"indice":0,"checkpoint":1,"inclusao":[]}}]}', 'item 0 of'],
    ['{"registros":[{"registro":{},"nonce":"","prova":{"indice":0,"checkpoint":"","inclusao":"AA=="}}]}', 'item 0 of'],
    ['{"registros":[{"registro":{},"nonce":"","prova":{"indice":0,"checkpoint":"","inclusao":["A"]}}]}', 'item 0 of'],
    ['{"registros":[{"registro":{},"nonce":"AB==","prova":{"indice":0,"checkpoint":"","inclusao":[]}}]}', 'item 0 of'],
    ['{"registros":[{"registro":{},"nonce":"AA","prova":{"indice":0,"checkpoint":"","inclusao":[]}}]}', 'item 0 of'],
    ['{"registros":[{"registro":{},"nonce":"_-8=","prova":{"indice":0,"checkpoint":"","inclusao":[]}}]}', 'item 0 of'],
  ])('are no answer: %s', async (content, reason) => {
    const [exitCode, text] = await proof(content);
    expect(exitCode).toBe(1);
    expect(text).toContain(`The file is not an answer of /auditoria/provas or of the graph: ${reason}`);
  });
});
