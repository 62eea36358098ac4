import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import {
  ConfigError,
  type AuthProviderConfig,
  type CredentialContext,
  type CredentialPlugin,
  type Credentials,
} from '@kubeclient/core/spec'
import { askVault, failure, isVault, type Parts } from './vault-auth.ts'

type Get = Parts['get']
type FromAuthInfo = CredentialPlugin['fromAuthInfo']

/** Gives something made of what it should give. */
export function changed(change: (credentials: Credentials) => Credentials): Get {
  return async (...given) => change(await askVault(...given))
}

/** Fails with something made of what it should fail with. */
export function failing(change: (error: unknown, context: CredentialContext) => unknown): Get {
  return async (entry, context, info) => {
    try {
      return await askVault(entry, context, info)
    } catch (error) {
      context.signal.throwIfAborted()
      throw change(error, context)
    }
  }
}

/** A minute before the end, gives credentials that end then. */
export const renewsTooLate: Get = async (...given) => {
  const { reason, now } = given[1]
  const credentials = await askVault(...given)
  return reason === 'expiring' ? { ...credentials, expiresAt: new Date(now() - 1) } : credentials
}

export const quotesAnswer: Get = async (entry, { fetch, ...context }, info) => {
  let answer: Response | undefined
  const noting: typeof fetch = async (...given) => {
    answer = await fetch(...given)
    return answer.clone()
  }
  return askVault(entry, { ...context, fetch: noting }, info).catch(async () => {
    context.signal.throwIfAborted()
    throw failure(`answered ${answer?.status}: ${await answer?.text()}`)
  })
}

/** What went wrong inside, as the cause. */
export const passesCause: Get = async (entry, { fetch, ...context }, info) => {
  let cause: unknown
  const noting: typeof fetch = (...given) =>
    fetch(...given).catch((error: unknown) => {
      cause = error
      throw error
    })
  return askVault(entry, { ...context, fetch: noting }, info).catch(() => {
    context.signal.throwIfAborted()
    throw failure('cannot be reached', cause)
  })
}

/** Lets errors of others through: of `fetch`, of JSON.parse, and its own TypeErrors. */
export const catchesNothing: Get = async (_, { fetch, signal }) => {
  const response = await fetch('https://vault.invalid/', { signal })
  const { token } = (await response.json()) as { token: string } // what it hopes for
  return { token: token.trim() }
}

export const looksAtNoSignal: Get = (entry, context, info) =>
  askVault(entry, { ...context, signal: new AbortController().signal }, info)

export const failsWhenAborted: Get = (...given) =>
  askVault(...given).catch(() => {
    throw failure('answered 403 or something else')
  })

export const waitsForEver: Get = (_, { signal }) =>
  new Promise((__, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason))
  })

export const startsProcess: Get = async (...given) => {
  given[1].signal.throwIfAborted()
  startProcess()
  return askVault(...given)
}

export const readsFile: Get = async (entry, context, info) => {
  const token = await readFile(entry['auth-provider']?.config?.['token-path'] ?? '', 'utf8').catch(() => '')
  return askVault({ 'auth-provider': { name: 'vault', config: { path: 'k8s', 'vault-token': token } } }, context, info)
}

export function startProcess(): true {
  spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  return true
}

/** Takes its entries the first time only. */
export function once(): Parts['takes'] {
  let isFirst = true
  return (entry) => {
    if (!isVault(entry) || !isFirst) return false
    isFirst = false
    return true
  }
}

/** Gives what it has, unless `isStale`. */
export function caching(isStale: (context: CredentialContext) => boolean): FromAuthInfo {
  return (entry, info) => {
    if (!isVault(entry)) return undefined
    let kept: Credentials | undefined
    return {
      name: 'vault',
      async getCredentials(context) {
        if (kept === undefined || isStale(context)) kept = await askVault(entry, context, info)
        return kept
      },
    }
  }
}

/** One cache for all providers. */
export function sharing(): FromAuthInfo {
  let kept: Credentials | undefined
  return (entry, info) => {
    if (!isVault(entry)) return undefined
    return {
      name: 'vault',
      async getCredentials(context) {
        if (kept === undefined || context.reason !== 'initial') kept = await askVault(entry, context, info)
        return kept
      },
    }
  }
}

/** Serves every provider with the entry that was offered last. */
export function servesLast(): FromAuthInfo {
  let last: Parameters<FromAuthInfo> | undefined
  return (entry, info) => {
    if (!isVault(entry)) return undefined
    last = [entry, info]
    return { name: 'vault', getCredentials: (context) => askVault(last?.[0] ?? entry, context, last?.[1] ?? info) }
  }
}

/** Concurrent calls share the call of the first, and with it its signal. */
export const borrowsSignal: FromAuthInfo = (entry, info) => {
  if (!isVault(entry)) return undefined
  let running: Promise<Credentials> | undefined
  return {
    name: 'vault',
    getCredentials(context) {
      running ??= askVault(entry, context, info).finally(() => {
        running = undefined
      })
      return running
    },
  }
}

/** Refuses entries with a ConfigError in these words, unless all is well. */
export function refusing(words: (provider: AuthProviderConfig) => string): Parts['takes'] {
  return (entry) => {
    const provider = entry['auth-provider']
    if (!isVault(entry) || provider === undefined) return false
    if (!/^(?:k8s|other)$/.test(provider.config?.['path'] ?? '')) throw new ConfigError(words(provider))
    return true
  }
}

/** As `lodash.merge` once did it. */
export function merge(target: Record<string, unknown>, source: object): true {
  for (const [name, value] of Object.entries(source)) {
    const there = target[name]
    if (typeof value !== 'object' || value === null) target[name] = value
    else if (typeof there === 'object' && there !== null) merge(there as Record<string, unknown>, value) // an object is one
    else merge((target[name] = {}), value)
  }
  return true
}

/** Puts the name of the user into its errors, as it is. */
export const namesUser: FromAuthInfo = (entry, info) => {
  if (!isVault(entry)) return undefined
  const get = failing(() => failure(`has nothing for ${info.userName}`))
  return { name: 'vault', getCredentials: (context) => get(entry, context, info) }
}
