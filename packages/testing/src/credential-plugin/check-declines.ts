import type { AuthInfo } from '@kubeclient/core/spec'
import type { Bench } from './bench.ts'
import type { PluginCases } from './plugin-cases.ts'

/** Entries of others are handed back: the next plugin, or nobody, is to take them. */
export function checkDeclines(bench: Bench, { declines = [], everyCommand = false }: PluginCases): void {
  const own = declines.map((authInfo, index) => [`declines[${index}]`, authInfo] as const)
  const foreign = [...foreignEntries, ...(everyCommand ? [] : foreignCommands)]
  for (const [place, authInfo] of [...foreign, ...own]) {
    const taken = bench.take(place, authInfo)
    if (!('declined' in taken))
      bench.find('declines', place, `it does not return undefined for an entry that is not its own`)
  }
}

const foreignEntries: readonly (readonly [string, AuthInfo])[] = [
  ['an entry without a field', {}],
  ['a token', { token: 'kit-token' }],
  ['a tokenFile', { tokenFile: '/kit/token' }],
  ['a username and password', { username: 'kit', password: 'kit-password' }],
  ['a client certificate', { 'client-certificate': '/kit/tls.crt', 'client-key': '/kit/tls.key' }],
  ['impersonation', { as: 'kit', 'as-groups': ['kit'], 'as-user-extra': { kit: ['kit'] } }],
  ['an extension', { extensions: [{ name: 'kit', extension: null }] }],
  ...['kit.example.com/other', '__proto__', 'constructor'].map(
    (name) => [`an auth-provider "${name}"`, { 'auth-provider': { name } }] as const,
  ),
]

const foreignCommands = ['kit-other', '__proto__', 'constructor'].map((command): readonly [string, AuthInfo] => {
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command,
    args: ['get-token'],
    interactiveMode: 'Never',
  } as const
  return [`exec of "${command}"`, { exec }]
})
