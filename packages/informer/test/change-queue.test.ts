import { array, assert, asyncProperty, constantFrom, oneof, record, constant } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChangeQueue } from '../src/change-queue.ts'
import type { InformerChange } from '../src/informer.ts'
import { ObjectStore } from '../src/object-store.ts'
import { pod, type TestObject } from './support/pods.ts'
import { seeded } from './support/seeded.ts'

const queueOf = (...changes: readonly InformerChange<TestObject>[]): ChangeQueue<TestObject> => {
  const queue = new ChangeQueue<TestObject>({ onEnd: () => undefined })
  queue.push(changes)
  return queue
}
const added = (object: TestObject) => ({ type: 'added', object }) as const
const updated = (object: TestObject, previous: TestObject) => ({ type: 'updated', object, previous }) as const
const deleted = (object: TestObject) => ({ type: 'deleted', object, finalStateUnknown: false }) as const

async function drain(queue: ChangeQueue<TestObject>): Promise<InformerChange<TestObject>[]> {
  const seen: InformerChange<TestObject>[] = []
  queue.push([added(pod('last'))])
  for await (const change of queue) {
    if (change.object.metadata.name === 'last') return seen
    seen.push(change)
  }
  throw new Error('the queue ended')
}

describe('a queue nobody reads', () => {
  const [v1, v2, v3] = [pod('a'), pod('a', { version: '2' }), pod('a', { version: '3' })]
  const other = pod('a', { uid: 'other', version: '4' })

  it.each([
    ['an addition and changes are an addition', [added(v1), updated(v2, v1), updated(v3, v2)], [added(v3)]],
    ['changes are one, from the first previous', [updated(v2, v1), updated(v3, v2)], [updated(v3, v1)]],
    ['what came and went was never there', [added(v1), updated(v2, v1), deleted(v3)], []],
    ['a deletion stands for what was before it', [updated(v2, v1), deleted(v3)], [deleted(v3)]],
    ['what went and came again did both', [deleted(v2), added(other)], [deleted(v2), added(other)]],
    ['and may go unseen', [deleted(v2), added(other), deleted(other)], [deleted(v2)]],
  ])('%s', async (_, changes, wanted) => {
    expect(await drain(queueOf(...changes))).toEqual(wanted)
  })
})

describe('a queue', () => {
  it('ends with its reader, and once', async () => {
    let ends = 0
    const queue = new ChangeQueue<TestObject>({ onEnd: () => (ends += 1) })
    const waiting = queue.next()

    await queue.return()
    await queue.return()

    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(ends).toBe(1)
  })

  it('ends a reader that waits when its signal is aborted, with the reason', async () => {
    const controller = new AbortController()
    const queue = new ChangeQueue<TestObject>({ signal: controller.signal, onEnd: () => undefined })
    const waiting = queue.next()

    controller.abort(new Error('enough'))

    await expect(waiting).rejects.toThrow('enough')
    expect(await queue.next()).toEqual({ done: true, value: undefined })
  })

  it('serves whoever asks, also several at once', async () => {
    const queue = queueOf()
    const asked = [queue.next(), queue.next()]
    queue.push([added(pod('a'))])
    queue.push([added(pod('b'))])

    const names = (await Promise.all(asked)).map(({ value }) => value?.object.metadata.name)
    expect(names).toEqual(['a', 'b'])
  })

  it('reaches its mark when all before it has been dealt with', async () => {
    const queue = queueOf(added(pod('a')))
    queue.mark()
    queue.push([added(pod('b'))])
    let reached = false
    const reaching = queue.reached.then(() => (reached = true))

    await queue.next()
    expect(reached).toBe(false) // the reader still has it in its hands
    await queue.next()
    await reaching

    expect(reached).toBe(true)
  })

  it('tells a reader of any pace what there is, in a legal order, with two changes per object at most', async () => {
    const name = constantFrom('a', 'b', 'c')
    const step = oneof(
      record({ put: name, uid: constantFrom('1', '2') }),
      record({ remove: name }),
      record({ read: constant(true) }),
    )
    await assert(
      asyncProperty(array(step, { maxLength: 60 }), async (steps) => {
        const store = new ObjectStore<TestObject>()
        const queue = queueOf()
        const replica = new Map<string, TestObject>()
        const read = async (): Promise<boolean> => {
          const { value, done } = await queue.next()
          if (done === true || value.object.metadata.name === 'last') return false
          follow(replica, value)
          return true
        }
        let pending = 0
        for (const [version, each] of steps.entries()) {
          if ('put' in each) queue.push(store.put(pod(each.put, { uid: each.uid, version: `${version + 1}` })))
          else if ('remove' in each) queue.push(removal(store, each.remove, `${version + 1}`))
          else if (queue.size > 0) await read()
          pending = Math.max(pending, queue.size)
        }
        queue.push([added(pod('last'))])
        while (await read());

        expect(Array.from(replica.values())).toEqual(expect.arrayContaining(Array.from(store.values())))
        expect(replica.size).toBe(Array.from(store.values()).length)
        expect(pending).toBeLessThanOrEqual(6)
      }),
      seeded(500),
    )
  })
})

function removal(store: ObjectStore<TestObject>, name: string, version: string): InformerChange<TestObject>[] {
  const present = store.get(name, 'default')
  return present === undefined ? [] : store.remove(pod(name, { uid: present.metadata.uid, version }))
}

/** What a subscriber would keep, and would complain about. */
function follow(replica: Map<string, TestObject>, change: InformerChange<TestObject>): void {
  const { name } = change.object.metadata
  const before = replica.get(name)
  if (change.type === 'added' ? before !== undefined : before === undefined) {
    throw new Error(`${change.type} ${name}, which was ${before === undefined ? 'not ' : ''}there`)
  }
  if (change.type === 'updated' && before !== change.previous) throw new Error(`${name} was another before`)
  if (change.type === 'deleted') replica.delete(name)
  else replica.set(name, change.object)
}
