import { storeDecision } from '@pessoa/audit/store-decision';
import { systemClock } from '@pessoa/domain/data';
import { openBoundedPool } from '@pessoa/postgres/bounded-acquire';
import { writingSettings } from '@pessoa/postgres/connection-pool';
import { endOfSeal } from '@pessoa/service/identity/seal';
import { runCommand } from '@pessoa/service/processes/command-line';
import { CommandError, failingAs, messageOf } from '../commands/command-error.ts';
import { tokenViewer } from '../commands/token-viewer.ts';
import { countSealed } from './postgres-sealed-reads.ts';
import { command, readRequest, type SealRequest } from './request.ts';
import { openSealSettings, type SealSettings } from './seal-settings.ts';

const ACQUIRE_MILLIS = 10_000;
/** Ten minutes: no index leads to the reads under a reference, only to those of the client. */
const STATEMENT_MILLIS = 600_000;

async function decide({ clientId, referencia, lastDay }: SealRequest, settings: SealSettings): Promise<void> {
  const { token, adminUrl } = settings;
  const viewer = await tokenViewer({ setting: 'AUDIT_TOKEN', token, scope: 'auditoria:sigilo' }, settings);
  const options = { url: adminUrl, connections: 1, acquireMillis: ACQUIRE_MILLIS, statementMillis: STATEMENT_MILLIS };
  const pool = openBoundedPool(options, writingSettings(STATEMENT_MILLIS));
  try {
    const present = { clientId, referencia, decidedAt: systemClock.now() };
    const count = await countSealed(pool, present).catch(failingAs('the audit cannot be read'));
    if (count === 0) throw new CommandError('no read of this client is under seal with this reference');
    const decidedAt = systemClock.now(); // the count may have taken long, and a record with an old date is a fault
    const decision = { ...present, decidedAt, endsAt: lastDay === undefined ? decidedAt : endOfSeal(lastDay) };
    await storeDecision(pool, decision, viewer).catch(failingAs('nothing is decided'));
    const outcome = lastDay === undefined ? 'not under seal any more' : `under seal until ${lastDay} at the latest`;
    process.stdout.write(`${count === 1 ? '1 read is' : `${count} reads are`} ${outcome}\n`);
  } finally {
    await pool.end().catch(() => {});
  }
}

await runCommand(
  command,
  async (args) => {
    const request = readRequest(args, systemClock);
    const { settings, close } = await openSealSettings(process.env);
    try {
      await decide(request, settings);
    } finally {
      await close();
    }
  },
  { messageOf },
);
