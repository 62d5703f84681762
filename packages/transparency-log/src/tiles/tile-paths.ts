import { TILE_WIDTH, type TileId } from '../tree/tiles.ts';

/** Names the bundle of the entries whose hashes are the level 0 tile of the same index and width. */
export interface EntriesId {
  readonly level: 'entries';
  readonly index: number;
  readonly width: number;
}

/** The path of a tile or of a bundle of entries below the log's base URL, such as `tile/0/x001/234.p/5` (C2SP tlog-tiles). */
export function tilePath({ level, index, width }: TileId | EntriesId): string {
  const groups = [threeDigits(index % 1_000)];
  for (let rest = Math.floor(index / 1_000); rest > 0; rest = Math.floor(rest / 1_000)) {
    groups.unshift(`x${threeDigits(rest % 1_000)}`);
  }
  return `tile/${level}/${groups.join('/')}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

const threeDigits = (group: number): string => String(group).padStart(3, '0');

const PATH = /^tile\/(?<level>entries|\d{1,2})\/(?<index>(?:x\d{3}\/){0,5}\d{3})(?:\.p\/(?<width>[1-9]\d{0,2}))?$/;

/** The highest level that the specification knows. */
const LEVEL_MAX = 63;

/** @returns undefined unless the path is exactly what `tilePath` writes: no leading zeroes, no partial tile of 256 hashes */
export function parseTilePath(path: string): TileId | EntriesId | undefined {
  const groups = PATH.exec(path)?.groups;
  if (!groups) return undefined;
  const { level, index, width = TILE_WIDTH } = groups as { level: string; index: string; width?: string };
  const id = {
    level: level === 'entries' ? level : Number(level),
    index: Number(index.replaceAll(/[x/]/g, '')),
    width: Number(width),
  } as TileId | EntriesId;
  const isKnown = (id.level === 'entries' || id.level <= LEVEL_MAX) && Number.isSafeInteger(id.index);
  return isKnown && id.width <= TILE_WIDTH && tilePath(id) === path ? id : undefined;
}
