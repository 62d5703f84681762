import type { Fault } from '../fault.ts';

const TRANSPORT = 'router/src/transport/transport.ts';
const EXCHANGE = 'router/src/transport/exchange.ts';
const suites = ['router/test/transport', 'router/test/lost-source'];

export const transport: readonly Fault[] = [
  {
    says: 'a retry has the whole time again',
    file: TRANSPORT,
    from: '  await sleep(pause);\n  return attempt(wiring, request, endsAt);',
    to: '  await sleep(pause);\n  return attempt(wiring, request, performance.now() + wiring.options.timeoutMillis);',
    suites,
  },
  {
    says: 'a call may outlive the request that needs it',
    file: TRANSPORT,
    from: 'Math.min(performance.now() + options.timeoutMillis, request.endsAt ?? Infinity)',
    to: 'performance.now() + options.timeoutMillis',
    suites,
  },
  {
    says: 'what may not run twice is sent again',
    file: TRANSPORT,
    from: 'if (!request.isRepeatable || !isWorthRetrying(error)) throw error;',
    to: 'if (!isWorthRetrying(error)) throw error;',
    suites,
  },
  {
    says: 'every failure is tried again',
    file: TRANSPORT,
    from: 'if (!request.isRepeatable || !isWorthRetrying(error)) throw error;',
    to: 'if (!request.isRepeatable) throw error;',
    suites,
  },
  {
    says: 'retries have no budget',
    file: TRANSPORT,
    from: ' || !wiring.budget.takeRetry()) throw error;',
    to: ') throw error;',
    suites,
  },
  {
    says: 'calls do not fill the budget of retries',
    file: TRANSPORT,
    from: '  budget.countCall();\n',
    to: '',
    suites,
  },
  {
    says: 'ten calls earn ten retries',
    file: 'router/src/transport/retry-budget.ts',
    from: 'const RETRIES_PER_CALL = 0.1;',
    to: 'const RETRIES_PER_CALL = 1;',
    suites,
  },
  {
    says: 'retries are saved up without a bound',
    file: 'router/src/transport/retry-budget.ts',
    from: 'saved = Math.min(SAVED_MAX, saved + RETRIES_PER_CALL);',
    to: 'saved = saved + RETRIES_PER_CALL;',
    suites,
  },
  {
    says: 'a retry costs nothing',
    file: 'router/src/transport/retry-budget.ts',
    from: '      saved -= 1;\n',
    to: '',
    suites,
  },
  {
    says: 'a caller who goes away counts against the source',
    file: TRANSPORT,
    from: '!(error.cause instanceof CallerGoneError),\n      refusal',
    to: 'true,\n      refusal',
    suites,
  },
  {
    says: 'an open breaker is forgotten by the readiness',
    file: TRANSPORT,
    from: "return told !== 'ok' && wiring.breaker.state() === 'fora' ? 'fora' : told;",
    to: 'return told;',
    suites,
  },
  {
    says: 'an answer may be of any size',
    file: EXCHANGE,
    from: 'if (this.#bytes > this.#request.maxResponseBytes) {',
    to: 'if (false as boolean) {',
    suites,
  },
  {
    says: 'a 503 is read as an answer',
    file: EXCHANGE,
    from: 'new Set([502, 503, 504])',
    to: 'new Set([502, 504])',
    suites,
  },
  {
    says: 'a call that is given up goes on at the source',
    file: EXCHANGE,
    from: '    this.#controller?.abort(error);\n',
    to: '',
    suites,
  },
  {
    says: 'a call is sent though nobody waits for it any more',
    file: EXCHANGE,
    from: 'if (this.#isSettled) controller.abort(new CallerGoneError());\n    else this.#phase',
    to: 'this.#phase',
    suites,
  },
  {
    says: 'the end of a request is told as a caller who went away',
    file: EXCHANGE,
    from: "reason.name === 'TimeoutError'",
    to: "reason.name === 'AbortError'",
    suites,
  },
  {
    says: 'an answer cut short is a source that cannot be reached',
    file: 'router/src/transport/lost-source.ts',
    from: "if (phase === 'answering' || isGarbage)",
    to: 'if (isGarbage)',
    suites,
  },
  {
    says: 'a lost connection is tried again though the call was sent',
    file: 'router/src/transport/lost-source.ts',
    from: "phase === 'not sent' ? new NotSentError(words) : new Error(words)",
    to: 'new NotSentError(words)',
    suites,
  },
  {
    says: 'a source that failed a minute ago is still degraded',
    file: 'router/src/transport/source-health.ts',
    from: "if (failedAt <= since) return 'ok';",
    to: "if (failedAt === -Infinity) return 'ok';",
    suites: [...suites, 'e2e/test/readiness'],
  },
];

export const breakers: readonly Fault[] = [
  {
    says: 'it opens when nearly all calls fail, not at half of them',
    file: 'packages/platform/src/resilience/breaker.ts',
    from: 'threshold: 0.499',
    to: 'threshold: 0.9',
    suites: ['packages/platform/test/breaker'],
  },
  {
    says: 'callers wait for the end of the probe',
    file: 'packages/platform/src/resilience/breaker.ts',
    from: '      if (isOut && isProbing) throw options.refusal();\n',
    to: '',
    suites: ['packages/platform/test/breaker'],
  },
  {
    says: 'after one probe there is never another',
    file: 'packages/platform/src/resilience/breaker.ts',
    from: 'if (isOut) isProbing = false;',
    to: 'if (!isOut) isProbing = false;',
    suites: ['packages/platform/test/breaker'],
  },
  {
    says: 'every error counts as a failure',
    file: 'packages/platform/src/resilience/breaker.ts',
    from: 'circuitBreaker(handleWhen(options.isFailure), {',
    to: 'circuitBreaker(handleWhen(() => true), {',
    suites: ['packages/platform/test/breaker'],
  },
  {
    says: 'what the caller did wrong opens the breaker of a base',
    file: 'packages/platform/src/base/source-guard.ts',
    from: 'isFailure: (error) => error instanceof PublicError,',
    to: 'isFailure: () => true,',
    suites: [
      'packages/platform/test/source-guard',
      'packages/platform/test/source-error',
      'subgraphs/debt/test/debt-faults',
      'subgraphs/score/test/score-faults',
    ],
  },
];

export const deadlines: readonly Fault[] = [
  {
    says: 'statements that follow one another have the whole time each',
    file: 'packages/platform/src/base/read-deadline.ts',
    from: 'endsAt ??= performance.now() + millis;',
    to: 'endsAt = performance.now() + millis;',
    suites: ['packages/platform/test', 'subgraphs/debt/test/debt-faults', 'subgraphs/event/test/lost-source'],
  },
  {
    says: 'a read that begins too late still begins',
    file: 'packages/platform/src/base/read-deadline.ts',
    from: '    if (left <= 0) throw tooLate();\n',
    to: '',
    suites: ['packages/platform/test', 'subgraphs/debt/test/debt-faults', 'subgraphs/event/test/lost-source'],
    survivesBecause: 'the timer of a time that is over fires at once: only the work that nobody waits for is saved',
  },
  {
    says: 'a replica that hangs takes the time of the source too',
    file: 'packages/platform/src/replica/replicated-base.ts',
    from: 'budget: halfOf(budget) });',
    to: 'budget });',
    suites: ['packages/platform/test', 'e2e/test/budgets'],
    survivesBecause: 'a replica takes a second server: `npm run test:servers` notices it, in e2e/test/replica',
  },
];
