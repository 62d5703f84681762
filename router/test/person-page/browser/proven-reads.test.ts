import { readLogKey } from '../../../src/person-page/browser/checkpoint.js';
import { summaryOf, wordsOfProof } from '../../../src/person-page/browser/proof-words.js';
import { judgeReads, judgeTogether, type Mark, markUnproven, proofFile, withoutProofErrors } from '../../../src/person-page/browser/proven-reads.js'; // prettier-ignore
import { SignedLog } from './signed-log.ts';

const log = new SignedLog();
const key = (await readLogKey(log.key))!;
const NODES = ['pessoa', 'eventos', 'consultas', 'nodes'];
const error = (code: string, ...path: (string | number)[]) => ({ path: [...NODES, ...path], extensions: { code } });
const unproven = (biro: string) => ({ ...log.reads(1)[0]!, biro, prova: null });
const statesOf = (marks: readonly (Mark | null)[]) => marks.map((mark) => mark?.state);

describe('What is said beside reads without a proof', () => {
  it.each([
    ['PENDENTE', 'PROVA_PENDENTE'],
    ['DESCONHECIDA', 'PROVA_DESCONHECIDA'],
    ['SEM_RESPOSTA', 'FONTE_INDISPONIVEL'],
    ['SEM_RESPOSTA', 'FONTE_LENTA'],
    ['SEM_RESPOSTA', 'INTERNAL'],
  ])('is %s for the error %s', async (state, code) => {
    const marks = await judgeReads([unproven('PESSOA'), unproven('PESSOA')], [error(code, 1, 'prova')], 0, key);
    expect(statesOf(marks)).toEqual(['ANTERIOR', state]);
  });

  it('is that another bureau reported it, or that it is older than the proofs, when there is no error', async () => {
    const [read] = log.reads(1);
    const marks = await judgeReads([unproven('Birô'), null, unproven('PESSOA'), read!], [], 0, key);
    expect(statesOf(marks)).toEqual(['DE_FORA', undefined, 'ANTERIOR', 'PROVADA']);
    expect(statesOf(markUnproven([unproven('Birô'), null, unproven('PESSOA')], 'DO_TITULAR'))).toEqual(['DE_FORA', undefined, 'DO_TITULAR']); // prettier-ignore
  });

  it('is that nobody answered when the answer left errors out', async () => {
    expect(statesOf(await judgeReads([unproven('PESSOA')], [], 3, key))).toEqual(['SEM_RESPOSTA']);
  });

  it('is that the holder alone gets proofs when the whole list was denied, with one error for all rows', async () => {
    const marks = await judgeReads([unproven('PESSOA'), unproven('PESSOA')], [error('UNAUTHORIZED_FIELD_OR_TYPE', 'prova')], 0, key); // prettier-ignore
    expect(statesOf(marks)).toEqual(['SEM_RESPOSTA', 'SEM_RESPOSTA']);
  });

  it.each(['isWellFormed', 'toSorted'])('is that an old browser cannot verify, which has no %s', async (name) => {
    const prototype = name === 'toSorted' ? Array.prototype : String.prototype;
    const method = Object.getOwnPropertyDescriptor(prototype, name)!;
    try {
      Object.defineProperty(prototype, name, { ...method, value: undefined });
      expect(statesOf(await judgeReads(log.reads(1), [], 0, undefined))).toEqual(['NAO_CONFERIDA']);
    } finally {
      Object.defineProperty(prototype, name, method);
    }
  });

  it('is that the browser cannot verify where it has no WebCrypto', async () => {
    const all = globalThis.crypto;
    try {
      Object.defineProperty(globalThis, 'crypto', { value: {}, configurable: true });
      expect(statesOf(await judgeReads(log.reads(1), [], 0, undefined))).toEqual(['NAO_CONFERIDA']);
    } finally {
      Object.defineProperty(globalThis, 'crypto', { value: all, configurable: true });
    }
  });
});

it('The errors of proofs are said beside the reads, and the others above them', () => {
  const others = [error('FONTE_INVALIDA', 0, 'finalidade'), error('FONTE_INVALIDA', 1)];
  expect(withoutProofErrors([error('PROVA_PENDENTE', 0, 'prova'), ...others, error('FONTE_INVALIDA', 0, 'prova', 'nonce')])).toEqual(others); // prettier-ignore
});

it('No proof holds in a list whose records are of several people', async () => {
  const reads = [...log.reads(2, 'ana'), ...log.reads(1, 'bia')];
  const marks = (await judgeReads([...reads, unproven('Birô')], [], 0, key)) as Mark[];
  expect(statesOf(judgeTogether(marks.slice(0, 2)))).toEqual(['PROVADA', 'PROVADA']);
  const together = judgeTogether(marks);
  expect(together.map(({ fault, state }) => fault ?? state)).toEqual(['PESSOA', 'PESSOA', 'PESSOA', 'DE_FORA']);
});

describe('In a list of reads of one person', () => {
  const at = (minute: number): Partial<Mark['read']> => ({ dataHora: `2026-11-30T12:${String(minute).padStart(2, '0')}:00.000Z` });
  const states = (marks: readonly Mark[]) => judgeTogether(marks).map(({ fault, state }) => fault ?? state);
  const mark = (state: Mark['state'], minute: number, more: object = {}): Mark => ({ state, read: { ...unproven('PESSOA'), ...at(minute), ...more } });
  const proven = (minute: number, place: number): Mark => ({ ...mark('PROVADA', minute), place, record: { indicePessoa: 'ana', numero: place + 1 } });

  it('a record without a proof is none from before the proofs when it is younger than one that has its proof', () => {
    expect(states([mark('ANTERIOR', 20), proven(10, 5), mark('ANTERIOR', 9), mark('ANTERIOR', 11)])).toEqual(['FALTA', 'PROVADA', 'ANTERIOR', 'ANTERIOR']);
    expect(states([mark('ANTERIOR', 20), mark('ANTERIOR', 9)])).toEqual(['ANTERIOR', 'ANTERIOR']);
    expect(states([mark('ANTERIOR', 20, { produto: 'Auditoria' }), proven(10, 5)])).toEqual(['ANTERIOR', 'PROVADA']);
  });

  it('a record does not wait for its place when younger ones have theirs', () => {
    expect(states([mark('PENDENTE', 20), proven(10, 5), mark('PENDENTE', 9), mark('PENDENTE', 8)])).toEqual(['PENDENTE', 'PROVADA', 'PENDENTE', 'FALTA']);
    expect(states([mark('PENDENTE', 8)])).toEqual(['PENDENTE']);
  });

  it('a record stands there once', () => {
    const other = { ...proven(9, 4), record: { indicePessoa: 'ana', numero: 6 } };
    expect(states([proven(10, 5), other, proven(8, 3)])).toEqual(['REPETIDA', 'REPETIDA', 'PROVADA']);
    const samePlace = { ...proven(9, 5), record: { indicePessoa: 'ana', numero: 9 } };
    expect(states([proven(10, 5), samePlace])).toEqual(['REPETIDA', 'REPETIDA']);
  });
}); // prettier-ignore

it('The file of a proof is an answer of the graph with this read alone', () => {
  const [read] = log.reads(1);
  expect(JSON.parse(proofFile(read!))).toEqual({ data: { pessoa: { eventos: { consultas: { nodes: [read] } } } } });
});

describe('The words for proofs', () => {
  it('have the place and the size of the checkpoint, and that a read was sealed', async () => {
    const [mark] = (await judgeReads(log.reads(1), [], 0, key)) as Mark[];
    expect(wordsOfProof(mark!)).toEqual({
      kind: 'certa',
      title: 'Provada',
      text: 'lugar 0 · checkpoint de 1 registro',
    });
    expect(wordsOfProof({ ...mark!, record: { versao: 3 } }).text).toMatch(/ · feita em sigilo, que já terminou$/);
  });

  it('count a list in one line, the worst first', () => {
    const states = ['PROVADA', 'NAO_CONFERE', 'DE_FORA', 'PROVADA', 'PENDENTE', 'EM_SIGILO'] as const;
    expect(summaryOf(states.map((state) => ({ state })))).toBe('Provas: 1 que não confere · 2 provadas · 1 ainda sem prova · 1 em sigilo · 1 fora do nosso log.'); // prettier-ignore
    expect(summaryOf([])).toBe('');
  });
});
