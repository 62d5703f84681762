import { parseArgs, type ParseArgsOptionDescriptor } from 'node:util';

/** An option of a command, as node:util's parseArgs has it, and how its usage explains it. */
export type CommandOption = ParseArgsOptionDescriptor & {
  /** What stands for its value in the usage. */
  readonly value?: string;
  readonly about: string;
  /** All values it takes. */
  readonly values?: readonly string[];
};

export interface Command<Options extends Record<string, CommandOption> = Record<string, CommandOption>> {
  /** As it is typed: `npm run seed`. */
  readonly name: string;
  readonly about: string;
  /** Its arguments in the usage: `CPF [CPF ...]`; absent: it takes none. */
  readonly args?: string;
  /** Lists of values and the like, under the options. */
  readonly more?: readonly string[];
  readonly options: Options;
}

/** Arguments that a command does not take; the usage follows its message. */
export class UsageError extends Error {}

const WIDTH = 26;

/** What `--help` prints. */
export function usageOf({ name, about, args, options, more = [] }: Command): string {
  const entries = Object.entries(options);
  const separator = name === 'npm start' || name.startsWith('npm run') ? ' --' : '';
  const takes = [...(entries.length > 0 ? ['[options]'] : []), ...(args === undefined ? [] : [args])].join(' ');
  const lines = entries.map(([option, { value, about: what, values, multiple }]) => {
    const left = `  --${option}${value === undefined ? '' : ` ${value}`}`;
    const list = values ? ` (${values.join(', ')})` : '';
    return `${left.padEnd(WIDTH)} ${what}${list}${multiple ? '; may repeat' : ''}`;
  });
  return [
    `usage: ${name}${takes === '' ? '' : `${separator} ${takes}`}`,
    about,
    '',
    ...lines,
    `${'  -h, --help'.padEnd(WIDTH)} prints this`,
    ...(more.length > 0 ? ['', ...more] : []),
    '',
  ].join('\n');
}

/**
 * Reads the arguments of a command.
 * @throws UsageError for an option or a value that it does not have
 */
export function readArguments<const Options extends Record<string, CommandOption>>(
  command: Command<Options>,
  args: readonly string[],
) {
  const parsed = parse(command, args);
  for (const [name, { values, value }] of Object.entries(command.options)) {
    const given = [(parsed.values as Record<string, unknown>)[name] ?? []].flat();
    const wrong = values && given.some((one) => !values.includes(String(one)));
    if (wrong) throw new UsageError(`--${name}: ${value ?? 'its value'} is one of ${values.join(', ')}`);
  }
  return { values: parsed.values, positionals: parsed.positionals as string[] };
}

function parse<const Options extends Record<string, CommandOption>>(
  { options, args: wanted }: Command<Options>,
  args: readonly string[],
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: wanted !== undefined });
  } catch (error) {
    // Its second sentence explains how to pass what looks like an option: of no use here.
    throw new UsageError((error as Error).message.split('. ')[0]!);
  }
}

/**
 * Runs a command: `--help` prints its usage, what goes wrong is said in one line, and exit code 1; arguments that it does
 * not take, with the usage.
 */
export async function runCommand(
  command: Command,
  work: (args: readonly string[]) => Promise<void> | void,
  { messageOf = plainMessage }: { messageOf?: (error: unknown) => string } = {},
): Promise<void> {
  const args = process.argv.slice(2);
  const asked = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (asked.includes('--help') || asked.includes('-h')) {
    process.stdout.write(usageOf(command));
    return;
  }
  try {
    await work(args);
  } catch (error) {
    const message = messageOf(error);
    process.stderr.write(`${message}\n`);
    if (isRefusal(error) && !message.includes('usage: ')) process.stderr.write(`\n${usageOf(command)}`);
    process.exitCode = 1;
  }
}

/** Ours, or that of a command that calls parseArgs by itself. */
const isRefusal = (error: unknown): boolean =>
  error instanceof UsageError || String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');

/** For a command without arguments that is its whole module: ends the process when it is asked for its usage or given any. */
export function takeNoArguments(command: Command): void {
  const args = process.argv.slice(2);
  if (args.length === 0) return;
  const isHelp = args.every((arg) => arg === '--help' || arg === '-h');
  process[isHelp ? 'stdout' : 'stderr'].write(
    isHelp ? usageOf(command) : `it takes no arguments\n\n${usageOf(command)}`,
  );
  process.exit(isHelp ? 0 : 1);
}

const plainMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));
