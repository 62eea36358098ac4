import {
  createClient,
  type DynamicObject,
  InvalidRequestError,
  isKubeError,
  type ResourceClient,
} from '@kubeclient/core'
import { type ApiServer, startApiServer } from '@kubeclient/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ConditionTimeoutError, isDeleted, waitForCondition } from '../src/index.ts'
import { configMaps } from './support/live-history.ts'

let server: ApiServer
let maps: ResourceClient<DynamicObject>
let close: () => Promise<void>

beforeEach(async () => {
  server = await startApiServer()
  const client = createClient(server.config)
  maps = client.resource(configMaps)
  close = () => client.close()
})

afterEach(async () => {
  await close()
  await server.stop()
})

const apply = (level: string) => maps.apply({ metadata: { name: 'settings' }, data: { level } })
const isDebug = (object: DynamicObject | undefined): boolean =>
  (object?.['data'] as { level?: string } | undefined)?.level === 'debug' // as the tests write it

const giveUp = (): never => {
  throw new Error('never')
}

describe('waitForCondition', () => {
  it('resolves with an object that is as it should be already', async () => {
    const written = await apply('debug')

    expect(await waitForCondition(maps, 'settings', isDebug)).toEqual(written)
  })

  it('waits for one that is not there yet, and then is another, and sees no other object', async () => {
    let looked = 0
    const waiting = waitForCondition(maps, 'settings', (object) => {
      looked += 1
      return isDebug(object)
    })
    await expect.poll(() => looked).toBe(1)
    await maps.apply({ metadata: { name: 'other' }, data: { level: 'debug' } })
    await apply('info')
    await expect.poll(() => looked).toBe(2)
    server.dropWatches()
    const written = await apply('debug')

    expect(await waiting).toEqual(written)
  })

  it('waits for a deletion, also when another takes the name', async () => {
    const { metadata } = await apply('info')
    const [gone, replaced] = [isDeleted(), isDeleted(metadata.uid)].map((condition) =>
      waitForCondition(maps, 'settings', condition),
    )
    await maps.delete('settings')
    await apply('info')

    expect(await gone).toBeUndefined()
    await replaced
    expect(await waitForCondition(maps, 'never', isDeleted())).toBeUndefined()
  })

  it('gives up when the time is over, says how things stand, and holds no connection', async () => {
    const { metadata } = await apply('info')
    const error = await waitForCondition(maps, 'settings', isDebug, { timeoutMs: 200 }).catch(
      (reason: unknown) => reason,
    )

    expect(error).toBeInstanceOf(ConditionTimeoutError)
    expect(isKubeError(error)).toBe(true)
    expect(String(error)).toBe(
      `ConditionTimeoutError: "settings" is at version ${metadata.resourceVersion}; it did not meet the condition within 200 ms (\`timeoutMs\`)`,
    )
  })

  it('ends with the signal’s reason, and with what the condition throws', async () => {
    const controller = new AbortController()
    const waiting = waitForCondition(maps, 'settings', isDebug, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')

    await expect(waitForCondition(maps, 'settings', giveUp)).rejects.toThrow('never')
  })

  it.each([-1, Number.NaN, '5s'])('refuses %j as `timeoutMs`', async (timeoutMs) => {
    const waiting = waitForCondition(maps, 'settings', isDebug, { timeoutMs: timeoutMs as number })
    await expect(waiting).rejects.toThrow(InvalidRequestError)
    expect(server.requests).toEqual([])
  })

  it.each([Number.POSITIVE_INFINITY, 2 ** 31])('waits as long as %d ms, too', async (timeoutMs) => {
    const written = await apply('debug')
    expect(await waitForCondition(maps, 'settings', isDebug, { timeoutMs })).toEqual(written)
  })

  it('refuses an empty name', async () => {
    await expect(waitForCondition(maps, '', isDebug)).rejects.toThrow(InvalidRequestError)
    expect(server.requests).toEqual([])
  })
})
