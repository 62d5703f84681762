import type { Fault } from '../fault.ts';

const PEOPLE = 'auditor/src/people';
const CHAIN_CHECK = 'auditor/src/checks/chain-check.ts';
const chains = ['auditor/test/people/person-chains'];
const check = ['auditor/test/checks/chain-check'];

export const personLists: readonly Fault[] = [
  {
    description: 'a leader goes on with a tree whose map another process has changed',
    file: 'auditor/src/tree/store-growth.ts',
    from: 'AND map_root = $6',
    to: 'AND $6::bytea IS NOT NULL',
    suites: chains,
  },
  {
    description: 'a leader goes on from a map that is not that of the tree',
    file: 'auditor/src/tree/place-records.ts',
    from: 'if (!isSameHash(map.before, tree.mapRoot))',
    to: 'if (map.before.length === 0)',
    suites: chains,
  },
  {
    description: 'a record is in the list of the person whose CPF it has, and not of its hash',
    file: `${PEOPLE}/person-keys.ts`,
    from: 'cpfHash(cpf) === hash',
    to: 'hash !== undefined',
    suites: chains,
  },
  {
    description: 'a second chain is begun under an index that somebody else stored',
    file: `${PEOPLE}/chain-records.ts`,
    from: 'const before = index && entries.get(hexOf(index));',
    to: 'const before = index && (entries.get(hexOf(index)) ?? { index, count: 0, head: EMPTY_LINK });',
    suites: chains,
  },
  {
    description: 'a late record without a CPF is no fault',
    file: `${PEOPLE}/identify-people.ts`,
    from: "row.servico === 'auditoria'",
    to: "row.servico !== ''",
    suites: chains,
  },
  {
    description: 'nodes go that the checkpoint before the newest needs',
    file: `${PEOPLE}/map-nodes.ts`,
    from: 'OFFSET 1 LIMIT 1',
    to: 'OFFSET 0 LIMIT 1',
    suites: ['auditor/test/people/prune-nodes'],
  },
  {
    description: 'two people in one chain are not found',
    file: CHAIN_CHECK,
    from: "  if ((row.person_before ?? row.cpf_hash) !== row.cpf_hash) return 'person';\n",
    to: '',
    suites: check,
  },
  {
    description: 'an index that is not that of the CPF is not found',
    file: CHAIN_CHECK,
    from: 'isIndexChecked && !isSameHash(',
    to: '(isIndexChecked as unknown) === 0 && !isSameHash(',
    suites: check,
  },
  {
    description: 'a chain begins anew beside the one that the map has',
    file: 'auditor/src/people/chain-records.ts',
    from: 'if (entries.has(hexOf(index)))',
    to: 'if (index.length === 0)',
    suites: check,
  },
  {
    description: 'a list that was cut short is not found',
    file: CHAIN_CHECK,
    from: 'entry?.count === Number(number) && link !== null && isSameHash(entry.head, link)',
    to: 'entry !== undefined && link !== null',
    suites: check,
  },
  {
    description: 'a link that does not follow from the one before is not found',
    file: CHAIN_CHECK,
    from: 'isSameHash(nextLink(before, row.entry), row.link)',
    to: 'row.link.length === before.length',
    suites: check,
  },
  {
    description: 'everybody gets the list of the reads of a person',
    file: 'auditor/src/proofs/person-route.ts',
    from: 'if (titular !== cpf) throw',
    to: 'if (titular === undefined) throw',
    suites: ['auditor/test/proofs/person-proofs'],
  },
  {
    description: 'the list of the reads of a person needs no scope',
    file: 'auditor/src/proofs/reader-of-own-reads.ts',
    from: 'if (viewer.scopes.has(SCOPE)) return viewer;',
    to: 'if (viewer.scopes.size > 0) return viewer;',
    suites: ['auditor/test/proofs/person-proofs', 'auditor/test/proofs/read-proofs'],
  },
  {
    description: 'a holder gets the proof of a read of another person whose row says the holder',
    file: 'auditor/src/proofs/read-proofs.ts',
    from: "  if (!isSameHash(row.person_index, index)) return 'DESCONHECIDA';\n",
    to: '',
    suites: ['auditor/test/proofs/read-proofs'],
  },
  {
    description: 'a record beyond the checkpoint is not pending',
    file: 'auditor/src/proofs/read-proofs.ts',
    from: 'Number(row.place) >= size',
    to: 'Number(row.place) > size',
    suites: ['auditor/test/proofs/read-proofs'],
  },
  {
    description: 'two lists of one answer are proven under two checkpoints',
    file: 'subgraphs/event/src/consultas/consulta-provas.ts',
    from: 'tamanho: await sizeBefore',
    to: 'tamanho: (await sizeBefore) && undefined',
    suites: ['subgraphs/event/test/consultas/consulta-provas'],
  },
  {
    description: 'the graph may show another read than its record says',
    file: 'packages/audit-verifier/src/verify-records.ts',
    from: 'if (record[name] !== value) throw',
    to: 'if (record[name] === undefined) throw',
    suites: ['packages/audit-verifier/test/verify-graph'],
  },
  {
    description: 'the text of a record in the graph may have another order than its entry',
    file: 'packages/audit-verifier/src/answered-graph.ts',
    from: 'Buffer.from(canonicalRecord(record)).toString() === text',
    to: 'Buffer.from(canonicalRecord(record)).toString().length === text.length',
    suites: ['packages/audit-verifier/test/verify-graph'],
  },
  {
    description: 'a log goes on with another key of people',
    file: 'auditor/src/checkpoints/publisher.ts',
    from: '!isSameHash(map.vrfPublicKey, vrfPublicKey)',
    to: 'map.vrfPublicKey.length !== vrfPublicKey.length',
    suites: ['auditor/test/checkpoints/publisher'],
  },
];
