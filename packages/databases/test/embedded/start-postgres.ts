// Starts or joins the cluster in the folder of the first argument, prints the server's process id, and waits to be killed.
import { startPostgres } from '../../src/embedded/postgres-cluster.ts';

const [home, ...args] = process.argv.slice(2);
const { pid } = await startPostgres({ home: home!, takeOver: args.includes('--take-over') });
process.stdout.write(`${pid}\n`);
setInterval(() => {}, 60_000);
