import { definitions } from '@pessoa/bases/definitions';
import { personMarker } from '@pessoa/audit/person-marks';
import { systemClock, today } from '@pessoa/domain/data';
import { openPerfilPages, type PerfilPages } from '@pessoa/score/perfis/prisma-perfil-pages';
import { readArguments, runCommand, UsageError } from '@pessoa/service/processes/command-line';
import { onEnd } from '@pessoa/service/processes/end-of-process';
import { CommandError, messageOf } from '../commands/command-error.ts';
import { openAuditOfCommand } from '../commands/open-audit.ts';
import { tokenViewer } from '../commands/token-viewer.ts';
import { startProgress } from '../progress/progress.ts';
import { replicaStatus } from '../replica/replica-status.ts';
import { writeDataCard } from './data-card.ts';
import { extract } from './extraction.ts';
import { type ExtractionSettings, openExtractionSettings } from './extraction-settings.ts';
import { beginOrGoOn } from './extraction-state.ts';
import { createPseudonyms } from './pseudonyms.ts';
import { formats } from './row-files.ts';

const PART_PEOPLE = 50_000;
/** A part is a range of CPFs: with few people in it, a row would tell whose it is. */
const PART_PEOPLE_MIN = 1_000;

const command = {
  name: 'npm run extract',
  about:
    'Writes everybody of Base B for the training of models, under pseudonyms, from the replica. A run that was ended goes on when it is started again with the same folder.',
  options: {
    base: { type: 'string', value: 'BASE', values: ['b'], about: 'the base' },
    to: { type: 'string', value: 'DIR', about: 'a folder of its own' },
    format: { type: 'string', value: 'NAME', multiple: true, values: formats, about: 'default: both' },
    'from-base': { type: 'boolean', default: false, about: 'reads Base B itself; default: its replica' },
    share: { type: 'string', value: 'PERCENT', about: 'of the time in which it reads, 1 to 100; default: 25' },
    'part-people': {
      type: 'string',
      value: 'N',
      about: `people of a file, ${PART_PEOPLE_MIN} to ${PART_PEOPLE}, which is the default`,
    },
  },
  notes: ['EXTRACTION_TOKEN has the scope score:extracao, EXTRACTION_KEY makes the pseudonyms: docs/extraction.md'],
} as const;

function readOptions(args: readonly string[]) {
  const { values } = readArguments(command, args);
  const { base, to, format = [...formats], share = '25', 'part-people': partPeople = String(PART_PEOPLE) } = values;
  if (base === undefined) throw new UsageError('--base is required');
  if (!to) throw new UsageError('--to is required');
  if (!/^([1-9]\d?|100)$/.test(share)) throw new UsageError('--share is a whole number from 1 to 100');
  if (!/^\d{4,5}$/.test(partPeople) || Number(partPeople) < PART_PEOPLE_MIN || Number(partPeople) > PART_PEOPLE)
    throw new UsageError(`--part-people is a whole number from ${PART_PEOPLE_MIN} to ${PART_PEOPLE}`);
  const chosen = formats.filter((name) => (format as readonly string[]).includes(name));
  return { folder: to, formats: chosen, readingShare: Number(share) / 100, partPeople: Number(partPeople), fromBase: values['from-base'] }; // prettier-ignore
}

interface PageOrigin {
  /** The address to read from. */
  readonly url: string;
  /** @throws CommandError when the replica is not current */
  check(): Promise<void>;
}

/** @throws CommandError without a replica */
function originOf({ baseUrl, replica }: ExtractionSettings, fromBase: boolean): PageOrigin {
  if (fromBase) return { url: baseUrl, check: async () => {} };
  if (!replica) throw new CommandError('Base B has no replica (BASE_B_REPLICA_URL): a run would take time from its readers. --from-base reads the base itself'); // prettier-ignore
  const { contract, types } = definitions.baseB;
  return {
    url: replica.url,
    async check() {
      const { isHealthy, lines } = await replicaStatus({ name: 'base-b', contract, types, url: baseUrl, replica });
      if (!isHealthy) throw new CommandError(['the replica is not current:', ...lines].join('\n'));
    },
  };
}

async function checkContract(pages: PerfilPages): Promise<void> {
  const faults = await pages.faults();
  if (faults.length > 0) throw new CommandError(['Base B does not keep its contract (docs/bases.md):', ...faults].join('\n')); // prettier-ignore
}

async function run(args: readonly string[]): Promise<void> {
  const { folder, formats: chosenFormats, readingShare, partPeople, fromBase } = readOptions(args);
  const { settings, close } = await openExtractionSettings(process.env);
  try {
    const token = { setting: 'EXTRACTION_TOKEN', token: settings.token, scope: 'score:extracao' };
    const viewer = await tokenViewer(token, settings);
    const pseudonyms = createPseudonyms(settings.key);
    const origin = originOf(settings, fromBase);
    await origin.check();
    const auditLog = await openAuditOfCommand(settings.audit, 'extracao');
    const pages = openPerfilPages(origin.url);
    const ended = new AbortController();
    onEnd(
      () => ended.abort(),
      () => process.exit(1),
    );
    try {
      await checkContract(pages);
      const initial = await beginOrGoOn(folder, {
        clientId: viewer.clientId,
        keyId: pseudonyms.keyId,
        formats: chosenFormats,
        origin: fromBase ? 'base' : 'replica',
        hoje: today(systemClock),
      });
      const progress = startProgress('extraction of Base B', await pages.count(), 'people');
      const markPerson = personMarker(settings.cpfHashKey);
      const options = { folder, pages, checkOrigin: origin.check, auditLog, viewer, pseudonyms, markPerson, partPeople, readingShare, progress, signal: ended.signal }; // prettier-ignore
      const state = await extract(initial, options).finally(() => progress.stop());
      const people = state.parts.reduce((sum, part) => sum + part.people, 0);
      if (!state.isComplete)
        throw new CommandError(`ended after ${people} people; the same command goes on from there`);
      await writeDataCard(folder, state);
      console.log(`${people} people in ${state.parts.length} parts, ${state.unreadablePeople} of them without rows; DATA-CARD.md says what the files hold`); // prettier-ignore
    } finally {
      await pages.close();
      await auditLog.close();
    }
  } finally {
    await close();
  }
}

await runCommand(command, run, { messageOf });
