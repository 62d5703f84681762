import { createServer } from 'node:net';
import { portHolder } from './port-holder.ts';

/** A port that is to be listened on, and the variable that sets it. */
export interface PortSetting {
  readonly variable: string;
  readonly host: string;
  /** 0 is any. */
  readonly port: number;
  /** The variable whose port it follows from, of one that is not set: what is wrong with both is said of that one. */
  readonly follows?: string | undefined;
}

/** Who has the ports that are to be listened on. */
export async function faultsOfPorts(ports: readonly PortSetting[]): Promise<string[]> {
  const found = await Promise.all(ports.map(async (one) => ({ ...one, fault: await faultOf(one) })));
  const faulty = new Set(found.flatMap(({ variable, fault }) => (fault === undefined ? [] : [variable])));
  return found.flatMap(({ fault, follows = '' }) => (fault === undefined || faulty.has(follows) ? [] : [fault]));
}

async function faultOf({ variable, port, host }: PortSetting): Promise<string | undefined> {
  const code = isPort(port) && port > 0 ? await openFault(port, host) : undefined;
  if (code === 'EADDRINUSE') {
    return `${variable}: port ${port} is taken by ${portHolder(port)}: stop that, or set ${variable} to a free port`;
  }
  return code === 'EACCES' ? `${variable}: port ${port} may not be opened by this user` : undefined;
}

/** Of addresses that this machine does not have, by the variables that name them. */
export async function faultsOfHosts(hosts: readonly (readonly [string, string | undefined])[]): Promise<string[]> {
  const faults = await Promise.all(
    hosts.map(async ([variable, host]) => {
      const code = host === undefined ? undefined : await openFault(0, host);
      return code === undefined ? [] : [`${variable}: ${host} is no address of this machine (${code})`];
    }),
  );
  return faults.flat();
}

export const isPort = (port: number): boolean => Number.isInteger(port) && port >= 0 && port <= 65_535;

/** Ports that two variables name. */
export function namedTwice(ports: readonly PortSetting[]): string[] {
  const first = new Map<number, PortSetting>();
  return ports.flatMap((one) => {
    const { variable, port } = one;
    const other = first.get(port);
    if (port === 0 || !other) {
      first.set(port, one);
      return [];
    }
    const isSaid = one.follows !== undefined && other.follows !== undefined;
    return isSaid ? [] : [`${variable}: is port ${port}, which is ${other.variable}'s too`];
  });
}

/** Why a port cannot be listened on; undefined when it can. */
function openFault(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'unknown'));
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
}
