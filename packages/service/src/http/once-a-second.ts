const SECOND = 1_000;

/** Asks at most once a second, however often it is called: whoever comes in between gets the last answer, or waits for it. */
export function onceASecond<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let askedAt = -Infinity;
  let answer: Promise<Answer> | undefined;
  return () => {
    if (!answer || performance.now() - askedAt >= SECOND) {
      askedAt = performance.now();
      answer = ask();
    }
    return answer;
  };
}
