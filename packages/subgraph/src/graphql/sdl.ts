import { readFileSync } from 'node:fs';
import type { Service } from '@pessoa/domain/services';
import { type DocumentNode, parse } from 'graphql';

/** Reads the SDL of a subgraph from `schema/<name>.graphql`. */
export const readSdl = (name: Service): DocumentNode =>
  parse(readFileSync(new URL(`../../../../schema/${name}.graphql`, import.meta.url), 'utf8'));
