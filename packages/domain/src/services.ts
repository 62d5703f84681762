/**
 * The services, one for each subgraph, and the source that a part of an answer comes from by each. A service more is one
 * line here; whatever else it needs, the compiler names.
 */
export const services = { debt: 'divida', score: 'score', event: 'evento' } as const;

export type Service = keyof typeof services;

export const serviceNames = Object.keys(services) as readonly Service[];

export const isService = (name: string): name is Service => Object.hasOwn(services, name);

/** What each service is given or has. */
export type PerService<Value> = Readonly<Record<Service, Value>>;

export const perService = <Value>(valueOf: (service: Service) => Value): PerService<Value> =>
  Object.fromEntries(serviceNames.map((service) => [service, valueOf(service)])) as PerService<Value>;

/** The public name of what an answer depends on; `auditoria` is our own record, without which nothing leaves. */
export type Fonte = (typeof services)[Service] | 'auditoria';

export const fontes: readonly Fonte[] = [...Object.values(services), 'auditoria'];

/** The base that each service reads. */
export const bases = { debt: 'baseA', score: 'baseB', event: 'baseC' } as const satisfies PerService<string>;

export type Base = (typeof bases)[Service];

export const baseNames: readonly Base[] = Object.values(bases);

/** What each base is given or has. */
export type PerBase<Value> = Readonly<Record<Base, Value>>;

export const perBase = <Value>(valueOf: (base: Base, service: Service) => Value): PerBase<Value> =>
  Object.fromEntries(
    serviceNames.map((service) => [bases[service], valueOf(bases[service], service)]),
  ) as PerBase<Value>;

/** The same where values have to be waited for, one after another. */
export async function perBaseInTurn<Value>(valueOf: (base: Base) => Promise<Value>): Promise<PerBase<Value>> {
  const values: Partial<Record<Base, Value>> = {};
  for (const base of baseNames) values[base] = await valueOf(base);
  return values as PerBase<Value>;
}

type Letter = Base extends `base${infer L}` ? L : never;
/** As a database and its roles are named, and in capitals its variables. */
export type BaseDatabase = `base_${Lowercase<Letter>}`;
/** As an argument of a command names it. */
export type BaseArgument = `base-${Lowercase<Letter>}`;

const letterOf = (base: Base): string => base.slice('base'.length);
export const baseDatabase = (base: Base): BaseDatabase => `base_${letterOf(base).toLowerCase()}` as BaseDatabase;
export const baseArgument = (base: Base): BaseArgument => `base-${letterOf(base).toLowerCase()}` as BaseArgument;
/** For people: `Base A`. */
export const baseTitle = (base: Base): string => `Base ${letterOf(base)}`;
export const baseOfArgument = (argument: BaseArgument): Base =>
  baseNames.find((base) => baseArgument(base) === argument)!;
