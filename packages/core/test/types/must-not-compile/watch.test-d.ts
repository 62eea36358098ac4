import { Pod } from '../sample-kinds.ts'
import { client } from '../client.ts'

const pods = client.resource(Pod)

for await (const event of pods.watch({ allowBookmarks: true })) {
  // @ts-expect-error Before the type is looked at, it may be a BOOKMARK, which has no name.
  event.object.metadata.name
  // @ts-expect-error … and no spec.
  if (event.type === 'BOOKMARK') event.object.spec
}
for await (const event of pods.watch()) {
  // @ts-expect-error Not asked for, not yielded.
  if (event.type === 'BOOKMARK') break
  // @ts-expect-error ERROR is thrown, never yielded.
  if (event.type === 'ERROR') break
}
// @ts-expect-error A watch is an iterable, not a promise of one.
pods.watch().then
// @ts-expect-error limit is an option of list.
pods.watch({ limit: 1 })
// @ts-expect-error The wire's name for allowBookmarks.
pods.watch({ allowWatchBookmarks: true })
