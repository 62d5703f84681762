import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { peopleToTry } from '@pessoa/development/seed/people-to-try/people-to-try';
import { publicErrors } from '@pessoa/domain/errors';
import { type DevelopmentKeys, ensureDevelopmentKeys } from '@pessoa/service/development/development-keys';
import { processEntry } from '@pessoa/service/processes/process-table';
import { processesOf } from '../processes-of.ts';

import { createSystemSandbox, stopRun } from '../started-system.ts';
import { generousTimeouts } from '../whole-graph.ts';
import type { StrangeRequest } from './strange-requests.ts';

export interface FuzzAnswer {
  readonly status: number;
  /** The codes of its errors. */
  readonly codes: readonly unknown[];
  /** What no answer may be; undefined for a good one. */
  readonly fault: string | undefined;
}

/** A system that runs as `npm start` runs it, and is asked strange things. */
export interface FuzzTarget {
  /** The URL of the router. */
  readonly url: string;
  readonly keys: DevelopmentKeys;
  /** CPFs that the bases know. */
  readonly people: readonly string[];
  send(request: StrangeRequest, token: string): Promise<FuzzAnswer>;
  /** Processes that have ended, and errors in the logs. */
  faultsSoFar(): string[];
  stop(): Promise<void>;
}

/** Far above what a fuzz sends: an answer of a limit would test nothing. A limit that is met is a fault. */
const limits = { RATE_LIMIT_REQUESTS: '10000000', RATE_LIMIT_PEOPLE: '10000000', RATE_LIMIT_COST: '1000000000' };

const ANSWER_MILLIS_MAX = 2_000;
const codes = new Set<unknown>(Object.keys(publicErrors));

export async function startFuzzTarget(): Promise<FuzzTarget> {
  const sandbox = await createSystemSandbox();
  Object.assign(sandbox.env, generousTimeouts, limits);
  try {
    const run = await sandbox.start();
    const started = processesOf(sandbox.home).filter(({ command }) => command.includes('/main.ts'));
    return {
      url: sandbox.url,
      keys: await ensureDevelopmentKeys(sandbox.home),
      // The row that its base got wrong is 503 on its route.
      people: peopleToTry.filter(({ expected }) => !expected.erros).map(({ cpf }) => cpf),
      send: (request, token) => sendAgainIfSlow(sandbox.url, request, token),
      faultsSoFar: () => [
        ...started.filter(({ pid }) => !processEntry(pid)).map(({ command }) => `ended: ${command}`),
        ...errorsOfLogs(join(sandbox.home, 'logs')),
      ],
      async stop() {
        await stopRun(run);
        await sandbox.remove();
      },
    };
  } catch (error) {
    await sandbox.remove();
    throw error;
  }
}

/** A slow answer counts if it is slow each time: the machine may be busy with something else. */
async function sendAgainIfSlow(url: string, request: StrangeRequest, token: string): Promise<FuzzAnswer> {
  let answer = await send(url, request, token);
  for (let again = 0; again < 3 && answer.fault?.startsWith('after'); again++) {
    await sleep(1_000);
    answer = await send(url, request, token);
  }
  return answer;
}

async function send(url: string, { method, path, headers, body }: StrangeRequest, token: string): Promise<FuzzAnswer> {
  const sentAt = performance.now();
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(body && { body: new Uint8Array(body) }),
  });
  const text = await response.text();
  const millis = performance.now() - sentAt;
  const { status } = response;
  const answer = readJson(text) as { code?: unknown; errors?: { extensions?: { code?: unknown } }[] } | undefined;
  const answerCodes = [
    ...(answer?.code === undefined ? [] : [answer.code]),
    ...(answer?.errors ?? []).map(({ extensions }) => extensions?.code ?? null),
  ];
  const unexpected = answerCodes.find((code) => code === 'INTERNAL_SERVER_ERROR' || code === 'RATE_LIMITED' || !codes.has(code)); // prettier-ignore
  const faults = [
    status >= 500 && `status ${status}`,
    answer === undefined && 'no JSON',
    unexpected !== undefined && `code ${String(unexpected)}`,
    !response.headers.has('x-fapi-interaction-id') && 'no interaction id',
    millis > ANSWER_MILLIS_MAX && `after ${Math.round(millis)} ms`,
  ].filter((fault) => fault !== false);
  return {
    status,
    codes: answerCodes,
    fault: faults.length > 0 ? `${faults.join(', ')}: ${text.slice(0, 500)}` : undefined,
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Lines of level error, and lines that no logger wrote. */
function errorsOfLogs(folder: string): string[] {
  return readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && ((readJson(line) as { level?: number } | undefined)?.level ?? 60) >= 50)
      .map((line) => `${file}: ${line.slice(0, 500)}`),
  );
}
