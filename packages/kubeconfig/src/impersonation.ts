import type { Impersonation } from '@kubeclient/core/spec'
import type { Entry, UserFields } from './document.ts'
import { fault, type Place } from './place.ts'

/** @throws {@link ConfigError} */
export function impersonationOf({ fields, place }: Entry<UserFields>): Impersonation | undefined {
  const { as: user, 'as-uid': uid, 'as-groups': groups = [], 'as-user-extra': extra = {} } = fields
  const extras = Object.entries(extra)
  if (user === undefined) {
    if (uid === undefined && groups.length === 0 && extras.length === 0) return undefined
    throw fault(place, '"as-uid", "as-groups" and "as-user-extra" need "as", the user to impersonate')
  }
  refuseUnsendable([user, uid ?? '', ...groups, ...extras.flatMap(([, values]) => values)], place)
  if (groups.includes('')) throw fault(place, 'its "as-groups" holds an empty name', 'as-groups')
  refuseBadKeys(
    extras.map(([key]) => key),
    place,
  )
  return {
    user,
    ...(uid !== undefined && { uid }),
    ...(groups.length > 0 && { groups }),
    ...(extras.length > 0 && { extra }),
  }
}

const tail = 'which no header can carry'

function refuseUnsendable(values: readonly string[], place: Place): void {
  if (values.some((text) => /\p{Cc}/u.test(text)))
    throw fault(place, `one of its "as" fields holds a control character, ${tail}`, 'as')
  // Blanks there are dropped on the way, so that the server would read another name.
  if (values.some((text) => /^ | $/.test(text)))
    throw fault(place, `one of its "as" fields begins or ends with a blank, ${tail}`, 'as')
}

function refuseBadKeys(keys: readonly string[], place: Place): void {
  const field = 'as-user-extra'
  if (keys.includes('')) throw fault(place, `its "${field}" holds an empty key`, field)
  if (keys.some((key) => /\p{Cc}/u.test(key)))
    throw fault(place, `a key of its "${field}" holds a control character`, field)
  // The server reads them in lower case.
  if (new Set(keys.map((key) => key.toLowerCase())).size < keys.length)
    throw fault(place, `its "${field}" has two keys that differ in case only`, field)
}
