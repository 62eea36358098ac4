import { Pod } from '../sample-kinds.ts'
import { client } from '../client.ts'

const pods = client.resource(Pod)

// @ts-expect-error A collection is never deleted by accident: a selector, or all: true.
await pods.deleteCollection({})
// @ts-expect-error The same.
await pods.deleteCollection()
// @ts-expect-error Options alone select nothing.
await pods.deleteCollection({ propagationPolicy: 'Foreground', namespace: 'default' })
// @ts-expect-error All of what is selected, or all? Say one.
await pods.deleteCollection({ all: true, labelSelector: 'app=web' })
declare const maybe: string | undefined
// @ts-expect-error A selector that may be undefined would be everything.
await pods.deleteCollection({ labelSelector: maybe })
// @ts-expect-error `all: false` selects nothing.
await pods.deleteCollection({ all: false })
// @ts-expect-error No such policy.
await pods.delete('p', { propagationPolicy: 'Cascade' })
// @ts-expect-error Wire name and unit: gracePeriodSeconds.
await pods.delete('p', { gracePeriodMs: 0 })
// @ts-expect-error It may be a Status: ask isStatus first.
;(await pods.delete('p')).spec
