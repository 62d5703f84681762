import { indexingErrorMessage } from '@pessoa/indexer/indexing-error';
import { compareIndex } from '@pessoa/indexer/index-check';
import { type Difference, findDifferences } from '@pessoa/indexer/index-differences';
import { repairIndex } from '@pessoa/indexer/index-repair';
import { maskSecrets } from '@pessoa/service/logging/logger';
import { readArguments, runCommand } from '@pessoa/service/processes/command-line';
import { withIndexing } from './with-indexing.ts';

/** How long a running indexer gets to write the changes that the first comparison saw on one side only. */
const SETTLE_MILLIS = 5_000;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function report(differences: readonly Difference[]): void {
  for (const [bucket, inBucket] of Map.groupBy(differences, (difference) => difference.bucket)) {
    const count = (kind: Difference['kind']): number =>
      inBucket.filter((difference) => difference.kind === kind).length;
    console.log(
      `  bucket ${bucket}: ${count('missing')} lacking, ${count('surplus')} too many, ${count('changed')} different`,
    );
  }
}

const command = {
  name: 'npm run index:check',
  about: 'Compares the index with Base C. Exit code 1: they differ.',
  options: { repair: { type: 'boolean', default: false, about: 'repairs the differences' } },
} as const;

async function check(args: readonly string[]): Promise<void> {
  const { values } = readArguments(command, args);
  await withIndexing(process.env, async (indexing) => {
    const comparison = await compareIndex(indexing);
    const { indexName, baseC, index, different, following } = comparison;
    for (const fault of following)
      console.log(`${indexName} cannot be followed: ${fault}: npm run index builds another`);
    if (following.length > 0) process.exitCode = 1;
    console.log(`Base C: ${sum(baseC.counts)} postings; ${indexName}: ${sum(index.counts)}`);
    for (const id of comparison.unreadable) {
      console.log(`posting ${maskSecrets(id)} cannot be indexed: Base C answers for its person`);
    }
    for (const id of comparison.foreign) console.log(`${maskSecrets(id)} in the index is no posting of ours`);
    const differences = await findDifferences(indexing, indexName, different, { settleMillis: SETTLE_MILLIS });
    report(differences);
    if (differences.length === 0) return console.log('they are the same');
    if (!values.repair) {
      console.log(`${differences.length} differ: npm run index:check -- --repair mends them`);
      process.exitCode = 1;
      return;
    }
    await repairIndex(indexing, indexName, differences);
    const remaining = await findDifferences(
      indexing,
      indexName,
      [...new Set(differences.map(({ bucket }) => bucket))],
      {
        settleMillis: 0,
      },
    );
    console.log(`${differences.length - remaining.length} mended`);
    if (remaining.length > 0) {
      console.log(`${remaining.length} could not be mended: npm run index builds a new index`);
      process.exitCode = 1;
    }
  });
}

await runCommand(command, check, { messageOf: indexingErrorMessage });
