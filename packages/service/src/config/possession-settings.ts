import { type CertificateProxy, certificateReader } from 'graphql-jwt-guard/token';
import { z } from 'zod';
import type { SettingFault } from './environment.ts';
import { splitList } from './split-list.ts';

/** How callers prove that they hold the key that their token is bound to. */
export interface PossessionConfig {
  /** The URLs of this process without a slash at the end, as clients write them. Empty: DPoP is not accepted. */
  readonly dpopUrls: readonly string[];
  /** Undefined: tokens that are bound to a client certificate are not accepted. */
  readonly certificateProxy: CertificateProxy | undefined;
}

function isBaseUrl(text: string): boolean {
  const url = URL.parse(text);
  const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:';
  return isHttp && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
}

function areAddresses(addresses: readonly string[]): boolean {
  try {
    certificateReader({ header: 'any', addresses });
    return true;
  } catch {
    return false;
  }
}

/** The variables of tokens that are bound to a key. */
export const possessionVariables = {
  /** The URLs under which clients reach this process; DPoP proofs name them. */
  DPOP_URLS: z
    .string()
    .default('')
    .transform(splitList)
    .refine((urls) => urls.every(isBaseUrl), 'is not a list of http(s) URLs without query, fragment and password'),
  /** The header in which a proxy sends the client's certificate. */
  CLIENT_CERTIFICATE_HEADER: z
    .string()
    .regex(/^[\w-]{1,100}$/, 'is not the name of a header')
    .optional(),
  /** The addresses of that proxy: IPv4, IPv6 or CIDR. */
  CLIENT_CERTIFICATE_PROXIES: z
    .string()
    .default('')
    .transform(splitList)
    .refine(areAddresses, 'is not a list of IP addresses and CIDRs'),
};

/** Finds variables that say only half of how a certificate is read. */
export function possessionFaults(set: Readonly<Record<string, string | undefined>>): SettingFault[] {
  const names = ['CLIENT_CERTIFICATE_HEADER', 'CLIENT_CERTIFICATE_PROXIES'] as const;
  const given = names.filter((name) => set[name] !== undefined);
  return given.length === 1 ? [{ name: given[0]!, message: `needs ${names.find((name) => name !== given[0])}` }] : [];
}

/** @param values as `readEnvironment` gives them */
export function readPossession(values: z.infer<z.ZodObject<typeof possessionVariables>>): PossessionConfig {
  const { DPOP_URLS: urls, CLIENT_CERTIFICATE_HEADER: header, CLIENT_CERTIFICATE_PROXIES: addresses } = values;
  return {
    dpopUrls: urls.map((url) => url.replace(/\/$/, '')),
    certificateProxy: header === undefined ? undefined : { header, addresses },
  };
}
