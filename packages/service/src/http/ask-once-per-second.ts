const SECOND_MILLIS = 1_000;

/** Makes a function that calls `ask` at most once a second. Callers in between get the last answer, or wait for it. */
export function askOncePerSecond<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let askedAt = -Infinity;
  let answer: Promise<Answer> | undefined;
  return () => {
    if (!answer || performance.now() - askedAt >= SECOND_MILLIS) {
      askedAt = performance.now();
      answer = ask();
    }
    return answer;
  };
}
