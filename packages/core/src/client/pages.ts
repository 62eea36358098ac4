import { InvalidRequestError, isExpired, isKubeError } from '../spec/errors.ts'
import type { KubeList, KubeObject, Stored } from '../spec/object.ts'
import type { ListOptions, PageOptions } from '../request/options.ts'

/** A list that has been begun again, or an expiry that has been stepped over in a row, this often is reported. */
const maxRestarts = 5

const choices: ReadonlySet<string> = new Set(['throw', 'restart', 'inconsistent'] satisfies PageOptions['onExpired'][])

/** Page by page. @throws {@link ApiError} 410 when the server has forgotten the list, unless `onExpired` says otherwise. */
export async function* pages<T extends KubeObject>(
  list: (options: ListOptions) => Promise<KubeList<Stored<T>>>,
  { pageSize = 500, onExpired = 'throw', continue: from, ...selection }: PageOptions,
): AsyncGenerator<KubeList<Stored<T>>, void, undefined> {
  if (!(pageSize >= 1)) throw new InvalidRequestError(`\`pageSize\` is ${pageSize}: a page has 1 object or more`)
  if (!choices.has(onExpired)) {
    throw new InvalidRequestError(
      `\`onExpired\` is ${JSON.stringify(onExpired)}: ${[...choices].join(', ')} are its values`,
    )
  }
  // The version belongs to the first page: beside a continue token, which holds it, the server refuses it.
  const { resourceVersion: _, resourceVersionMatch: __, ...rest } = selection
  const seen = new Set<string>()
  let token = from
  let restarts = 0
  for (;;) {
    let page: KubeList<Stored<T>>
    try {
      page = await list({ ...(token === undefined ? selection : rest), limit: pageSize, continue: token })
    } catch (error) {
      if (token === undefined || !isExpired(error) || onExpired === 'throw') throw error
      const fresh = isKubeError(error, 'KUBE_API') ? error.continueToken : undefined
      restarts += 1
      if (restarts > maxRestarts || (onExpired === 'inconsistent' && fresh === undefined)) throw error
      token = onExpired === 'restart' ? undefined : fresh
      continue
    }
    token = page.metadata.continue || undefined
    if (onExpired === 'inconsistent') restarts = 0 // a restarted list is always given its first page, so that would never end
    yield onExpired === 'restart' ? { ...page, items: page.items.filter((item) => isNew(seen, item)) } : page
    if (token === undefined) return
  }
}

function isNew(seen: Set<string>, { metadata }: KubeObject): boolean {
  const uid = metadata?.uid
  if (uid === undefined) return true
  if (seen.has(uid)) return false
  seen.add(uid)
  return true
}
