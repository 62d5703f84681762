import { buildIndex } from '@pessoa/indexer/build-index';
import { indexingErrorMessage } from '@pessoa/indexer/indexing-error';
import { readArguments, runCommand } from '@pessoa/service/processes/command-line';
import { startProgress } from '../progress/progress.ts';
import { withIndexing } from './with-indexing.ts';

const command = {
  name: 'npm run index',
  about: "Builds a new index of Base C's postings and puts it in place of the one in use (ELASTICSEARCH_URL).",
  options: {},
};

async function build(): Promise<void> {
  await withIndexing(process.env, async (indexing) => {
    const { rows } = await indexing.baseC.query<{ total: number }>('SELECT count(*)::int AS total FROM movimentacao');
    const { total } = rows[0]!;
    const progress = startProgress('index', total, 'postings');
    const startedAt = performance.now();
    let written = 0;
    const indexName = await buildIndex(indexing, {
      onProgress(done) {
        written = done;
        progress.update(Math.min(done, total), '');
      },
    }).finally(() => progress.stop());
    const seconds = (performance.now() - startedAt) / 1_000;
    console.log(`${indexName} is in use: ${written} postings in ${seconds.toFixed(1)} s`);
  });
}

await runCommand(
  command,
  (args) => {
    readArguments(command, args);
    return build();
  },
  { messageOf: indexingErrorMessage },
);
