import { InvalidRequestError, NoMatchError, ProtocolError } from '../spec/errors.ts'
import { record, text } from './discovered.ts'
import type { FetchDocument } from './discover.ts'
import type { OpenApiDocument } from './discovery.ts'

/**
 * Reads OpenAPI v3 documents. The server names each by a URL with the hash of its content, so one that was read stays good
 * until the name changes.
 *
 * @see https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-v3
 */
export function openApiReader(fetch: FetchDocument): (groupVersion: string) => Promise<OpenApiDocument> {
  const read = new Map<string, { url: string; document: OpenApiDocument }>()
  return async (groupVersion) => {
    if (typeof groupVersion !== 'string') throw new InvalidRequestError('a group version is text: "v1", "apps/v1"')
    const { json } = await fetch('/openapi/v3', 'application/json')
    const name = groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`
    const paths = new Map(Object.entries(record(record(json)['paths'])))
    const url = text(record(paths.get(name))['serverRelativeURL'])
    if (url === '') {
      throw new NoMatchError(`the server has no OpenAPI document of ${JSON.stringify(groupVersion)}`, {
        ref: groupVersion,
      })
    }
    const known = read.get(groupVersion)
    if (known?.url === url) return known.document
    const document = await readDocument(fetch, url)
    read.set(groupVersion, { url, document })
    return document
  }
}

async function readDocument(fetch: FetchDocument, url: string): Promise<OpenApiDocument> {
  // Relative to the server: another origin would be sent our credentials.
  if (!/^\/(?!\/)/.test(url))
    throw new ProtocolError(`the server named ${JSON.stringify(url)} as path of an OpenAPI document`)
  const { json } = await fetch(url, 'application/json')
  if (typeof record(json)['openapi'] !== 'string') throw new ProtocolError(`${url} is no OpenAPI document`)
  return json as OpenApiDocument // it says so itself; its schemas are the reader's to check
}
