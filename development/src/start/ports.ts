import { createServer } from 'node:net';
import { portHolder } from './port-holder.ts';

/** A port that a process will listen on, and the variable that sets it. */
export interface PortSetting {
  readonly variable: string;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** When this port is derived from another variable: that variable. A fault of both is reported for that one only. */
  readonly follows?: string | undefined;
}

/** One fault for each port that another process has, or that this user may not open. */
export async function faultsOfPorts(ports: readonly PortSetting[]): Promise<string[]> {
  const checkedPorts = await Promise.all(ports.map(async (port) => ({ ...port, fault: await faultOf(port) })));
  const faulty = new Set(checkedPorts.flatMap(({ variable, fault }) => (fault === undefined ? [] : [variable])));
  return checkedPorts.flatMap(({ fault, follows = '' }) => (fault === undefined || faulty.has(follows) ? [] : [fault]));
}

async function faultOf({ variable, port, host }: PortSetting): Promise<string | undefined> {
  const code = isPort(port) && port > 0 ? await openFault(port, host) : undefined;
  if (code === 'EADDRINUSE') {
    return `${variable}: port ${port} is taken by ${portHolder(port)}: stop that, or set ${variable} to a free port`;
  }
  return code === 'EACCES' ? `${variable}: port ${port} may not be opened by this user` : undefined;
}

/** One fault for each address that this machine does not have. Each entry is a variable and its value. */
export async function faultsOfHosts(hosts: readonly (readonly [string, string | undefined])[]): Promise<string[]> {
  const faults = await Promise.all(
    hosts.map(async ([variable, host]) => {
      const code = host === undefined ? undefined : await openFault(0, host);
      return code === undefined ? [] : [`${variable}: ${host} is not an address of this machine (${code})`];
    }),
  );
  return faults.flat();
}

export const isPort = (port: number): boolean => Number.isInteger(port) && port >= 0 && port <= 65_535;

/** One fault for each port that two variables name. */
export function faultsOfEqualPorts(ports: readonly PortSetting[]): string[] {
  const settingByPort = new Map<number, PortSetting>();
  return ports.flatMap((setting) => {
    const { variable, port } = setting;
    const earlier = settingByPort.get(port);
    if (port === 0 || !earlier) {
      settingByPort.set(port, setting);
      return [];
    }
    const isFaultOfBoth = setting.follows !== undefined && earlier.follows !== undefined;
    return isFaultOfBoth ? [] : [`${variable}: is port ${port}, which is ${earlier.variable}'s too`];
  });
}

/** The error code of listening on a port; undefined when it works. */
function openFault(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'unknown'));
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
}
