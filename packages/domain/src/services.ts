/**
 * Each service (one per subgraph) and the source that its part of an answer depends on. A new service begins with a line
 * here. The compiler then names the code that is missing; CONTRIBUTING.md names the rest.
 */
export const services = { debt: 'divida', score: 'score', event: 'evento' } as const;

export type Service = keyof typeof services;

export const serviceNames = Object.keys(services) as readonly Service[];

export const isService = (name: string): name is Service => Object.hasOwn(services, name);

/** One value for each service. */
export type PerService<Value> = Readonly<Record<Service, Value>>;

export const perService = <Value>(valueOf: (service: Service) => Value): PerService<Value> =>
  Object.fromEntries(serviceNames.map((service) => [service, valueOf(service)])) as PerService<Value>;

/** The public name of a source. `auditoria` is the audit, without which no answer leaves. */
export type Fonte = (typeof services)[Service] | 'auditoria';

export const fontes: readonly Fonte[] = [...Object.values(services), 'auditoria'];

/** The base that each service reads. */
export const bases = { debt: 'baseA', score: 'baseB', event: 'baseC' } as const satisfies PerService<string>;

export type BaseName = (typeof bases)[Service];

export const baseNames: readonly BaseName[] = Object.values(bases);

/** One value for each base. */
export type PerBase<Value> = Readonly<Record<BaseName, Value>>;

export const perBase = <Value>(valueOf: (base: BaseName, service: Service) => Value): PerBase<Value> =>
  Object.fromEntries(
    serviceNames.map((service) => [bases[service], valueOf(bases[service], service)]),
  ) as PerBase<Value>;

/** As `perBase`, for values that are awaited one after another. */
export async function perBaseInTurn<Value>(valueOf: (base: BaseName) => Promise<Value>): Promise<PerBase<Value>> {
  const values: Partial<Record<BaseName, Value>> = {};
  for (const base of baseNames) values[base] = await valueOf(base);
  return values as PerBase<Value>;
}

type Letter = BaseName extends `base${infer L}` ? L : never;
/** The name of the database, such as `base_a`. Its roles and, in capitals, its variables begin with it. */
export type BaseDatabase = `base_${Lowercase<Letter>}`;
/** The name of the base as an argument of a command, such as `base-a`. */
export type BaseArgument = `base-${Lowercase<Letter>}`;

const letterOf = (base: BaseName): string => base.slice('base'.length);
export const baseDatabase = (base: BaseName): BaseDatabase => `base_${letterOf(base).toLowerCase()}` as BaseDatabase;
export const baseArgument = (base: BaseName): BaseArgument => `base-${letterOf(base).toLowerCase()}` as BaseArgument;
/** The name of the base for people, such as `Base A`. */
export const baseTitle = (base: BaseName): string => `Base ${letterOf(base)}`;
export const baseOfArgument = (argument: BaseArgument): BaseName =>
  baseNames.find((base) => baseArgument(base) === argument)!;
