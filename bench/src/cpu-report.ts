/** Sends the parent the URL of this process and, after each message, its CPU time: user and system, of all threads. */
export function reportCpu(url: string): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMicros: user + system });
  });
  process.send?.({ url });
}
