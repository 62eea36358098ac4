import { readFileSync } from 'node:fs'
import { ApiError } from '../../src/spec/index.ts'
import type { FetchDocument } from '../../src/discovery/discover.ts'

type Documents = Readonly<Record<string, unknown>>

function read(name: string): Documents {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8'))
}

export const aggregated: Documents = read('aggregated.json')
export const legacy: Documents = read('legacy.json')

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** A server that has these documents, aggregated where they say so, and answers 404, or throws what stands there instead. */
export class Recorded {
  readonly asked: string[] = []
  documents: Documents

  constructor(documents: Documents) {
    this.documents = documents
  }

  readonly fetch: FetchDocument = async (path) => {
    this.asked.push(path)
    const json = this.documents[path]
    if (json instanceof Error) throw json
    if (json === undefined) throw apiError(path, 404)
    const isAggregated = JSON.stringify(json).includes('APIGroupDiscoveryList')
    return {
      notModified: false,
      contentType: isAggregated ? aggregatedType : 'application/json',
      etag: undefined,
      json,
    }
  }
}

export function apiError(path: string, status: number): ApiError {
  return new ApiError(`said ${status}`, { status, request: { method: 'GET', url: `https://k8s.test${path}` } })
}
