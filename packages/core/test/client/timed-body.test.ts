import { describe, expect, it } from 'vitest'
import { useServer } from '../support/scripted-server.ts'
import { entries } from '../support/transports.ts'

const api = useServer()

describe.each(entries.map(({ name, createClient }) => [name, createClient] as const))(
  'a streamed body with `timeoutMs`, over %s',
  (_, createClientOf) => {
    it('is given up by return() while it waits', async () => {
      const own = createClientOf({ server: api.url })
      const arrived = api.hold('GET /x')
      const opening = own.request({ path: '/x', stream: true, timeoutMs: 60_000 })
      const { response, closed } = await arrived
      response.writeHead(200).write('one')
      const iterator = (await opening).body[Symbol.asyncIterator]()
      expect(Buffer.from((await iterator.next()).value ?? []).toString()).toBe('one')
      const waiting = iterator.next()
      await iterator.return?.()
      expect(await waiting).toMatchObject({ done: true })
      await closed
      await own.close()
    })
  },
)
