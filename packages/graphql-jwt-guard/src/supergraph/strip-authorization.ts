import {
  Kind,
  parse,
  print,
  visit,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
} from 'graphql';
import { directiveOfSpec, readDirectiveKinds, type DirectiveKinds } from '../directives/authorization-directives.ts';
import type { Link } from '../directives/links.ts';
import { readRequirement, type Requirement } from '../directives/requirement.ts';
import { assertStripped, linksOf, type StripOptions } from './assert-stripped.ts';

/** The requirements of a supergraph. A router can enforce them, or show them. */
export interface Requirements {
  /** By type name: object types, interfaces, scalars and enums. */
  readonly types: ReadonlyMap<string, Requirement>;
  /** By `Type.field`. */
  readonly fields: ReadonlyMap<string, Requirement>;
}

/** A supergraph that `@apollo/gateway` loads, and the requirements that it had. */
export interface StrippedSupergraph {
  /** It protects nothing. */
  readonly sdl: string;
  readonly requirements: Requirements;
}

/** The only version of the three specifications that this package knows. */
const KNOWN_VERSION = 'v0.1';

function readRequirements(
  definitions: readonly DefinitionNode[],
  kinds: DirectiveKinds,
): { requirements: Requirements; readDirectives: Set<ConstDirectiveNode> } {
  const types = new Map<string, Requirement>();
  const fields = new Map<string, Requirement>();
  const readDirectives = new Set<ConstDirectiveNode>();

  function record(
    requirements: Map<string, Requirement>,
    where: string,
    directives: readonly ConstDirectiveNode[] = [],
  ): void {
    const requirement = readRequirement(directives, kinds, where);
    if (requirement === undefined) return;
    if (requirements.has(where)) throw new Error(`${where} has authorization directives in two definitions`);
    requirements.set(where, requirement);
    for (const directive of directives) readDirectives.add(directive);
  }

  for (const node of definitions) {
    switch (node.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.OBJECT_TYPE_EXTENSION:
      case Kind.INTERFACE_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_EXTENSION:
        record(types, node.name.value, node.directives);
        node.fields?.forEach((field: FieldDefinitionNode) =>
          record(fields, `${node.name.value}.${field.name.value}`, field.directives),
        );
        break;
      case Kind.SCALAR_TYPE_DEFINITION:
      case Kind.SCALAR_TYPE_EXTENSION:
      case Kind.ENUM_TYPE_DEFINITION:
      case Kind.ENUM_TYPE_EXTENSION:
        record(types, node.name.value, node.directives);
    }
  }
  return { requirements: { types, fields }, readDirectives };
}

/** The names of the specifications' scalars: `requiresScopes__Scope` and `policy__Policy`, or their imported names. */
const scalarsOf = (links: readonly Link[]): Set<string> =>
  new Set(
    links.flatMap((link) => ['Scope', 'Policy'].map((name) => link.imports.get(name) ?? `${link.name}__${name}`)),
  );

function removeAuthorization(
  document: DocumentNode,
  links: readonly Link[],
  kinds: DirectiveKinds,
  readDirectives: ReadonlySet<ConstDirectiveNode>,
) {
  const linkNodes = new Set(links.map((link) => link.node));
  const scalars = scalarsOf(links);
  return visit(document, {
    Directive(node) {
      const directive = node as ConstDirectiveNode;
      if (linkNodes.has(directive)) return null;
      if (!kinds.has(directive.name.value)) return undefined;
      // The requirements do not hold this directive. Without it, its element would be open.
      if (!readDirectives.has(directive))
        throw new Error(`@${directive.name.value} is applied where it has no meaning`);
      return null;
    },
    DirectiveDefinition: (node) => (kinds.has(node.name.value) ? null : undefined),
    ScalarTypeDefinition: (node) => (scalars.has(node.name.value) ? null : undefined),
  });
}

/**
 * Removes `@authenticated`, `@requiresScopes` and `@policy` from a composed supergraph, under any name, with their
 * definitions, scalars and links. `@apollo/gateway` refuses to load a supergraph that has them.
 *
 * The resulting SDL protects nothing. Serve it only if something else enforces the requirements, such as `guardSchema`
 * in each subgraph.
 *
 * @throws Error if the result could still hold authorization, or links an unknown specification
 */
export function stripAuthorization(supergraphSdl: string, options: StripOptions = {}): StrippedSupergraph {
  const document = parse(supergraphSdl);
  const links = linksOf(document).filter((link) => directiveOfSpec(link.identity) !== undefined);
  const unknown = links.find((link) => link.version !== KNOWN_VERSION);
  if (unknown !== undefined) throw new Error(`${unknown.identity}/${unknown.version ?? ''} is not a known version`);

  if (links.length === 0) {
    assertStripped(supergraphSdl, options);
    return { sdl: supergraphSdl, requirements: { types: new Map(), fields: new Map() } };
  }
  const kinds = readDirectiveKinds(links);
  const { requirements, readDirectives } = readRequirements(document.definitions, kinds);
  const sdl = print(removeAuthorization(document, links, kinds, readDirectives));
  assertStripped(sdl, options);
  return { sdl, requirements };
}
