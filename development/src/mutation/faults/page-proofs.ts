import type { Fault } from '../fault.ts';

const BROWSER = 'router/src/person-page/browser';
const READ_PROOF = `${BROWSER}/read-proof.js`;
const CHECKPOINT = `${BROWSER}/checkpoint.js`;
const ROUTE = 'router/src/person-page/withheld-reads.ts';
const proof = ['router/test/person-page/browser/read-proof'];
const checkpoint = ['router/test/person-page/browser/checkpoint'];
const proven = ['router/test/person-page/browser/proven-reads'];
const withheld = ['router/test/person-page/browser/withheld-reads'];
const route = ['router/test/person-page/withheld-reads'];

export const pageProofs: readonly Fault[] = [
  {
    description: 'the page takes a record for proven that leads to another root',
    file: READ_PROOF,
    from: '!root || !isSameBytes(root, checkpoint.root)',
    to: '!root',
    suites: proof,
  },
  {
    description: 'the page takes a checkpoint that nobody signed',
    file: READ_PROOF,
    from: "if (signature === 'wrong')",
    to: 'if (false)',
    suites: proof,
  },
  {
    description: 'the page shows something else than the record that it proved',
    file: READ_PROOF,
    from: 'if (!isShownAs(read, record))',
    to: 'if (false)',
    suites: proof,
  },
  {
    description: 'the page reads a record that can be written in two ways',
    file: READ_PROOF,
    from: 'JSON.stringify(record, Object.keys(record).toSorted()) === text ?',
    to: 'true ?',
    suites: proof,
  },
  {
    description: 'a proof without the key of the log is whole',
    file: READ_PROOF,
    from: "signature === 'valid' ? 'PROVADA' : 'SEM_ASSINATURA'",
    to: "signature === 'valid' ? 'PROVADA' : 'PROVADA'",
    suites: proof,
  },
  {
    description: 'one right signature of the log hides a wrong one',
    file: CHECKPOINT,
    from: 'judged.every(Boolean)',
    to: 'judged.some(Boolean)',
    suites: checkpoint,
  },
  {
    description: 'the key of a log signs the checkpoints of another one',
    file: CHECKPOINT,
    from: 'if (!text.startsWith(`${name}\\n`))',
    to: 'if (false)',
    suites: checkpoint,
  },
  {
    description: 'an inclusion proof may be too short',
    file: `${BROWSER}/merkle-tree.js`,
    from: 'return last === 0 ? hash : undefined',
    to: 'return hash',
    suites: ['router/test/person-page/browser/merkle-tree'],
  },
  {
    description: 'the proofs of a list may be of two people',
    file: `${BROWSER}/proven-reads.js`,
    from: "record?.['indicePessoa'])).size > 1",
    to: "record?.['indicePessoa'])).size > 2",
    suites: proven,
  },
  {
    description: 'a new record without a proof is taken for one from before the proofs',
    file: `${BROWSER}/proven-reads.js`,
    from: 'time > oldest + ORDER_MILLIS',
    to: 'time > oldest + 1e12',
    suites: proven,
  },
  {
    description: 'a record waits for its place for ever',
    file: `${BROWSER}/proven-reads.js`,
    from: 'time < newest - ORDER_MILLIS',
    to: 'time < newest - 1e12',
    suites: proven,
  },
  {
    description: 'one record may stand twice in a list, under two numbers',
    file: `${BROWSER}/proven-reads.js`,
    from: 'other.place === mark.place || ',
    to: '',
    suites: proven,
  },
  {
    description: 'a read may name a company that its record does not',
    file: READ_PROOF,
    from: '(read.cnpjConsulente ?? null) === null &&',
    to: '',
    suites: proof,
  },
  {
    description: 'a read without a proof is older than the proofs, although its error was left out',
    file: `${BROWSER}/proven-reads.js`,
    from: 'error || omitted > 0',
    to: 'error',
    suites: proven,
  },
  {
    description: 'a read whose seal has just ended is shown twice',
    file: `${BROWSER}/withheld-reads.js`,
    from: '&& !numbers.includes(numero)',
    to: '',
    suites: withheld,
  },
  {
    description: 'the auditor is asked for a user who is no holder',
    file: ROUTE,
    from: 'if (titular === undefined)',
    to: 'if (false)',
    suites: route,
  },
  {
    description: 'the page gets the numbers of reads that the graph has',
    file: ROUTE,
    from: 'conteudo !== undefined',
    to: 'true',
    suites: route,
  },
];
