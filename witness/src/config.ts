import type { KeyObject } from 'node:crypto';
import { commonVariables, port, readEnvironment } from '@pessoa/service/config/environment';
import { ed25519Verifier, type NoteVerifier } from '@pessoa/transparency-log/notes/signed-note';
import { readPrivateKey } from '@pessoa/transparency-log/notes/private-key';
import { isKeyName } from '@pessoa/transparency-log/notes/verifier-key';
import { z } from 'zod';

const { HOST, LOG_LEVEL } = commonVariables;

/** Every variable that the witness reads. */
export const variables = {
  LOG_LEVEL,
  WITNESS_HOST: HOST,
  WITNESS_PORT: port(4006),
  /** The name of the witness in its cosignatures, best a URL without a scheme. */
  WITNESS_NAME: z.string('is required').refine(isKeyName, 'is empty, or has white space or a plus'),
  /** The Ed25519 key of the witness: PKCS #8 in PEM, or its seed of 32 bytes in base64url. */
  WITNESS_KEY: read('is required: an Ed25519 key as PKCS #8 in PEM, or its seed in base64url', readPrivateKey),
  /** The logs that it cosigns: their verifier keys, separated by spaces. The name of a key is the origin of its log. */
  WITNESS_LOGS: read('is required: verifier keys (name+id+base64), separated by spaces', readLogKeys),
  /** The folder of what it has signed. It must exist, so that a volume that is not mounted stops the start. */
  WITNESS_STATE: z.string('is required: a folder').min(1),
};

/** A required text that must be readable. Its message never has the text. */
function read<Value>(message: string, parse: (text: string) => Value) {
  return z.string(message).transform((text, context) => {
    try {
      return parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: message.replace('is required: ', 'is not ') });
      return z.NEVER;
    }
  });
}

/** The keys of each log, by its origin. */
function readLogKeys(text: string): ReadonlyMap<string, readonly NoteVerifier[]> {
  const keys = [...new Set(text.split(/\s+/))].map(ed25519Verifier);
  return Map.groupBy(keys, ({ name }) => name);
}

export interface WitnessConfig {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly privateKey: KeyObject;
  readonly logs: ReadonlyMap<string, readonly NoteVerifier[]>;
  readonly stateFolder: string;
  readonly logLevel: z.infer<typeof LOG_LEVEL>;
}

/** @throws ConfigError naming every variable that is missing or wrong */
export function readConfig(env: NodeJS.ProcessEnv): WitnessConfig {
  const values = readEnvironment('witness', variables, env);
  return {
    host: values.WITNESS_HOST,
    port: values.WITNESS_PORT,
    name: values.WITNESS_NAME,
    privateKey: values.WITNESS_KEY,
    logs: values.WITNESS_LOGS,
    stateFolder: values.WITNESS_STATE,
    logLevel: values.LOG_LEVEL,
  };
}
