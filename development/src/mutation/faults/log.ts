import type { Fault } from '../fault.ts';

const TREE = 'packages/transparency-log/src/tree';
const NOTES = 'packages/transparency-log/src/notes';
const VERIFY = `${TREE}/verify-proofs.ts`;
const ADD = 'witness/src/add-checkpoint.ts';
const tree = ['packages/transparency-log/test/tree/changed-proofs', 'packages/transparency-log/test/tree/rfc6962'];
const growing = ['packages/transparency-log/test/tree/growing-tree'];
const proofs = ['packages/transparency-log/test/tree/tree-proofs'];
const notes = ['packages/transparency-log/test/notes', 'packages/transparency-log/test/checkpoints'];
const records = ['packages/transparency-log/test/records'];
const tiles = ['packages/transparency-log/test/tiles'];
const verifier = ['packages/audit-verifier/test'];
const witness = ['witness/test/add-checkpoint', 'witness/test/witness.test'];

export const log: readonly Fault[] = [
  {
    description: 'a leaf is hashed as a node: an entry can pass as an inner node',
    file: `${TREE}/hashes.ts`,
    from: '  leaf.set(entry, 1);\n',
    to: '  leaf[0] = 1;\n  leaf.set(entry, 1);\n',
    suites: tree,
  },
  {
    description: 'an inclusion proof with too many hashes is accepted',
    file: VERIFY,
    from: "    if (last === 0) throw new ProofError('The inclusion proof has too many hashes.');\n",
    to: '    if (last === 0) break;\n',
    suites: tree,
  },
  {
    description: 'an inclusion proof with too few hashes is accepted when it reaches the root, as from another index',
    file: VERIFY,
    from: "  if (last !== 0) throw new ProofError('The inclusion proof has too few hashes.');\n",
    to: '',
    suites: tree,
  },
  {
    description: 'the old root of a consistency proof is not compared',
    file: VERIFY,
    from: "  if (!isSameHash(oldHash, oldRoot)) throw new ProofError('The consistency proof leads to another old root.');\n",
    to: '',
    suites: [...tree, ...verifier],
  },
  {
    description: 'two roots of one size count as consistent',
    file: VERIFY,
    from: 'oldSize === newSize && !isSameHash(oldRoot, newRoot)',
    to: 'oldSize === newSize && oldRoot.length !== newRoot.length',
    suites: [...tree, ...verifier],
  },
  {
    description: 'numbers of nodes are cut to 32 bits',
    file: VERIFY,
    from: 'Math.floor(number / 2)',
    to: 'number >> 1',
    suites: proofs,
  },
  {
    description: 'a consistency proof leaves out the old root where the new tree has it not',
    file: `${TREE}/ranges.ts`,
    from: 'return start === 0 ? ranges : [{ start, end }, ...ranges];',
    to: 'return ranges;',
    suites: proofs,
  },
  {
    description: 'a tile that was read in part passes as the whole',
    file: `${TREE}/tiles.ts`,
    from: '!tile || tile.width < width',
    to: '!tile',
    suites: [...growing, ...proofs],
  },
  {
    description: 'an open tile that did not grow is written again',
    file: `${TREE}/growing-tree.ts`,
    from: 'rest.length > 0 && added.length > 0',
    to: 'rest.length > 0',
    suites: growing,
  },
  {
    description: 'a tile has two paths: leading groups of zeroes are read',
    file: 'packages/transparency-log/src/tiles/tile-paths.ts',
    from: ' && tilePath(id) === path ? id',
    to: ' ? id',
    suites: tiles,
  },
  {
    description: 'a signature has two spellings in base64',
    file: `${NOTES}/base64.ts`,
    from: "bytes.toString('base64') === text ? bytes : undefined",
    to: 'bytes',
    suites: notes,
  },
  {
    description: 'a wrong signature of a known key is passed over beside a right one',
    file: `${NOTES}/signed-note.ts`,
    from: '    if (!verifier.verify(text, signature.signature)) throw new UntrustedNoteError(`The signature of ${key} is wrong.`);\n', // prettier-ignore
    to: '    if (!verifier.verify(text, signature.signature)) continue;\n',
    suites: notes,
  },
  {
    description: 'the id of a verifier key is not that of its bytes',
    file: `${NOTES}/verifier-key.ts`,
    from: 'if (keyIdText(keyId) !== id) throw',
    to: 'if (id.length !== 8) throw',
    suites: notes,
  },
  {
    description: 'a key of a log passes as that of a witness',
    file: `${NOTES}/note-keys.ts`,
    from: 'if (ofKey !== algorithm) throw',
    to: 'if (ofKey === undefined) throw',
    suites: notes,
  },
  {
    description: 'the time of a cosignature is not signed',
    file: 'packages/transparency-log/src/checkpoints/cosignature.ts',
    from: '`cosignature/v1\\ntime ${timestamp}\\n${text}`',
    to: '`cosignature/v1\\ntime ${typeof timestamp}\\n${text}`',
    suites: notes,
  },
  {
    description: 'a checkpoint has two spellings: its size may have leading zeroes',
    file: 'packages/transparency-log/src/checkpoints/checkpoint.ts',
    from: '/^(0|[1-9]\\d*)$/',
    to: '/^\\d+$/',
    suites: notes,
  },
  {
    description: 'the bytes of a record depend on the order of its names',
    file: 'packages/transparency-log/src/records/canonical-record.ts',
    from: 'Object.keys(record).toSorted(byCodeUnits)',
    to: 'Object.keys(record)',
    suites: records,
  },
  {
    description: 'half a surrogate pair is written as U+FFFD: two records have one entry',
    file: 'packages/transparency-log/src/records/canonical-record.ts',
    from: "  if (!text.isWellFormed()) throw new RangeError('A text of the record has half a surrogate pair.');\n",
    to: '',
    suites: records,
  },
  {
    description: 'a cosigner counts for the quorum by its signature of any key',
    file: 'packages/audit-verifier/src/trusted-checkpoint.ts',
    from: 'cosigners.length < keys.quorum',
    to: 'signatures.length - 1 < keys.quorum - 1',
    suites: verifier,
  },
  {
    description: 'a checkpoint without the log’s own signature is trusted',
    file: 'packages/audit-verifier/src/trusted-checkpoint.ts',
    from: '  if (!isBy(keys.log)) throw',
    to: '  if (signatures.length === 0) throw',
    suites: verifier,
  },
  {
    description: 'a log that was cut counts as continued',
    file: 'packages/audit-verifier/src/verify-log.ts',
    from: '  if (oldSize > newSize) {',
    to: '  if (oldSize > newSize) return;\n  if (oldSize < 0) {',
    suites: verifier,
  },
  {
    description: 'an answer without records counts as proven',
    file: 'packages/audit-verifier/src/verify-records.ts',
    from: 'if (records.length === 0) throw',
    to: 'if (records.length < 0) throw',
    suites: verifier,
  },
  {
    description: 'only the first record of an answer must be of the interaction that was asked for',
    file: 'packages/audit-verifier/src/verify-records.ts',
    from: "if (interaction !== undefined && record['interacao']",
    to: "if (interaction !== undefined && answered === records[0] && record['interacao']",
    suites: verifier,
  },
  {
    description: 'a body may be longer than its bound by its last chunk',
    file: 'packages/service/src/http/read-bounded.ts',
    from: '    bytes += chunk.byteLength;\n    if (bytes > maxBytes) throw new BodyTooLongError(maxBytes);\n',
    to: '    if (bytes > maxBytes) throw new BodyTooLongError(maxBytes);\n    bytes += chunk.byteLength;\n',
    suites: ['packages/service/test/http/read-bounded'],
  },
  {
    description: 'a witness cosigns before its state is on the disk',
    file: ADD,
    from: '    if (size > signed.size) await states.write(origin, { size, root }, note);\n    return { status: 200, cosignatures: signatureLines(text, [signer]) };', // prettier-ignore
    to: '    const cosignatures = signatureLines(text, [signer]);\n    if (size > signed.size) await states.write(origin, { size, root }, note);\n    return { status: 200, cosignatures };', // prettier-ignore
    suites: witness,
  },
  {
    description: 'two requests of one log are decided at the same time',
    file: ADD,
    from: 'await turns(origin, () => cosign(request, text))',
    to: 'await turns(note, () => cosign(request, text))',
    suites: witness,
  },
  {
    description: 'a witness takes the word of the log for the root that it cosigned',
    file: ADD,
    from: 'oldRoot: signed.root, newSize',
    to: 'oldRoot: size === signed.size ? root : signed.root, newSize',
    suites: witness,
    survivesBecause: 'the line before has compared these two roots',
  },
  {
    description: 'another root of the tree that was cosigned is cosigned too',
    file: ADD,
    from: '!(isSameHash(root, signed.root) && isSame(extensions, signed.extensions))',
    to: '!isSame(extensions, signed.extensions)',
    suites: witness,
  },
  {
    description: 'another map of the tree that was cosigned is cosigned too',
    file: ADD,
    from: '!(isSameHash(root, signed.root) && isSame(extensions, signed.extensions))',
    to: '!isSameHash(root, signed.root)',
    suites: witness,
  },
];
