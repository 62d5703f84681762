/** Reads a service's cache metrics: lookups by result, and `available`. */
export async function cacheCounts(
  metricsUrl: string | undefined,
): Promise<{ readonly [result: string]: number; readonly available: number }> {
  const text = await (await fetch(`${metricsUrl}/metrics`)).text();
  const counts = [...text.matchAll(/^pessoa_cache_requests_total\{.*result="(\w+)".*\} (\d+)$/gm)];
  const available = Number(/^pessoa_cache_available\{.*\} (\d)$/m.exec(text)?.[1]);
  return { ...Object.fromEntries(counts.map(([, result, count]) => [result!, Number(count)])), available };
}
