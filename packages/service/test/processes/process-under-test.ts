// A process that writes its pid to a file, and adds the reason when it ends.
import { writeFileSync } from 'node:fs';
import { onEnd, ignoreOutputErrors } from '../../src/processes/end-of-process.ts';

const file = process.argv[2]!;
ignoreOutputErrors();
onEnd(
  (reason) => {
    process.stdout.write(`ending: ${reason}\n`); // the reader may be gone
    writeFileSync(file, `${process.pid} ${reason}`);
    if (!process.argv.includes('--slow')) process.exit(0);
  },
  () => {
    writeFileSync(file, `${process.pid} at once`);
    process.exit(1);
  },
);
writeFileSync(file, String(process.pid));
setInterval(() => {}, 60_000);
