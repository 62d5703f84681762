/** Tells the parent where this process listens and, when asked, the CPU it has used: every thread, user and system. */
export function reportCpu(url: string): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMicros: user + system });
  });
  process.send?.({ url });
}
