import type { Fault } from '../fault.ts';

const LOG = 'packages/transparency-log';
const VERIFIER = 'packages/audit-verifier';
const VRF = `${LOG}/src/vrf/ecvrf.ts`;
const PAGES = `${VERIFIER}/src/person-pages.ts`;
const vrf = [`${LOG}/test/vrf`];
const map = [`${LOG}/test/map`];
const person = [`${VERIFIER}/test/verify-person`, `${VERIFIER}/test/verify-owner`];

export const personMap: readonly Fault[] = [
  {
    description: 'a key of small order is accepted: one CPF has several indices',
    file: VRF,
    from: '  if (key.isSmallOrder()) throw new ProofError("The VRF\'s public key is of small order.");\n',
    to: '',
    suites: vrf,
  },
  {
    description: 'a proof of the VRF has a second spelling: its number may be above the order',
    file: VRF,
    from: 'response >= Scalar.ORDER',
    to: 'response >= 2n ** 256n',
    suites: vrf,
  },
  {
    description: 'the output of the VRF is that of a point with a part of small order',
    file: VRF,
    from: 'gamma.clearCofactor().toBytes()',
    to: 'gamma.toBytes()',
    suites: vrf,
  },
  {
    description: 'a leaf of the map is hashed as a node',
    file: `${LOG}/src/map/map-entry.ts`,
    from: 'const leaf = new Uint8Array(1 + ENTRY_BYTES);\n',
    to: 'const leaf = new Uint8Array(1 + ENTRY_BYTES).fill(1);\n',
    suites: map,
  },
  {
    description: 'a subtree with one leaf has another hash at each height',
    file: `${LOG}/src/map/map-entry.ts`,
    from: "  if (left === undefined && !(right && 'hash' in right)) return right;\n",
    to: '  if (left === undefined && right === undefined) return right;\n',
    suites: map,
  },
  {
    description: 'a leaf anywhere proves that a person is not in the map',
    file: `${LOG}/src/map/map-proofs.ts`,
    from: 'other && !isOnWay(other.index, index, siblings.length)',
    to: 'other && siblings.length < 0',
    suites: map,
  },
  {
    description: "a person's own leaf proves that they are not in the map",
    file: `${LOG}/src/map/map-proofs.ts`,
    from: 'if (other && isSameHash(other.index, index))',
    to: 'if (other && other.index === index)',
    suites: map,
  },
  {
    description: 'an edited node of the map is built on',
    file: `${LOG}/src/map/stored-nodes.ts`,
    from: 'expected && !isSameHash(',
    to: 'expected && !bytes && !isSameHash(',
    suites: map,
  },
  {
    description: 'the leaf that stands on the way of a new person is lost',
    file: `${LOG}/src/map/update-map.ts`,
    from: '? below : [standing, ...below]',
    to: '? below : below',
    suites: map,
  },
  {
    description: 'a link does not commit to the one before',
    file: `${LOG}/src/map/person-chain.ts`,
    from: 'Buffer.concat([Buffer.of(2), link, entry])',
    to: 'Buffer.concat([Buffer.of(2), EMPTY_LINK, entry])',
    suites: map,
  },
  {
    description: 'the first of two lines of a map counts',
    file: `${LOG}/src/checkpoints/map-extension.ts`,
    from: '  if (others.length > 0) throw',
    to: '  if (others.length > 1) throw',
    suites: [`${LOG}/test/checkpoints/map-extension`],
  },
  {
    description: 'a list may lack its last reads',
    file: PAGES,
    from: 'if (!read) throw',
    to: 'if (!read) break;\n    if (!read) throw',
    suites: person,
  },
  {
    description: 'the chain of a list need not have the head that the map names',
    file: PAGES,
    from: '!isSameHash(link, page.head)',
    to: 'count < 0',
    suites: person,
  },
  {
    description: 'a newer answer may have fewer reads',
    file: PAGES,
    from: 'newer.count < older.count',
    to: 'newer.count < 0',
    suites: person,
  },
  {
    description: 'a person may have a list under each of two keys',
    file: `${VERIFIER}/src/checkpoint-map.ts`,
    from: '!isSameHash(had.vrfPublicKey, has.vrfPublicKey)',
    to: 'had.vrfPublicKey.length !== has.vrfPublicKey.length',
    suites: person,
  },
  {
    description: 'two maps of one size of the log do not contradict one another',
    file: `${VERIFIER}/src/checkpoint-map.ts`,
    from: 'before.size === after.size && !isSameHash(',
    to: 'before.size < 0 && !isSameHash(',
    suites: person,
  },
  {
    description: 'a record is shown under the number of another',
    file: `${VERIFIER}/src/verify-person.ts`,
    from: 'if (said !== number) throw',
    to: 'if (said < 0) throw',
    suites: person,
  },
  {
    description: 'the record of another person is shown',
    file: `${VERIFIER}/src/chained-record.ts`,
    from: 'indicePessoa !== encodeBase64(index)',
    to: 'indicePessoa === undefined',
    suites: person,
  },
];
