import type { Impersonation } from '@kubeclient/core/spec'
import type { Entry, UserFields } from './document.ts'
import { fault } from './place.ts'

/** @throws {@link ConfigError} */
export function impersonationOf({ fields, place }: Entry<UserFields>): Impersonation | undefined {
  const { as: user, 'as-uid': uid, 'as-groups': groups = [], 'as-user-extra': extra = {} } = fields
  const extras = Object.entries(extra)
  if (user === undefined) {
    if (uid === undefined && groups.length === 0 && extras.length === 0) return undefined
    throw fault(place, '"as-uid", "as-groups" and "as-user-extra" need "as", the user to impersonate')
  }
  if (groups.includes('')) throw fault(place, 'its "as-groups" holds an empty name', 'as-groups')
  if (extras.some(([name]) => name === ''))
    throw fault(place, 'its "as-user-extra" holds an empty key', 'as-user-extra')
  if ([user, uid ?? '', ...groups, ...extras.flat(2)].some((text) => /\p{Cc}/u.test(text))) {
    throw fault(place, 'one of its "as" fields holds a control character, which no header can carry', 'as')
  }
  return {
    user,
    ...(uid !== undefined && { uid }),
    ...(groups.length > 0 && { groups }),
    ...(extras.length > 0 && { extra }),
  }
}
