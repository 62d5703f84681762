import type { GraphQLObjectType, GraphQLResolveInfo } from 'graphql';
import type { Decision } from './decision.ts';
import type { Denial } from './denial.ts';

/** A field of an object in a request. For the policies of an object type, `source` is that object. */
export interface PolicyInput<Context> {
  readonly source: unknown;
  readonly args: Record<string, unknown>;
  readonly context: Context;
  readonly info: GraphQLResolveInfo;
}

/** Grants with `true`, or a promise of it. Anything else denies. If it throws, its error is the field's error. */
export type Policy<Context> = (input: PolicyInput<Context>) => Decision;

/** A guarded field of an object in a request. */
export interface AllowInput<Context> {
  readonly source: unknown;
  readonly parentType: GraphQLObjectType;
  readonly fieldName: string;
  readonly context: Context;
}

/** `Context` is the context value of the schema's operations. */
export interface GuardOptions<Context> {
  /** The caller's scopes. Undefined: the caller is not authenticated. */
  readonly scopesOf: (context: Context) => ReadonlySet<string> | undefined;
  /** By name: each policy that the schema names. */
  readonly policies: Readonly<Record<string, Policy<Context>>>;
  /**
   * A further rule for each field that has a requirement, or whose type has one. Example: callers read only their own
   * record. It does not apply to fields that only return a guarded object. Default: allow all.
   */
  readonly allow?: (input: AllowInput<Context>) => boolean;
  /**
   * Hides from callers whether an object exists. Default: false.
   *
   * It applies if a field resolves to null, and the operation selects fields of the missing object that the caller may
   * not read. If the caller may read none of the selected fields, each one is denied at its own path, as for an
   * existing object. Otherwise the field that resolved to null is denied. Then `allow` and the policies of the selected
   * fields get the parent as `source`.
   */
  readonly denyBehindNull?: boolean;
  /** Makes the error of a denied field. Its message and extensions reach the caller. */
  readonly toError: (denial: Denial) => Error;
}
