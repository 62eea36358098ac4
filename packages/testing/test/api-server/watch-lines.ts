import { createInterface } from 'node:readline'
import type { ClientConfig } from '@kubeclient/core/spec'
import { open, type Json } from './call-api.ts'

export interface WatchLines extends AsyncDisposable {
  /** Waits for so many further events. */
  take(count: number): Promise<Json[]>
  /** Everything until the server ends the answer. */
  rest(): Promise<Json[]>
}

/** Opens a watch; it is established when this resolves. */
export async function watchLines(config: ClientConfig, path: string): Promise<WatchLines> {
  const response = await open(config, 'GET', path)
  const lines = createInterface({ input: response })[Symbol.asyncIterator]()
  const take = async (count: number): Promise<Json[]> => {
    const events: Json[] = []
    while (events.length < count) {
      const { value, done } = await lines.next()
      if (done === true) break
      events.push(JSON.parse(value) as Json)
    }
    return events
  }
  return {
    take,
    rest: () => take(Infinity),
    async [Symbol.asyncDispose]() {
      response.destroy()
    },
  }
}
