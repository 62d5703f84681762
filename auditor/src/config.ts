import {
  commonVariables,
  metricsAddress,
  metricsPort,
  port,
  postgresUrl,
  readEnvironment,
  type SettingFault,
} from '@pessoa/service/config/environment';
import { type IssuerConfig, issuerVariables, readIssuers } from '@pessoa/service/config/issuer-settings';
import { type PossessionConfig, possessionVariables, readPossession } from '@pessoa/service/config/possession-settings';
import { unencryptedVariables } from '@pessoa/service/config/production-faults';
import { splitList } from '@pessoa/service/config/split-list';
import { wholeNumber } from '@pessoa/service/config/whole-number';
import type { MetricsAddress } from '@pessoa/service/metrics/metrics';
import { readPrivateKey } from '@pessoa/transparency-log/notes/private-key';
import { ed25519Signer, type NoteSigner } from '@pessoa/transparency-log/notes/signed-note';
import { isKeyName } from '@pessoa/transparency-log/notes/verifier-key';
import { z } from 'zod';
import type { Witness } from './checkpoints/witness-client.ts';
import { readWitnesses, WitnessesFault } from './checkpoints/witness-settings.ts';
import { type PersonKeys, personKeys } from './people/person-keys.ts';

const { PESSOA_ENV, HOST, METRICS_HOST, LOG_LEVEL, CPF_HASH_KEY, INTERNAL_KEY, MAX_CONNECTIONS } = commonVariables;

/** Every variable that the auditor reads. */
export const variables = {
  PESSOA_ENV,
  HOST,
  METRICS_HOST,
  LOG_LEVEL,
  CPF_HASH_KEY,
  INTERNAL_KEY,
  MAX_CONNECTIONS,
  ...issuerVariables,
  ...possessionVariables,
  AUDITOR_PORT: port(4005),
  AUDITOR_METRICS_PORT: metricsPort,
  /** The audit database, by the role that keeps the tree. Without a pooler: the lock of the leader is of its session. */
  AUDIT_AUDITOR_URL: postgresUrl,
  /** The name of the log, in every checkpoint: a host name and a path that nobody else uses. */
  AUDITOR_NAME: z
    .string('is required: such as bureau.example/auditoria')
    .max(255, 'has more than 255 characters')
    .refine(isKeyName, 'is empty, or has white space or a plus'),
  /** The Ed25519 key that signs checkpoints: its 32 bytes in base64url. */
  AUDITOR_KEY: z.string('is required: 32 bytes in base64url').regex(/^[\w-]{43}$/, 'is not 32 bytes in base64url'),
  /** The key of the VRF that makes the index of a person in the map from the CPF: its 32 bytes in base64url. */
  AUDITOR_VRF_KEY: z.string('is required: 32 bytes in base64url').regex(/^[\w-]{43}$/, 'is not 32 bytes in base64url'),
  /** Witnesses: `<verifier key> <URL>`, separated by commas. */
  WITNESSES: z.string().default('').transform(witnessesOf),
  /** How many witnesses must cosign a checkpoint before it counts. Default: all. */
  WITNESS_QUORUM: wholeNumber(0, 100).optional(),
  /** Time from the end of a check of all records to the next one. */
  AUDITOR_CHECK_SECONDS: wholeNumber(1, 604_800, 'a whole number of seconds').default(3_600),
};

export interface AuditorConfig {
  readonly isDevelopment: boolean;
  readonly host: string;
  readonly port: number;
  readonly metricsAddress: MetricsAddress | undefined;
  readonly maxConnections: number;
  readonly logLevel: z.infer<typeof LOG_LEVEL>;
  readonly internalKey: Uint8Array;
  readonly jwt: PossessionConfig & { readonly issuers: readonly IssuerConfig[] };
  readonly databaseUrl: string;
  readonly signer: NoteSigner;
  readonly keys: PersonKeys;
  /** That of `keys`, for threads. */
  readonly vrfSecret: Uint8Array;
  readonly witnesses: readonly Witness[];
  readonly quorum: number;
  readonly checkEveryMillis: number;
  /** Names of variables whose connections send data unencrypted to another machine. */
  readonly unencrypted: readonly string[];
}

/** @throws ConfigError naming every variable that is missing or wrong */
export function readConfig(env: NodeJS.ProcessEnv): AuditorConfig {
  const values = readEnvironment('auditor', variables, env, (set) => [...quorumFaults(set), ...keyFaults(set)]);
  const { WITNESSES: witnesses } = values;
  const vrfSecret = Buffer.from(values.AUDITOR_VRF_KEY, 'base64url');
  return {
    isDevelopment: values.PESSOA_ENV === 'development',
    host: values.HOST,
    port: values.AUDITOR_PORT,
    metricsAddress: metricsAddress(values.METRICS_HOST, values.AUDITOR_METRICS_PORT, values.AUDITOR_PORT),
    maxConnections: values.MAX_CONNECTIONS,
    logLevel: values.LOG_LEVEL,
    internalKey: values.INTERNAL_KEY,
    jwt: { issuers: readIssuers(values), ...readPossession(values) },
    databaseUrl: values.AUDIT_AUDITOR_URL,
    signer: ed25519Signer(values.AUDITOR_NAME, readPrivateKey(values.AUDITOR_KEY)),
    keys: personKeys(vrfSecret, values.CPF_HASH_KEY),
    vrfSecret,
    witnesses,
    quorum: values.WITNESS_QUORUM ?? witnesses.length,
    checkEveryMillis: values.AUDITOR_CHECK_SECONDS * 1_000,
    unencrypted: unencryptedVariables(values),
  };
}

function witnessesOf(text: string, context: z.RefinementCtx): Witness[] {
  try {
    return readWitnesses(text);
  } catch (error) {
    if (!(error instanceof WitnessesFault)) throw error;
    context.addIssue(error.message);
    return z.NEVER;
  }
}

function quorumFaults({ WITNESSES, WITNESS_QUORUM }: Readonly<Record<string, string | undefined>>): SettingFault[] {
  const { length } = splitList(WITNESSES ?? '');
  if (!(Number(WITNESS_QUORUM) > length)) return [];
  return [{ name: 'WITNESS_QUORUM', message: `is more than the ${length} of WITNESSES` }];
}

/** One key for both would sign what the VRF is asked for. */
const keyFaults = ({ AUDITOR_KEY, AUDITOR_VRF_KEY }: Readonly<Record<string, string | undefined>>): SettingFault[] =>
  AUDITOR_VRF_KEY !== undefined && AUDITOR_VRF_KEY === AUDITOR_KEY
    ? [{ name: 'AUDITOR_VRF_KEY', message: 'is the AUDITOR_KEY' }]
    : [];
