import type { ExecConfig } from '@kubeclient/core/spec'

/** What sign-in commands print when they say too much: JSON web tokens, tokens of EKS and Google, private keys, headers. */
const wellKnown =
  /\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}|k8s-aws-v1\.[\w-]+|\bya29\.[\w.-]+|-----BEGIN [^-]*PRIVATE KEY-----[\s\S]*?(?:-----END [^-]*PRIVATE KEY-----|$)|(?<=\b(?:bearer|basic) )\S+/gi

const secretName = /token|secret|passw|key|credential|auth/i

/** Text without the values given, longest first, and without what looks like a credential. */
export function maskSecrets(text: string, values: readonly string[]): string {
  let safe = text
  for (const value of values.toSorted((a, b) => b.length - a.length)) safe = safe.replaceAll(value, '***')
  return safe.replaceAll(wellKnown, '***')
}

/** What a command is given and must not be quoted with. Shorter values are words like `1` and `en`. */
export function secretValues({ args = [], env: own = [] }: ExecConfig, env: NodeJS.ProcessEnv): readonly string[] {
  const ofFlags = args.map((arg, index) => flagValue(arg, args[index - 1]))
  const ofProcess = Object.entries(env).map(([name, value]) => (secretName.test(name) ? value : undefined))
  const all = [...ofFlags, ...ofProcess, ...own.map(({ value }) => value)]
  return all.filter((value) => value !== undefined).filter((value) => value.length > 3)
}

/** `--client-secret=x` or `--client-secret x`. */
function flagValue(arg: string, before: string | undefined): string | undefined {
  const [, flag = '', value] = /^(-[^=]*)=(.*)$/s.exec(arg) ?? ['', before ?? '', arg]
  return flag.startsWith('-') && secretName.test(flag) ? value : undefined
}
