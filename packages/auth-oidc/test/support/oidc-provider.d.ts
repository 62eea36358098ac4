/** The part of it that the tests use: the package has no types of its own. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  interface Saved {
    save(): Promise<string>
  }

  export class Provider {
    constructor(issuer: string, configuration: object)
    readonly Client: { find(id: string): Promise<object | undefined> }
    readonly Grant: new (fields: {
      accountId: string
      clientId: string
    }) => Saved & { addOIDCScope(scope: string): void }
    readonly RefreshToken: (new (fields: object) => Saved) & {
      find(token: string): Promise<{ destroy(): Promise<void> } | undefined>
    }
    callback(): (request: IncomingMessage, response: ServerResponse) => void
  }
}

declare module 'oidc-provider/lib/adapters/memory_adapter.js' {
  /** What it would take by itself, with a warning. */
  export function createMemoryAdapter(clockTolerance: number): object
}
