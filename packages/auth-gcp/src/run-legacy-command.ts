import type { CredentialContext, Credentials } from '@kubeclient/core/spec'
import { type AllowList, isAllowed } from './allow-list.ts'
import { findCommand, nameOrPath } from './find-command.ts'
import { maskSecrets, secretName } from './mask-secrets.ts'
import type { LegacyCommand } from './parse-legacy-entry.ts'
import { quote } from './quote.ts'
import { readOutput } from './read-output.ts'
import { type CommandResult, runCommand } from './run-command.ts'
import type { Fail } from './sign-in.ts'
import { SignInFailure } from './sign-in-failure.ts'

export interface LegacyCommandOptions {
  readonly allow: AllowList
  readonly timeoutMs: number
  /** What a path is relative to. */
  readonly directory: string
}

/** Runs the command each time: when to ask is the client's business. */
export async function runLegacyCommand(
  command: LegacyCommand,
  { allow, timeoutMs, directory }: LegacyCommandOptions,
  { signal, previous }: CredentialContext,
  fail: Fail,
): Promise<Credentials> {
  signal.throwIfAborted()
  const failed: Fail = (text) => fail(`the command ${quote(command.command)} ${text}`)
  const file = await permittedFile(command, directory, allow, failed)
  signal.throwIfAborted()
  const result = await runCommand(file, command.args, { timeoutMs, signal })
  try {
    if (result.fault !== undefined) throw new SignInFailure(result.fault)
    return readOutput(result.stdout, command)
  } catch (error) {
    if (!(error instanceof SignInFailure)) throw error
    throw failed(`${error.message}${stderrOf(result, previous?.token)}`)
  }
}

async function permittedFile(
  { command }: LegacyCommand,
  directory: string,
  allow: AllowList,
  failed: Fail,
): Promise<string> {
  const meant = nameOrPath(command, directory)
  const file = await findCommand(command, directory)
  // Nothing more is said of a command that may not run anyway.
  if (file === undefined ? allow !== 'any' && !allow.includes(meant) : !(await isAllowed(file, allow)))
    throw failed(`is not allowed to run; if you trust it, pass gcpAuth({ allow: [${quote(meant)}] })`)
  if (file !== undefined) return file
  throw failed('is not there, or may not be executed; install it, or correct "cmd-path" or PATH')
}

function stderrOf({ stdout, stderr }: CommandResult, previous: string | undefined): string {
  const printed = [...stdout.matchAll(/token["']?\s*:\s*["']?([^\s"',}]{4,})/g)].map(([, token]) => token)
  const words = maskSecrets(stderr, [previous, ...printed, ...secretsInEnv()]).trim()
  if (words === '') return ''
  return `; its stderr: ${quote(words.length > 2000 ? `…${words.slice(-2000)}` : words, 2048)}`
}

/** What the command was given and might repeat. */
function secretsInEnv(): readonly (string | undefined)[] {
  return Object.entries(process.env).map(([name, value]) => (secretName.test(name) ? value : undefined))
}
