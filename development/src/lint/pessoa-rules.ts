import { basename, relative, sep } from 'node:path';

/** The part of oxlint's types that these rules use. */
interface Node {
  readonly type: string;
}

interface Context {
  readonly filename: string;
  readonly cwd: string;
  readonly options: readonly unknown[];
  report(fault: { readonly node: Node; readonly message: string }): void;
}

interface ImportNode extends Node {
  readonly source: (Node & { readonly value?: unknown }) | null;
}

interface Expression extends Node {
  readonly name?: string;
  readonly value?: unknown;
}

interface Call extends Node {
  readonly callee: Expression;
  readonly arguments: readonly Node[];
}

interface Member extends Node {
  readonly object: Expression;
  readonly property: Expression;
}

/** @param refuse returns why a module may not be imported here; undefined when it may */
function importRule(context: Context, refuse: (imported: string) => string | undefined) {
  const checkImport = (node: ImportNode): void => {
    if (typeof node.source?.value !== 'string') return;
    const message = refuse(node.source.value);
    if (message !== undefined) context.report({ node, message });
  };
  return {
    ImportDeclaration: checkImport,
    ExportNamedDeclaration: checkImport,
    ExportAllDeclaration: checkImport,
    ImportExpression: checkImport,
    TSImportType: checkImport,
  };
}

interface Technology {
  readonly technology: string;
  /** A regular expression for the names of its modules. */
  readonly imports: string;
  /** Beginnings of the paths of files that may import it. */
  readonly paths: readonly string[];
}

const pathOf = ({ filename, cwd }: Context): string => relative(cwd, filename).split(sep).join('/');

/** A technology may be imported in its own paths, and in files and folders with its name. */
const technologyByName = {
  meta: { schema: false },
  create(context: Context) {
    const path = pathOf(context);
    const technologies = context.options[0] as readonly Technology[];
    const foreignTechnologies = technologies
      .filter(({ technology, paths: rooms }) => {
        const isNamed = path.split('/').includes(technology) || basename(path).split(/[-.]/).includes(technology);
        return !isNamed && !rooms.some((room) => path.startsWith(room));
      })
      .map(({ technology, imports }) => ({ technology, imports: new RegExp(imports) }));
    return importRule(context, (imported) => {
      const technology = foreignTechnologies.find(({ imports }) => imports.test(imported));
      return (
        technology && `${technology.technology} may be imported in its own paths and in files with its name, not here`
      );
    });
  },
};

/**
 * Refuses imports that match a regular expression, with a message. Both are its options. It exists because oxlint's
 * `no-restricted-imports` silently ignores a regular expression with a lookahead.
 */
const forbiddenImports = {
  meta: { schema: false },
  create(context: Context) {
    const { imports, message } = context.options[0] as { readonly imports: string; readonly message: string };
    const refused = new RegExp(imports);
    return importRule(context, (imported) => (refused.test(imported) ? message : undefined));
  },
};

const isDate = ({ type, name }: Expression): boolean => type === 'Identifier' && name === 'Date';

/** The current time comes from a Clock that the caller passes; a duration is measured by `performance.now()`. */
const clock = {
  create(context: Context) {
    const message = 'take the time from a Clock (`systemClock` of the domain), and a duration from `performance.now()`';
    return {
      MemberExpression(node: Member): void {
        const isNow = node.property.name === 'now' || node.property.value === 'now';
        if (isDate(node.object) && isNow) context.report({ node, message });
      },
      NewExpression(node: Call): void {
        if (isDate(node.callee) && node.arguments.length === 0) context.report({ node, message });
      },
      CallExpression(node: Call): void {
        if (isDate(node.callee)) context.report({ node, message });
      },
    };
  },
};

export default {
  meta: { name: 'pessoa' },
  rules: {
    'technology-by-name': technologyByName,
    'workspace-imports': forbiddenImports,
    'resolver-imports': forbiddenImports,
    clock,
  },
};
