import { describe, expect, it } from 'vitest'
import { startApiServer } from '../../src/index.ts'
import { apiOf, mergePatchType, metadataText, open } from './call-api.ts'
import { watchLines } from './watch-lines.ts'

const configMaps = '/api/v1/namespaces/default/configmaps'
const one = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', labels: { app: 'x' } } }

type Server = Awaited<ReturnType<typeof startApiServer>>

async function currentVersion({ config }: Server): Promise<string> {
  return metadataText(await apiOf(config)('GET', configMaps), 'resourceVersion')
}

/** Creates, changes and deletes one object, so that its label app is x, y, x. */
async function makeHistory({ config }: Server): Promise<void> {
  const api = apiOf(config)
  const label = (app: string) =>
    api('PATCH', `${configMaps}/h`, { body: { metadata: { labels: { app } } }, headers: mergePatchType })
  await api('POST', configMaps, { body: { metadata: { name: 'h', labels: { app: 'x' } } } })
  await label('y')
  await label('x')
  await api('DELETE', `${configMaps}/h`)
}

describe('watch', () => {
  it('sends exactly what came after its version, in order', async () => {
    await using server = await startApiServer({ objects: [one] })
    const version = await currentVersion(server)
    await makeHistory(server)

    await using watch = await watchLines(server.config, `${configMaps}?watch=1&resourceVersion=${version}`)
    const past = await watch.take(4)
    await apiOf(server.config)('POST', configMaps, { body: { metadata: { name: 'new' } } })
    const [present] = await watch.take(1)

    expect(past.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'MODIFIED', 'DELETED'])
    const versions = past.map(({ object }) => Number(object?.['metadata']?.['resourceVersion']))
    expect(versions).toEqual([1, 2, 3, 4].map((step) => Number(version) + step))
    expect(past[0]?.['object']).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1' })
    expect(present).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'new' } } })
  })

  it.each(['', '&resourceVersion=0'])('begins with the present state (%j)', async (query) => {
    await using server = await startApiServer({ objects: [one] })

    await using watch = await watchLines(server.config, `${configMaps}?watch=true${query}`)

    expect(await watch.take(1)).toMatchObject([{ type: 'ADDED', object: { metadata: { name: 'a' } } }])
  })

  it('shows objects that enter and leave the selection as added and deleted', async () => {
    await using server = await startApiServer()
    const version = await currentVersion(server)
    await makeHistory(server)
    const path = `${configMaps}?watch=1&resourceVersion=${version}&labelSelector=app%3D`

    await using x = await watchLines(server.config, `${path}x`)
    await using y = await watchLines(server.config, `${path}y`)

    expect((await x.take(4)).map(({ type }) => type)).toEqual(['ADDED', 'DELETED', 'ADDED', 'DELETED'])
    const left = await y.take(2)
    expect(left).toMatchObject([
      { type: 'ADDED' },
      { type: 'DELETED', object: { metadata: { labels: { app: 'y' }, resourceVersion: String(Number(version) + 3) } } },
    ])
  })

  it('watches one object by its name', async () => {
    await using server = await startApiServer({ objects: [one] })
    await using watch = await watchLines(server.config, `${configMaps}?watch=1&fieldSelector=metadata.name%3Da`)

    await makeHistory(server)
    await apiOf(server.config)('DELETE', `${configMaps}/a`)

    expect((await watch.take(2)).map(({ type }) => type)).toEqual(['ADDED', 'DELETED'])
  })

  it('ends by itself after timeoutSeconds, with a bookmark for those who asked', async () => {
    await using server = await startApiServer({ objects: [one] })
    const version = await currentVersion(server)
    const path = `${configMaps}?watch=1&timeoutSeconds=1&resourceVersion=${version}`

    const [plain, marked] = await Promise.all(
      [path, `${path}&allowWatchBookmarks=true`].map(async (each) => (await watchLines(server.config, each)).rest()),
    )

    expect(plain).toEqual([])
    expect(marked).toEqual([
      { type: 'BOOKMARK', object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { resourceVersion: version } } },
    ])
  })

  it('marks the end of the initial events', async () => {
    await using server = await startApiServer({ objects: [one] })
    const query = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'

    await using watch = await watchLines(server.config, `${configMaps}?${query}`)

    expect(await watch.take(2)).toMatchObject([
      { type: 'ADDED' },
      { type: 'BOOKMARK', object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } } },
    ])
  })

  it.each([
    ['sendInitialEvents=true', 422, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'],
    ['resourceVersionMatch=NotOlderThan', 422, 'forbidden for watch unless sendInitialEvents is provided'],
    ['labelSelector=a%20in', 400, 'unable to parse requirement'],
    ['resourceVersion=abc', 500, 'strconv.ParseUint: parsing "abc": invalid syntax'],
    ['timeoutSeconds=abc', 400, 'strconv.ParseInt: parsing "abc": invalid syntax'],
  ])('refuses %s before it begins', async (query, status, message) => {
    await using server = await startApiServer()

    const answer = await apiOf(server.config)('GET', `${configMaps}?watch=1&${query}`)

    expect(answer.status).toBe(status)
    expect(answer.json['message']).toContain(message)
  })

  it('from a compacted version is one 410 event', async () => {
    await using server = await startApiServer()
    const version = await currentVersion(server)
    server.compact()

    const watch = await watchLines(server.config, `${configMaps}?watch=1&resourceVersion=${version}`)

    expect(await watch.rest()).toMatchObject([
      { type: 'ERROR', object: { kind: 'Status', reason: 'Expired', code: 410 } },
    ])
  })

  it('that is open goes on over a compaction', async () => {
    await using server = await startApiServer()
    await using watch = await watchLines(server.config, `${configMaps}?watch=1`)
    server.compact()

    await apiOf(server.config)('POST', configMaps, { body: { metadata: { name: 'b' } } })

    expect(await watch.take(1)).toMatchObject([{ type: 'ADDED', object: { metadata: { name: 'b' } } }])
  })

  it('ends when watches are dropped, and the next one lives', async () => {
    await using server = await startApiServer()
    const dropped = await watchLines(server.config, `${configMaps}?watch=1`)
    server.dropWatches()
    await using next = await watchLines(server.config, `${configMaps}?watch=1`)

    await apiOf(server.config)('POST', configMaps, { body: { metadata: { name: 'b' } } })

    expect(await dropped.rest()).toEqual([])
    expect(await next.take(1)).toMatchObject([{ type: 'ADDED' }])
  })

  it('sends metadata only to those who asked', async () => {
    await using server = await startApiServer({ objects: [one] })
    const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'

    const response = await open(server.config, 'GET', `${configMaps}?watch=1`, { headers: { accept } })
    const [line] = await response.take(1).toArray()
    response.destroy()

    expect(JSON.parse(String(line))).toMatchObject({ type: 'ADDED', object: { kind: 'PartialObjectMetadata' } })
  })

  it('sends a slow reader everything, in order', async () => {
    await using server = await startApiServer()
    const version = await currentVersion(server)
    const api = apiOf(server.config)
    const data = { x: 'a'.repeat(100_000) }
    const response = await open(
      server.config,
      'GET',
      `${configMaps}?watch=1&timeoutSeconds=1&resourceVersion=${version}`,
    )
    const names = Array.from({ length: 40 }, (_, index) => `n${String(index).padStart(2, '0')}`)
    for (const name of names) await api('POST', configMaps, { body: { metadata: { name }, data } })

    const text = Buffer.concat(await response.toArray()).toString()

    const seen = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).object.metadata.name)
    expect(seen).toEqual(names)
  })
})
