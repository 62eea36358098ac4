import type { AuthInfo, AuthInfoContext, CredentialPlugin, CredentialProvider } from '@kubeclient/core/spec'
import type { Entry, UserFields } from './document.ts'
import { type Place, fault, quote, quoteAll } from './place.ts'
import { pluginHint } from './plugin-hints.ts'

/**
 * The provider of the first plugin that takes the entry. `undefined`: none did, and the entry holds nothing that needs one.
 *
 * @throws {@link ConfigError} for an entry that needs a plugin and has none, and for a plugin that does not keep its contract
 */
export function askPlugins(
  user: Entry<UserFields>,
  authInfo: AuthInfo,
  context: AuthInfoContext,
  plugins: readonly CredentialPlugin[],
): CredentialProvider | undefined {
  for (const plugin of plugins) {
    const provider = ask(user.place, authInfo, context, plugin)
    if (provider !== undefined) return provider
  }
  const names = plugins.map(({ name }) => name)
  const hint = pluginHint(authInfo, user.place.source.directory, names)
  if (hint === undefined) return undefined
  const asked = names.length === 0 ? '' : ` (none of the plugins ${quoteAll(names)} takes it)`
  throw fault(user.place, `${hint}${asked}`, authInfo.exec === undefined ? 'auth-provider' : 'exec')
}

/** Plugins come from other people, maybe for another version of this interface. @throws {@link ConfigError} */
export function checkPlugins(plugins: readonly CredentialPlugin[], whole: Place): void {
  if (!Array.isArray(plugins)) throw fault(whole, '`plugins` is no list')
  plugins.forEach((plugin: Partial<Record<keyof CredentialPlugin, unknown>> | null | undefined, index) => {
    if (typeof plugin?.name !== 'string' || typeof plugin.fromAuthInfo !== 'function') {
      throw fault(
        whole,
        `\`plugins[${index}]\` is no credential plugin; call its factory, as in { plugins: [execAuth({ … })] }`,
      )
    }
    if (plugin.specVersion === 'v1') return
    const version = typeof plugin.specVersion === 'string' ? quote(plugin.specVersion) : 'no version'
    throw fault(
      whole,
      `the plugin ${quote(plugin.name)} is for ${version} of the plugin interface, and this is "v1"; install versions that fit`,
    )
  })
}

function ask(
  place: Place,
  authInfo: AuthInfo,
  context: AuthInfoContext,
  plugin: CredentialPlugin,
): CredentialProvider | undefined {
  let answer: unknown
  try {
    answer = plugin.fromAuthInfo(authInfo, context)
  } catch (error) {
    // Not as the cause: what a plugin throws may hold the entry.
    throw fault(place, `the plugin ${quote(plugin.name)} failed: ${wordsOf(error, authInfo)}`)
  }
  if (answer === undefined) return undefined
  if (isProvider(answer)) return answer
  if (answer instanceof Promise) answer.catch(() => undefined) // nobody else will, and an unhandled one ends the process
  throw fault(
    place,
    `the plugin ${quote(plugin.name)} must return undefined or a provider with "name" and "getCredentials", at once; it returned something else`,
  )
}

function isProvider(value: unknown): value is CredentialProvider {
  if (typeof value !== 'object' || value === null) return false
  const { name, getCredentials }: Partial<Record<keyof CredentialProvider, unknown>> = value
  return typeof name === 'string' && typeof getCredentials === 'function'
}

function wordsOf(error: unknown, authInfo: AuthInfo): string {
  if (!(error instanceof Error)) return 'it threw what is no Error'
  const masked = secretsOf(authInfo).reduce((text, secret) => text.replaceAll(secret, '***'), error.message)
  return quote(masked)
}

function secretsOf({ exec, 'auth-provider': provider, ...user }: AuthInfo): readonly string[] {
  const env = exec?.env?.map(({ value }) => value) ?? []
  const values = [
    user.token,
    user.password,
    user['client-key-data'],
    ...env,
    ...(exec?.args ?? []),
    ...Object.values(provider?.config ?? {}),
  ]
  return values
    .filter((value) => value !== undefined)
    .filter((value) => value.length > 3)
    .toSorted((a, b) => b.length - a.length)
}
