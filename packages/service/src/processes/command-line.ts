import { parseArgs, type ParseArgsOptionDescriptor } from 'node:util';

/** An option of a command: the descriptor for parseArgs of node:util, and its explanation in the usage. */
export type CommandOption = ParseArgsOptionDescriptor & {
  /** The placeholder of the value in the usage, such as `CPF`. */
  readonly value?: string;
  readonly about: string;
  /** The values that the option accepts; without this list it accepts any. */
  readonly values?: readonly string[];
};

export interface Command<Options extends Record<string, CommandOption> = Record<string, CommandOption>> {
  /** The command as a user types it: `npm run seed`. */
  readonly name: string;
  readonly about: string;
  /** The arguments in the usage, such as `CPF [CPF ...]`. Without it the command takes no arguments. */
  readonly args?: string;
  /** Lines below the options, such as lists of values. */
  readonly notes?: readonly string[];
  readonly options: Options;
}

/** Invalid arguments of a command. Its message is printed with the usage. */
export class UsageError extends Error {}

const WIDTH = 26;

/** What `--help` prints. */
export function usageOf({ name, about, args, options, notes = [] }: Command): string {
  const entries = Object.entries(options);
  const separator = name === 'npm start' || name.startsWith('npm run') ? ' --' : '';
  const argumentsUsage = [...(entries.length > 0 ? ['[options]'] : []), ...(args === undefined ? [] : [args])].join(
    ' ',
  );
  const lines = entries.map(([option, { value, about: explanation, values, multiple }]) => {
    const label = `  --${option}${value === undefined ? '' : ` ${value}`}`;
    const list = values ? ` (${values.join(', ')})` : '';
    return `${label.padEnd(WIDTH)} ${explanation}${list}${multiple ? '; may repeat' : ''}`;
  });
  return [
    `usage: ${name}${argumentsUsage === '' ? '' : `${separator} ${argumentsUsage}`}`,
    about,
    '',
    ...lines,
    `${'  -h, --help'.padEnd(WIDTH)} prints this`,
    ...(notes.length > 0 ? ['', ...notes] : []),
    '',
  ].join('\n');
}

/**
 * Reads the arguments of a command.
 * @throws UsageError for an unknown option, a value outside an option's list, or an argument that it does not take
 */
export function readArguments<const Options extends Record<string, CommandOption>>(
  command: Command<Options>,
  args: readonly string[],
) {
  const parsed = parse(command, args);
  for (const [name, { values, value }] of Object.entries(command.options)) {
    const optionValues = [(parsed.values as Record<string, unknown>)[name] ?? []].flat();
    const hasUnknown = values && optionValues.some((optionValue) => !values.includes(String(optionValue)));
    if (hasUnknown) throw new UsageError(`--${name}: ${value ?? 'its value'} is one of ${values.join(', ')}`);
  }
  return { values: parsed.values, positionals: parsed.positionals as string[] };
}

function parse<const Options extends Record<string, CommandOption>>(
  { options, args: argsUsage }: Command<Options>,
  args: readonly string[],
) {
  try {
    const { tokens, ...parsed } = parseArgs({ args: [...args], options, allowPositionals: argsUsage !== undefined, tokens: true }); // prettier-ignore
    refuseRepeats(options, tokens);
    return parsed;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // The second sentence of parseArgs explains how to pass an argument that looks like an option, which is no help here.
    throw new UsageError((error as Error).message.split('. ')[0]!);
  }
}

/** `parseArgs` takes the last of several values, so the others would be lost without a word. @throws UsageError */
function refuseRepeats(
  options: Readonly<Record<string, CommandOption>>,
  tokens: readonly { readonly kind: string; readonly name?: string }[],
): void {
  const names = new Set<string>();
  for (const { kind, name = '' } of tokens) {
    if (kind !== 'option' || options[name]?.multiple || options[name]?.type === 'boolean') continue;
    if (names.has(name)) throw new UsageError(`--${name} is named twice`);
    names.add(name);
  }
}

/**
 * Runs a command. `--help` prints its usage. An error prints its message and sets exit code 1; invalid arguments also print
 * the usage.
 *
 * @param messageOf the message for an error; default: its own message
 */
export async function runCommand(
  command: Command,
  run: (args: readonly string[]) => Promise<void> | void,
  { messageOf = plainMessage }: { messageOf?: (error: unknown) => string } = {},
): Promise<void> {
  const args = process.argv.slice(2);
  const commandArgs = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (commandArgs.includes('--help') || commandArgs.includes('-h')) {
    process.stdout.write(usageOf(command));
    return;
  }
  try {
    await run(args);
  } catch (error) {
    const message = messageOf(error);
    process.stderr.write(`${message}\n`);
    if (isRefusal(error) && !message.includes('usage: ')) process.stderr.write(`\n${usageOf(command)}`);
    process.exitCode = 1;
  }
}

/** Whether an error is about the arguments: ours, or one of parseArgs when a command calls it directly. */
const isRefusal = (error: unknown): boolean =>
  error instanceof UsageError || String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');

/** For a command that is a whole module and takes no arguments: ends the process when there are any, such as `--help`. */
export function takeNoArguments(command: Command): void {
  const args = process.argv.slice(2);
  if (args.length === 0) return;
  const isHelp = args.every((arg) => arg === '--help' || arg === '-h');
  process[isHelp ? 'stdout' : 'stderr'].write(
    isHelp ? usageOf(command) : `${command.name} takes no arguments\n\n${usageOf(command)}`,
  );
  process.exit(isHelp ? 0 : 1);
}

const plainMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));
