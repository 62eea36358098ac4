import type { KubeResponse } from '../spec/request.ts'

/** The same response; runs `end` once its body has been read, or given up. */
export function onEnd(response: KubeResponse, end: () => void): KubeResponse {
  async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* response.body
    } finally {
      end()
    }
  }
  return {
    ...response,
    body: body(),
    cancel() {
      end()
      response.cancel()
    },
  }
}
