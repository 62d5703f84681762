declare module 'cli-progress' {
  export interface BarOptions {
    readonly format: string;
    readonly stream?: NodeJS.WritableStream;
    readonly etaBuffer?: number;
    readonly hideCursor?: boolean;
  }
  export class SingleBar {
    constructor(options: BarOptions, preset: object);
    start(total: number, value: number, payload?: object): void;
    update(value: number, payload?: object): void;
    stop(): void;
  }
  export const Presets: { readonly shades_classic: object };
}
