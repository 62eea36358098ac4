import { describe, expect, it } from 'vitest'
import { pages } from '../../src/client/pages.ts'
import { ApiError, type KubeList, type KubeObject, type Stored } from '../../src/index.ts'
import type { ListOptions, PageOptions } from '../../src/request/options.ts'

const request = { method: 'GET', url: 'https://k/' }

/** A server that answers each request for a page as the list says: with names and a token, or that it has forgotten the list. */
function scripted(answers: readonly (readonly [names: string, token?: string] | 'expired' | 'expired for good')[]) {
  const asked: ListOptions[] = []
  const list = async (options: ListOptions): Promise<KubeList<Stored<KubeObject>>> => {
    const answer = answers[asked.length]
    asked.push(options)
    if (answer === undefined) throw new Error('no answer was scripted')
    if (typeof answer === 'string') {
      const continueToken = answer === 'expired' ? `fresh-${asked.length}` : undefined
      throw new ApiError('too old', { status: 410, reason: 'Expired', request, continueToken })
    }
    const [names, token = ''] = answer
    const items = names.split('').map((name) => ({ metadata: { name, uid: `uid-${name}` } }) as Stored<KubeObject>) // no more is read
    return { apiVersion: 'v1', kind: 'PodList', metadata: { continue: token }, items }
  }
  const names = async (options: PageOptions): Promise<string[]> => {
    const found = await Array.fromAsync(pages(list, options))
    return found.map(({ items }) => items.map(({ metadata }) => metadata.name).join(''))
  }
  return { asked, names }
}

describe('pages', () => {
  it('come one after the other, 500 objects each, and the version belongs to the first', async () => {
    const { names, asked } = scripted([['ab', 't1'], ['c']])
    const options = { resourceVersion: '7', resourceVersionMatch: 'Exact', labelSelector: 'a' } as const
    expect(await names(options)).toEqual(['ab', 'c'])
    expect(asked).toEqual([
      { ...options, limit: 500, continue: undefined },
      { labelSelector: 'a', limit: 500, continue: 't1' },
    ])
  })

  it('of a list that was forgotten are an ApiError, whose token goes on', async () => {
    const { names } = scripted([['ab', 't1'], 'expired'])
    await expect(names({})).rejects.toMatchObject({ status: 410, continueToken: 'fresh-2' })
  })

  it('of a first request that is refused with a 410 are an ApiError whatever `onExpired` says', async () => {
    const { names } = scripted(['expired'])
    await expect(names({ onExpired: 'inconsistent', resourceVersion: '1' })).rejects.toMatchObject({ status: 410 })
  })
})

describe("onExpired: 'inconsistent'", () => {
  it('goes on with the rest as it is now, as often as the list expires between two pages', async () => {
    const turns = Array.from({ length: 8 }, (_, n) => [['a', `t${n}`] as const, 'expired' as const]).flat()
    const { names, asked } = scripted([...turns, ['z']])
    expect(await names({ onExpired: 'inconsistent' })).toEqual(['a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'z'])
    expect(asked.at(-1)?.continue).toBe('fresh-16')
  })

  it('gives up after five expiries in a row', async () => {
    const { names, asked } = scripted([['a', 't'], ...Array.from({ length: 9 }, () => 'expired' as const)])
    await expect(names({ onExpired: 'inconsistent' })).rejects.toMatchObject({ status: 410 })
    expect(asked).toHaveLength(7)
  })

  it('gives up where the server has no token to go on with', async () => {
    const { names } = scripted([['a', 't'], 'expired for good'])
    await expect(names({ onExpired: 'inconsistent' })).rejects.toMatchObject({ status: 410 })
  })
})

describe("onExpired: 'restart'", () => {
  it('begins again, and leaves out what was seen', async () => {
    const { names } = scripted([['ab', 't'], 'expired', ['abc', 'u'], ['d']])
    expect(await names({ onExpired: 'restart' })).toEqual(['ab', 'c', 'd'])
  })

  it('begins again five times, and no more', async () => {
    const turns = Array.from({ length: 9 }, () => [['a', 't'] as const, 'expired' as const]).flat()
    const { names, asked } = scripted(turns)
    await expect(names({ onExpired: 'restart' })).rejects.toMatchObject({ status: 410 })
    expect(asked).toHaveLength(12)
  })
})
