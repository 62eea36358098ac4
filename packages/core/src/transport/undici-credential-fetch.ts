import { Agent, fetch as undiciFetch } from 'undici/index.js'
import type { CredentialFetch } from '../spec/credentials.ts'

/** Different CA bundles whose connections are kept; providers use one or two. */
const keptAgents = 8

/** A fetch for credential providers: trusts the system's CAs or those given, never the cluster's. */
export function undiciCredentialFetch(): { fetch: CredentialFetch; close: () => Promise<void> } {
  const agents = new Map<string | undefined, Agent>()

  const agentFor = (ca: string | undefined): Agent => {
    const known = agents.get(ca)
    if (known !== undefined) return known
    if (agents.size >= keptAgents) for (const [key, agent] of agents) retire(agents, key, agent)
    const agent = new Agent({ allowH2: false, connect: ca === undefined ? {} : { ca } })
    agents.set(ca, agent)
    return agent
  }

  const fetch = (input: unknown, init: Record<string, unknown> & { tls?: { ca?: string } } = {}): Promise<unknown> => {
    const { tls, ...rest } = init
    // undici's own Request, Response and BodyInit have the shapes of the global ones, which its types do not know.
    return undiciFetch(input as string, { ...rest, dispatcher: agentFor(tls?.ca) })
  }

  return {
    fetch: fetch as CredentialFetch, // see above
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.close()))
    },
  }
}

function retire(agents: Map<string | undefined, Agent>, key: string | undefined, agent: Agent): void {
  agents.delete(key)
  void agent.close()
}
