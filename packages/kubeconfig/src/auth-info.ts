import type { AuthInfo, AuthProviderConfig } from '@kubeclient/core/spec'
import type { Entry, UserFields } from './document.ts'
import { execStanza } from './exec-stanza.ts'
import { fault } from './place.ts'

/** The chosen user as plugins see it. @throws {@link ConfigError} when `exec` or `auth-provider` lacks what it must have */
export function authInfoOf(user: Entry<UserFields>): AuthInfo {
  const { exec: _exec, 'auth-provider': _provider, ...rest } = user.fields
  const exec = execStanza(user)
  const provider = authProvider(user)
  if (exec !== undefined && provider !== undefined) {
    throw fault(user.place, '"exec" and "auth-provider" are both set; remove one', 'auth-provider')
  }
  return { ...rest, ...(exec !== undefined && { exec }), ...(provider !== undefined && { 'auth-provider': provider }) }
}

function authProvider({ fields, place }: Entry<UserFields>): AuthProviderConfig | undefined {
  const provider = fields['auth-provider']
  if (provider === undefined) return undefined
  const { name, config } = provider
  if (name === undefined) throw fault(place, 'its "auth-provider" has no "name"', 'auth-provider')
  return { name, ...(config !== undefined && { config }) }
}
