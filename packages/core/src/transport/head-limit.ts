import type { KubeRequest } from '../spec/request.ts'
import { encodeTarget } from './encode-target.ts'

/**
 * Milliseconds that the head of a response is waited for; 0: as long as it takes. The API server sends the head of a watch at
 * once, even if nothing happens. That of a log that is followed comes with the first line, which may be hours away.
 */
export function headLimit(request: KubeRequest, responseMs: number): number {
  return request.kind !== 'stream' || isWatch(request) ? responseMs : 0
}

function isWatch(request: KubeRequest): boolean {
  return /[?&]watch=(?:true|1)(?:&|$)/.test(encodeTarget(request))
}
