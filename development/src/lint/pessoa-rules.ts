import { basename, relative, sep } from 'node:path';

/** As much as these rules use of what oxlint gives to a rule. */
interface Node {
  readonly type: string;
}

interface Context {
  readonly filename: string;
  readonly cwd: string;
  readonly options: readonly unknown[];
  report(fault: { readonly node: Node; readonly message: string }): void;
}

interface Importing extends Node {
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

/** @param refuse says why a module may not be imported here; undefined: it may */
function importRule(context: Context, refuse: (imported: string) => string | undefined) {
  const look = (node: Importing): void => {
    if (typeof node.source?.value !== 'string') return;
    const message = refuse(node.source.value);
    if (message !== undefined) context.report({ node, message });
  };
  return {
    ImportDeclaration: look,
    ExportNamedDeclaration: look,
    ExportAllDeclaration: look,
    ImportExpression: look,
    TSImportType: look,
  };
}

interface Technology {
  readonly technology: string;
  /** A regular expression of what is imported. */
  readonly imports: string;
  /** Beginnings of the paths where it is at home. */
  readonly rooms: readonly string[];
}

const pathOf = ({ filename, cwd }: Context): string => relative(cwd, filename).split(sep).join('/');

/** A technology is imported in its rooms, and in files and folders with its name. */
const technologyByName = {
  meta: { schema: false },
  create(context: Context) {
    const path = pathOf(context);
    const technologies = context.options[0] as readonly Technology[];
    const foreign = technologies
      .filter(({ technology, rooms }) => {
        const isNamed = path.split('/').includes(technology) || basename(path).split(/[-.]/).includes(technology);
        return !isNamed && !rooms.some((room) => path.startsWith(room));
      })
      .map(({ technology, imports }) => ({ technology, imports: new RegExp(imports) }));
    return importRule(context, (imported) => {
      const found = foreign.find(({ imports }) => imports.test(imported));
      return found && `${found.technology} is imported in its rooms and in files with its name, not here`;
    });
  },
};

/**
 * What a group of files may not import. Its options: a regular expression, and why. `no-restricted-imports` of oxlint
 * ignores a regular expression that looks ahead, and says nothing.
 */
const refusedImports = {
  meta: { schema: false },
  create(context: Context) {
    const { imports, message } = context.options[0] as { readonly imports: string; readonly message: string };
    const refused = new RegExp(imports);
    return importRule(context, (imported) => (refused.test(imported) ? message : undefined));
  },
};

const isDate = ({ type, name }: Expression): boolean => type === 'Identifier' && name === 'Date';

/** The time of the day comes from a Clock that is passed in; a duration is measured by `performance.now()`. */
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
    'workspace-imports': refusedImports,
    'resolver-imports': refusedImports,
    clock,
  },
};
