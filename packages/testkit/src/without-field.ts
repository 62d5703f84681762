import { parse, print, visit } from 'graphql';

/** SDL without a field of `Pessoa`. */
export const withoutField = (sdl: string, field: string): string =>
  print(
    visit(parse(sdl), {
      ObjectTypeDefinition: ({ name }) => (name.value === 'Pessoa' ? undefined : false),
      FieldDefinition: ({ name }) => (name.value === field ? null : undefined),
    }),
  );
