import type { ExecConfig } from '@kubeclient/core/spec'

/** What sign-in commands print when they say too much: JSON web tokens, tokens of EKS and Google, private keys, headers. */
const wellKnown =
  /\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}|k8s-aws-v1\.[\w-]+|\bya29\.[\w.-]+|-----BEGIN [^-]*PRIVATE KEY-----[\s\S]*?(?:-----END [^-]*PRIVATE KEY-----|$)|(?<=\b(?:bearer|basic) )\S+/gi

/** Of a variable or an option with what must not be quoted. */
const secretName = /token|secret|passw|key|credential|auth/i

/** Values that are looked for, one by one. Of a text that may hold more of them, nothing is quoted. */
const maxSecrets = 1000

/** Text without the values given, as they are and as a URL or a form has them, and without what looks like a credential. */
export function maskSecrets(text: string, values: readonly (string | undefined)[]): string {
  // Shorter values are words like `1` and `en`.
  const secrets = new Set(values.filter((value) => value !== undefined).filter((value) => value.length > 3))
  if (secrets.size > maxSecrets) return '***'
  const spellings = [...new Set([...secrets].flatMap(spellingsOf))].toSorted((a, b) => b.length - a.length)
  return spellings.reduce((safe, spelling) => safe.replaceAll(spelling, '***'), text).replaceAll(wellKnown, '***')
}

/** Only the first has half of a character, which is nowhere sent as it is. */
function spellingsOf(value: string): readonly string[] {
  const sent = value.toWellFormed()
  return [value, sent, encodeURIComponent(sent), new URLSearchParams([['', sent]]).toString().slice(1)]
}

/** What a command is given and must not be quoted with. */
export function secretValues(
  { args = [], env: own = [] }: ExecConfig,
  env: NodeJS.ProcessEnv,
): readonly (string | undefined)[] {
  const ofFlags = args.map((arg, index) => flagValue(arg, args[index - 1]))
  const ofProcess = Object.entries(env).map(([name, value]) => (secretName.test(name) ? value : undefined))
  return [...ofFlags, ...ofProcess, ...own.map(({ value }) => value)]
}

/** `--client-secret=x` or `--client-secret x`. */
function flagValue(arg: string, before: string | undefined): string | undefined {
  const [, flag = '', value] = /^(-[^=]*)=(.*)$/s.exec(arg) ?? ['', before ?? '', arg]
  return flag.startsWith('-') && secretName.test(flag) ? value : undefined
}
