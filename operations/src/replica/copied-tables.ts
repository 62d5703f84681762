import { lookAtSubscription, ORIGIN_NOTE } from '@pessoa/subgraph/replica/replica-sight';
import { askCatalogue, followingFaults, type PublisherCatalogue } from '@pessoa/subgraph/replica/publisher-catalogue';
import { type Client, escapeIdentifier as id, escapeLiteral as literal } from 'pg';
import { qualified, type Say } from './publication.ts';
import type { ReplicaNames } from './replica-names.ts';
import type { ReplicatedBase } from './replica-settings.ts';
import type { PublisherTable } from './publisher-tables.ts';
import { followedTables, forgetSubscription } from './subscription.ts';

/** A connection to the publisher as its reader, and one to the replica as its owner. */
export interface Sides {
  readonly reader: Client;
  readonly replica: Client;
}

export const catalogueOf = ({ reader }: Sides, { contract }: ReplicatedBase, { publication }: ReplicaNames) =>
  askCatalogue(reader, contract, [publication]);

/**
 * Finds why an existing copy may differ from the publisher: another table has taken a table's name, a table was not completely
 * published for a while, or the origin of a table is not recorded.
 * @returns the reasons as texts; empty without a copy
 */
export async function missedChanges(sides: Sides, base: ReplicatedBase, names: ReplicaNames): Promise<string[]> {
  const { origins, faults } = await lookAtSubscription(sides.replica, base.contract);
  const followed = Object.fromEntries(Object.entries(base.contract).filter(([table]) => origins.has(table)));
  return [...followingFaults(followed, await catalogueOf(sides, base, names), origins), ...faults];
}

/** Removes a copy that has missed changes. The missed changes cannot be fetched later. */
export async function removeUntrueCopy(
  replica: Client,
  names: ReplicaNames,
  faults: readonly string[],
  say: Say,
): Promise<void> {
  for (const fault of faults) say(`replica: ${fault}`);
  const followed = [...(await followedTables(replica, names))];
  await forgetSubscription(replica, names);
  for (const table of followed) await replica.query(`DROP TABLE ${table.split('.').map(id).join('.')}`);
  say('replica: it has missed changes: every table is copied again');
}

/**
 * Records the origin of each copied table in its comment, unless the publisher's catalogue has changed since the copy began.
 * @returns the changes as texts; empty if the origins are recorded
 */
export async function noteOrigins(
  replica: Client,
  tables: readonly PublisherTable[],
  before: PublisherCatalogue,
  after: PublisherCatalogue,
): Promise<string[]> {
  const contract = Object.fromEntries(tables.map(({ name, columns }) => [name, columns.map((column) => column.name)]));
  const origins = new Map([...before].map(([table, { origin }]) => [table, origin]));
  const faults = followingFaults(contract, after, origins);
  if (faults.length > 0) return faults;
  for (const table of tables) {
    const note = literal(ORIGIN_NOTE + origins.get(table.name)!);
    await replica.query(`COMMENT ON TABLE ${qualified(table)} IS ${note}`);
  }
  return [];
}
