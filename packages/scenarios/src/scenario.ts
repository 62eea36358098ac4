import type { Client, ClientConfig } from '@kubeclient/core'
import type { ControlPlane } from '@kubeclient/testing'

/** That of one of the entries of `@kubeclient/core`. */
export type CreateClient = (config: ClientConfig) => Client

/** What a scenario finds: an administrator, and a namespace that is empty and its own. */
export interface ScenarioContext {
  /** Its default namespace is `namespace`. */
  readonly client: Client
  /** Also a name that nobody else uses, for what lies in no namespace. */
  readonly namespace: string
  /** The administrator's, for clients that the scenario makes itself. */
  readonly config: ClientConfig
  readonly createClient: CreateClient
  /** A client for the length of one call. */
  readonly withClient: <T>(config: ClientConfig, use: (client: Client) => Promise<T>) => Promise<T>
}

/** What a scenario finds that only a real API server can serve. */
export interface ControlPlaneContext extends ScenarioContext {
  readonly controlPlane: ControlPlane
}

/** One behaviour of client and server together. Its title is a fact. */
export type Scenario =
  | {
      readonly title: string
      /** `own-connections`: counts those of the client, which are not the client's where a fetch has them. */
      readonly needs?: 'own-connections' | undefined
      readonly run: (context: ScenarioContext) => Promise<void>
    }
  | {
      readonly title: string
      readonly needs: 'control-plane'
      readonly run: (context: ControlPlaneContext) => Promise<void>
    }
