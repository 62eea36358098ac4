import type { BookmarkEvent, KubeObject, ResourceReader, Stored, WatchEvent } from '@kubeclient/core'
import { TransportError } from '@kubeclient/core/spec'
import { describe, expect, it } from 'vitest'
import { Feed } from '../src/feed.ts'

type Event = WatchEvent<Stored<KubeObject>> | BookmarkEvent

function added(name: string): Event {
  const metadata = { name, uid: `uid-${name}`, resourceVersion: '5', creationTimestamp: '2026-01-01T00:00:00Z' }
  return { type: 'ADDED', object: { apiVersion: 'v1', kind: 'ConfigMap', metadata } }
}

const complete: Event = {
  type: 'BOOKMARK',
  object: {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { resourceVersion: '7', annotations: { 'k8s.io/initial-events-end': 'true' } },
  },
}

/** Each watch gives the events of the next connection; then the connection is lost. */
function sourceOf(connections: readonly (readonly Event[])[]): ResourceReader<KubeObject> {
  const left = [...connections]
  const watch = async function* () {
    yield* left.shift() ?? []
    throw new TransportError('lost', { request: { method: 'GET', url: '/' } })
  }
  return { watch } as unknown as ResourceReader<KubeObject> // a feed that streams asks for nothing else
}

describe('a feed', () => {
  it('holds nothing of a stream that broke off', async () => {
    const stop = new AbortController()
    const copies: string[][] = []
    const feed = new Feed({
      source: sourceOf([
        [added('gone'), added('kept')],
        [added('kept'), complete],
      ]),
      selection: {},
      effects: { now: () => 0, date: () => 0, random: () => 0, sleep: () => Promise.resolve() },
      sink: {
        prepare: (object) => object,
        put: () => undefined,
        remove: () => undefined,
        replace(objects) {
          copies.push(Array.from(objects, ({ metadata }) => metadata.name))
          stop.abort()
        },
        moved: () => undefined,
      },
    })

    await feed.run(stop.signal)

    expect(copies).toEqual([['kept']])
  })
})
