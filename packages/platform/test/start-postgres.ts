// A process that starts a cluster in the folder it is given, says so, and waits to be killed.
import { startPostgres } from '../src/embedded/postgres-cluster.ts';

const { pid } = await startPostgres({ home: process.argv[2]! });
process.stdout.write(`${pid}\n`);
setInterval(() => {}, 60_000);
