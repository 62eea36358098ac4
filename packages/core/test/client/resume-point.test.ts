import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ResumePoint } from '../../src/client/resume-point.ts'
import type { BookmarkEvent, KubeObject, WatchEvent } from '../../src/index.ts'

type Event = WatchEvent<KubeObject> | BookmarkEvent

const object = (name: string, resourceVersion: string, uid = name): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', uid, resourceVersion },
})
const event = (type: WatchEvent<KubeObject>['type'], ...what: Parameters<typeof object>): Event => ({
  type,
  object: object(...what),
})
const bookmark = (resourceVersion: string): Event => ({
  type: 'BOOKMARK',
  object: { apiVersion: 'v1', kind: 'Pod', metadata: { resourceVersion } },
})
const words = (events: readonly Event[]): string[] =>
  events.map(({ type, object: { metadata } }) => {
    const { name = '', resourceVersion } = (metadata ?? {}) as { name?: string; resourceVersion?: string }
    return `${type} ${name} ${resourceVersion}`
  })

function seen(point: ResumePoint<KubeObject>, ...events: Event[]): string[] {
  return words(events.flatMap((each) => point.pass(each)))
}

describe('the version to go on from', () => {
  it('is where the watch began, and then the last that was seen', () => {
    const point = new ResumePoint<KubeObject>({ resourceVersion: '7', labelSelector: 'a' })
    expect(point.version).toBe('7')
    seen(point, event('ADDED', 'a', '9'), bookmark('10'))
    expect(point.options).toMatchObject({ resourceVersion: '10', labelSelector: 'a' })
  })

  it.each([[{}], [{ resourceVersion: '0' }], [{ resourceVersion: '7', sendInitialEvents: true }]])(
    'is not that of an object of the initial state: %j',
    (options) => {
      const point = new ResumePoint<KubeObject>(options)
      seen(point, event('ADDED', 'b', '9'), event('ADDED', 'a', '3'))
      expect(point.options).toEqual(options)
    },
  )

  it.each([
    ['a bookmark', bookmark('9')],
    ['a change', event('MODIFIED', 'a', '9')],
    ['a deletion', event('DELETED', 'a', '9')],
  ])('is known as soon as %s came', (_, first) => {
    const point = new ResumePoint<KubeObject>({ sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' })
    seen(point, event('ADDED', 'a', '8'), first)
    expect(point.options).toEqual({
      resourceVersion: '9',
      sendInitialEvents: undefined,
      resourceVersionMatch: undefined,
    })
  })

  it('is that of the first event where no initial state was asked for', () => {
    const point = new ResumePoint<KubeObject>({ sendInitialEvents: false })
    expect(point.options).toEqual({ sendInitialEvents: false })
    seen(point, event('ADDED', 'a', '9'))
    expect(point.version).toBe('9')
  })

  it('does not go back, and has more digits when it is later', () => {
    const point = new ResumePoint<KubeObject>({ resourceVersion: '99' })
    seen(point, bookmark('98'))
    expect(point.version).toBe('99')
    seen(point, bookmark('100'), bookmark('99'))
    expect(point.version).toBe('100')
  })

  it('is the last one where versions cannot be compared', () => {
    const point = new ResumePoint<KubeObject>({ resourceVersion: 'b' })
    seen(point, bookmark('a'))
    expect(point.version).toBe('a')
  })

  it('stays where an object has none', () => {
    const point = new ResumePoint<KubeObject>({ resourceVersion: '7' })
    const none = { type: 'ADDED', object: { apiVersion: 'v1', kind: 'Pod' } } as Event
    const empty = { type: 'ADDED', object: { apiVersion: 'v1', kind: 'Pod', metadata: {} } } as Event
    expect([none, empty].flatMap((each) => point.pass(each))).toHaveLength(2)
    expect(point.version).toBe('7')
  })
})

describe('an initial state that was cut off', () => {
  it('is seen once, with what changed meanwhile', () => {
    const point = new ResumePoint<KubeObject>({})
    seen(point, event('ADDED', 'same', '3'), event('ADDED', 'changed', '9'), event('ADDED', 'gone', '4'))
    point.lost()
    const again = [event('ADDED', 'new', '12'), event('ADDED', 'changed', '11'), event('ADDED', 'same', '3')]
    expect(seen(point, ...again)).toEqual(['ADDED new 12', 'MODIFIED changed 11'])
    expect(seen(point, bookmark('13'))).toEqual(['DELETED gone 4', 'BOOKMARK  13'])
    expect(seen(point, event('ADDED', 'gone', '14'))).toEqual(['ADDED gone 14'])
  })

  it('has a deletion before the addition of another object with the name', () => {
    const point = new ResumePoint<KubeObject>({})
    seen(point, event('ADDED', 'a', '3', 'first'))
    point.lost()
    expect(seen(point, event('ADDED', 'a', '9', 'second'))).toEqual(['DELETED a 3', 'ADDED a 9'])
  })

  it('remembers over more than one cut', () => {
    const point = new ResumePoint<KubeObject>({})
    seen(point, event('ADDED', 'a', '1'), event('ADDED', 'b', '2'))
    point.lost()
    seen(point, event('ADDED', 'b', '2'))
    point.lost()
    expect(seen(point, event('ADDED', 'b', '2'), bookmark('9'))).toEqual(['DELETED a 1', 'BOOKMARK  9'])
  })

  it('deletes with what a reader knows an object by', () => {
    const point = new ResumePoint<KubeObject>({})
    const labels = { app: 'web' }
    const whole = { ...object('a', '3'), spec: { large: true } }
    point.pass({ type: 'ADDED', object: { ...whole, metadata: { ...whole.metadata, labels } } })
    point.lost()
    const [deletion] = point.pass(bookmark('9'))
    expect(deletion).toEqual({
      type: 'DELETED',
      object: { apiVersion: 'v1', kind: 'Pod', metadata: { ...whole.metadata, labels, creationTimestamp: undefined } },
    })
  })
})

/** Objects that change, and what a watch of them begins and goes on with. */
class Cluster {
  readonly objects = new Map<string, KubeObject>()
  readonly #history: { version: number; event: Event }[] = []
  #version = 100

  change(name: string, deletes: boolean): void {
    this.#version += 1
    const version = String(this.#version)
    const known = this.objects.get(name)
    if (known === undefined) return this.#record(name, event('ADDED', name, version, `${name}-${version}`))
    return this.#record(name, event(deletes ? 'DELETED' : 'MODIFIED', name, version, known.metadata?.uid))
  }

  /** What comes over a connection that is opened now, if `happen` happens while it is open. */
  connection(resourceVersion: string | undefined, marks: boolean, happen: () => void): Event[] {
    const from = resourceVersion === undefined ? this.#version : Number(resourceVersion)
    // In the order of the first version of each object, which is not that of their last.
    const initial = [...this.objects.values()].map((each): Event => ({ type: 'ADDED', object: each }))
    const begin = resourceVersion === undefined ? [...initial, ...(marks ? [bookmark(String(from))] : [])] : []
    happen()
    return [...begin, ...this.#history.filter(({ version }) => version > from).map((each) => each.event)]
  }

  get bookmark(): Event {
    return bookmark(String(this.#version))
  }

  #record(name: string, what: Event): void {
    if (what.type === 'DELETED') this.objects.delete(name)
    else this.objects.set(name, what.object)
    this.#history.push({ version: this.#version, event: what })
  }
}

const change = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd', 'e'), deletes: fc.boolean() })
const connection = fc.record({
  before: fc.array(change, { maxLength: 6 }),
  during: fc.array(change, { maxLength: 6 }),
  marks: fc.boolean(),
  cutAfter: fc.nat(14),
})

it('a reader sees every change once, in an order that can be, however often the connection is lost', () => {
  fc.assert(
    fc.property(fc.array(connection, { maxLength: 8 }), fc.array(change, { maxLength: 5 }), (connections, last) => {
      const cluster = new Cluster()
      const point = new ResumePoint<KubeObject>({})
      const known = new Map<string, KubeObject>()
      const read = (events: readonly Event[]): void =>
        events.flatMap((each) => point.pass(each)).forEach((each) => apply(known, each))
      for (const { before, during, marks, cutAfter } of connections) {
        for (const { name, deletes } of before) cluster.change(name, deletes)
        const happen = (): void => during.forEach(({ name, deletes }) => cluster.change(name, deletes))
        read(cluster.connection(point.version, marks, happen).slice(0, cutAfter))
        point.lost()
      }
      const happen = (): void => last.forEach(({ name, deletes }) => cluster.change(name, deletes))
      read([...cluster.connection(point.version, false, happen), cluster.bookmark])
      expect(Object.fromEntries(known)).toEqual(Object.fromEntries(cluster.objects))
    }),
    { numRuns: 2000 },
  )
})

function apply(known: Map<string, KubeObject>, { type, object: now }: Event): void {
  if (type === 'BOOKMARK') return
  const { name = '', resourceVersion, uid } = now.metadata as { name?: string; resourceVersion: string; uid: string }
  const before = known.get(name)?.metadata
  if ((before === undefined) !== (type === 'ADDED')) throw new Error(`${type} ${name}, which was ${before?.uid}`)
  if (before !== undefined && before.uid !== uid) throw new Error(`${type} of ${uid}, and ${before.uid} was there`)
  if (type === 'MODIFIED' && Number(resourceVersion) <= Number(before?.resourceVersion)) throw new Error('seen twice')
  if (type === 'DELETED') known.delete(name)
  else known.set(name, now)
}
