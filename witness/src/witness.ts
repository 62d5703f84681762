import { systemClock } from '@pessoa/domain/data';
import { mountHealth } from '@pessoa/service/http/health';
import { createHttpService } from '@pessoa/service/http/http-service';
import type { Logger } from '@pessoa/service/logging/logger';
import type { RunningService } from '@pessoa/service/processes/process';
import { cosigner } from '@pessoa/transparency-log/checkpoints/cosignature';
import { formatVerifierKey } from '@pessoa/transparency-log/notes/signed-note';
import { addCheckpoint } from './add-checkpoint.ts';
import type { WitnessConfig } from './config.ts';
import { checkStates, signedStatesIn } from './signed-states.ts';

/** A proof, and a checkpoint with more signatures than the 16 that the specification asks for, each up to 5 kB. */
const BODY_MAX_BYTES = 256 * 1024;

/**
 * Starts a witness, which answers `POST /add-checkpoint`. Its log line at the start has its verifier key.
 *
 * @throws ConfigError when its states cannot be read or written
 */
export async function startWitness(config: WitnessConfig, logger: Logger): Promise<RunningService> {
  await checkStates(config.stateFolder, config.logs.keys());
  const signer = cosigner(config.name, config.privateKey, systemClock);
  const add = addCheckpoint({ logs: config.logs, signer, states: signedStatesIn(config.stateFolder) });

  const http = createHttpService({ logger, bodyLimitBytes: BODY_MAX_BYTES });
  mountHealth(http.app, { isDraining: http.isDraining, isReady: async () => true, sources: async () => ({}) });
  // The specification names no content type, so logs send any.
  http.app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  http.app.post('/add-checkpoint', async ({ body }, reply) => {
    const answer = await add(Buffer.isBuffer(body) ? body : Buffer.alloc(0));
    if (answer.status === 200) return reply.type('text/plain; charset=utf-8').send(answer.cosignatures);
    const reason = { status: answer.status, motivo: answer.reason };
    if (answer.status === 409 && answer.isContradiction) logger.error(reason, 'a log has two histories');
    else logger.warn(reason, 'a checkpoint was not cosigned');
    reply.code(answer.status);
    if (answer.status === 409) return reply.type('text/x.tlog.size').send(`${answer.size}\n`);
    return reply.type('text/plain; charset=utf-8').send(`${answer.reason}\n`);
  });
  const url = await http.app.listen({ host: config.host, port: config.port });
  logger.info({ chave: formatVerifierKey(signer), logs: [...config.logs.keys()] }, 'cosigning');
  return { logger, url, close: () => http.drain() };
}
