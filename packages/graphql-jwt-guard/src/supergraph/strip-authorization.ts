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

/** What a supergraph asks of the caller: for later enforcement, in the router. */
export interface Requirements {
  /** By type name: object types, interfaces, scalars and enums. */
  readonly types: ReadonlyMap<string, Requirement>;
  /** By `Type.field`. */
  readonly fields: ReadonlyMap<string, Requirement>;
}

/** A supergraph that `@apollo/gateway` loads, and what was taken out of it. */
export interface StrippedSupergraph {
  readonly sdl: string;
  readonly requirements: Requirements;
}

/** The only versions whose meaning we know. */
const KNOWN_VERSION = 'v0.1';

function readTypes(
  definitions: readonly DefinitionNode[],
  kinds: DirectiveKinds,
): { requirements: Requirements; read: Set<ConstDirectiveNode> } {
  const types = new Map<string, Requirement>();
  const fields = new Map<string, Requirement>();
  const read = new Set<ConstDirectiveNode>();

  function record(into: Map<string, Requirement>, where: string, directives: readonly ConstDirectiveNode[] = []): void {
    const requirement = readRequirement(directives, kinds, where);
    if (requirement === undefined) return;
    if (into.has(where)) throw new Error(`${where} has authorization directives in two definitions`);
    into.set(where, requirement);
    for (const directive of directives) read.add(directive);
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
  return { requirements: { types, fields }, read };
}

/** The scalars that the specifications bring along: `requiresScopes__Scope` and `policy__Policy`, or as imported. */
const scalarsOf = (links: readonly Link[]): Set<string> =>
  new Set(
    links.flatMap((link) => ['Scope', 'Policy'].map((name) => link.imports.get(name) ?? `${link.name}__${name}`)),
  );

function remove(document: DocumentNode, links: readonly Link[], kinds: DirectiveKinds, read: Set<ConstDirectiveNode>) {
  const linkNodes = new Set(links.map((link) => link.node));
  const scalars = scalarsOf(links);
  return visit(document, {
    Directive(node) {
      const directive = node as ConstDirectiveNode;
      if (linkNodes.has(directive)) return null;
      if (!kinds.has(directive.name.value)) return undefined;
      // To drop one that was not recorded would be to open what it protects.
      if (!read.has(directive)) throw new Error(`@${directive.name.value} is applied where it has no meaning`);
      return null;
    },
    DirectiveDefinition: (node) => (kinds.has(node.name.value) ? null : undefined),
    ScalarTypeDefinition: (node) => (scalars.has(node.name.value) ? null : undefined),
  });
}

/**
 * Takes `@authenticated`, `@requiresScopes` and `@policy` (under whatever name) out of a composed supergraph, with their
 * definitions, scalars and links, because `@apollo/gateway` refuses to load them. What is left protects nothing: serve
 * it only where the requirements are enforced, by `guardSchema` in every subgraph for one.
 *
 * @throws Error when anything remains that could be authorization, or a specification that is not known
 */
export function stripAuthorization(supergraphSdl: string, options: StripOptions = {}): StrippedSupergraph {
  const document = parse(supergraphSdl);
  const links = linksOf(document).filter((link) => directiveOfSpec(link.identity) !== undefined);
  const strange = links.find((link) => link.version !== KNOWN_VERSION);
  if (strange !== undefined) throw new Error(`${strange.identity}/${strange.version ?? ''} is not a version we know`);

  if (links.length === 0) {
    assertStripped(supergraphSdl, options);
    return { sdl: supergraphSdl, requirements: { types: new Map(), fields: new Map() } };
  }
  const kinds = readDirectiveKinds(links);
  const { requirements, read } = readTypes(document.definitions, kinds);
  const sdl = print(remove(document, links, kinds, read));
  assertStripped(sdl, options);
  return { sdl, requirements };
}
