import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { canonicalRecord, type FlatRecord } from '@pessoa/transparency-log/records/canonical-record';
import { run } from '../src/run.ts';
import { PeopleLog, type ProofAnswer } from './people-log.ts';

const ANA = '12345000198';
const BIA = '12345000279';

interface Entry {
  biro?: string;
  cnpjConsulente?: string;
  id?: string | null;
  consulente: string;
  dataHora: string;
  finalidade: string;
  prova: Record<string, unknown> | null;
}

let folder: string;
let log: PeopleLog;
let entries: Entry[];

/** What the graph says of a record of `/auditoria/provas`. */
function entryOf({ registro, nonce, prova, pessoa }: ProofAnswer['registros'][number]): Entry {
  const { clientId, dataHora, finalidade } = registro as Record<string, string>;
  const text = Buffer.from(canonicalRecord(registro as FlatRecord)).toString();
  const { indice, ...others } = prova as unknown as { indice: number };
  return { consulente: clientId!, dataHora: dataHora!, finalidade: finalidade!, prova: { indice: String(indice), ...others, registro: text, nonce, pessoa } }; // prettier-ignore
}

const graphAnswer = (nodes: readonly unknown[]): object => ({
  data: { pessoa: { eventos: { consultas: { nodes } } } },
});

/** Runs `proof` for an answer of the graph. @returns the exit code and what is printed */
async function proof(answer: unknown, ...args: string[]): Promise<[number, string]> {
  const file = join(folder, 'answer.json');
  writeFileSync(file, typeof answer === 'string' ? answer : JSON.stringify(answer));
  const { exitCode, text } = await run(['proof', file, '--key', log.key, ...args], Readable.from([ANA]));
  return [exitCode, text.trimEnd()];
}

/** The first line for the answer with one entry that somebody changed. */
async function withOne(change: (entry: Entry) => void): Promise<[number, string]> {
  const copy = structuredClone(entries);
  change(copy[1]!);
  const [exitCode, text] = await proof(graphAnswer(copy));
  return [exitCode, text.split('\n')[0]!];
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'audit-verifier-'));
  log = new PeopleLog();
  log.appendSome(3);
  for (const cpf of [ANA, BIA, ANA]) await log.read(cpf);
  const { registros } = await log.proofs([[5, ANA], [3, ANA]], await log.publishMap()); // prettier-ignore
  entries = registros.map(entryOf);
});
afterEach(() => rmSync(folder, { recursive: true }));

const changed = 'The record of place 3 is not what the tree holds: its content, nonce or proof was changed.';

describe('The proofs in an answer of the graph', () => {
  it('are verified wherever they are, in their order, and those that are missing are counted', async () => {
    const [exitCode, text] = await proof(graphAnswer([...entries, { ...entries[0], prova: null }]), '--cpf', '-');
    const [said, first, second, missing] = text.split('\n');
    expect([exitCode, said, missing]).toEqual([0, '2 records are in the tree as the answer says, and of this person.', '1 entry has no proof.']); // prettier-ignore
    expect([first, second]).toEqual([expect.stringMatching(/^place 5: /), expect.stringMatching(/^place 3: /)]);
    const [newest, older] = entries;
    const edges = { data: { p: { eventos: { ultimaConsulta: newest, c: { edges: [{ node: older }, { node: null }] } } } } }; // prettier-ignore
    expect((await proof(edges))[1]).toMatch(/^2 records are in the tree as the answer says\.\n/);
  });

  it.each([
    ['an instant', 'dataHora', (entry: Entry) => void (entry.dataHora = '2020-01-01T00:00:00.000Z')],
    ['a purpose', 'finalidade', (entry: Entry) => void (entry.finalidade = 'COBRANCA')],
    ['a client', 'clientId', (entry: Entry) => void (entry.consulente = 'outra-loja')],
    ['an id', 'id', (entry: Entry) => void (entry.id = 'outro')],
    ['null', 'id', (entry: Entry) => void (entry.id = null)],
    ['a bureau', 'biro', (entry: Entry) => void (entry.biro = 'Outro')],
    ['a company', 'cnpjConsulente', (entry: Entry) => void (entry.cnpjConsulente = '11222333000181')],
  ])('are refused when the list shows %s that the record does not have', async (_what, name, change) => {
    expect(await withOne(change)).toEqual([1, `The answer shows another "${name}" than the record of place 3 has.`]);
  });

  it.each<[string, (entry: Entry) => void]>([
    ['content', ({ prova }) => void (prova!['registro'] = String(prova!['registro']).replace('LOCACAO', 'COBRANCA'))],
    ['nonce', ({ prova }) => void (prova!['nonce'] = Buffer.alloc(32).toString('base64'))],
    ['way to the root', ({ prova }) => void (prova!['inclusao'] = [])],
  ])('are refused with another %s', async (_what, change) => {
    expect(await withOne((entry) => change(Object.assign(entry, { finalidade: undefined })))).toEqual([1, changed]);
  });

  it('are refused for another person, and without the proof of whose they are', async () => {
    const { registros } = await log.proofs([[4, BIA]], await log.publishMap()); // prettier-ignore
    expect(await proof(graphAnswer(registros.map(entryOf)), '--cpf', '-')).toEqual([1, expect.stringContaining('is not of this person')]); // prettier-ignore
    delete entries[0]!.prova!['pessoa'];
    expect((await proof(graphAnswer(entries)))[0]).toBe(0);
    expect(await proof(graphAnswer(entries), '--cpf', '-')).toEqual([1, expect.stringContaining('without the proof "pessoa"')]); // prettier-ignore
  });

  it.each<[string, unknown]>([
    ['indice', 3],
    ['indice', '03'],
    ['indice', '-1'],
    ['indice', '9'.repeat(17)],
    ['checkpoint', null],
    ['inclusao', 'x'],
    ['registro', {}],
    ['nonce', '!'],
    ['pessoa', 1],
  ])('are refused with a "%s" of another form: %j', async (name, value) => {
    expect(await withOne(({ prova }) => void (prova![name] = value))).toEqual([1, expect.stringMatching(/^The file has a "prova" that is not one of the graph: it needs /)]); // prettier-ignore
  });

  it.each([
    ['spaces', (text: string) => text.replace(':', ': ')],
    ['another order', (text: string) => text.replace(/^\{("campos":[^\]]*\]),/, '{').replace(/\}$/, ',"campos":["score.valor","nome"]}')], // prettier-ignore
    ['a list in place of a record', () => '[]'],
    ['a number that has no end', (text: string) => text.replace('"numero":1', '"numero":1e999')],
  ])('are refused when the text of the record has %s: its bytes would make another entry', async (_what, change) => {
    expect(await withOne(({ prova }) => void (prova!['registro'] = change(String(prova!['registro']))))).toEqual([1, expect.stringContaining('its "registro" is not canonical JSON')]); // prettier-ignore
  });

  it('are refused when an object repeats a name, in the answer or in the text of a record', async () => {
    expect(await withOne(({ prova }) => void (prova!['registro'] = String(prova!['registro']).replace('{', '{"a":1,"a":1,')))).toEqual([1, expect.stringContaining('repeats a name')]); // prettier-ignore
    const twice = JSON.stringify(graphAnswer(entries)).replace('{"consulente"', '{"id":"a","id":"b","consulente"');
    expect(await proof(twice)).toEqual([1, expect.stringContaining('repeats a name')]);
  });

  it.each([
    ['has none', graphAnswer([{ id: 'a', prova: null }])],
    ['was not asked for any', graphAnswer([{ id: 'a' }])],
    ['is an error', { data: null, errors: [] }],
  ])('are missing from an answer that %s, which proves nothing', async (_what, answer) => {
    expect(await proof(answer)).toEqual([1, 'The answer has no records, so it proves nothing.']);
  });
});
