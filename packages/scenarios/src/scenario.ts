import type { Client, ClientConfig } from '@kubeclient/core'
import type { ControlPlane } from '@kubeclient/testing'

/** What a scenario finds: an administrator, and a namespace that is empty and its own. */
export interface ScenarioContext {
  /** Its default namespace is `namespace`. */
  readonly client: Client
  /** Also a name that nobody else uses, for what lies in no namespace. */
  readonly namespace: string
  /** The administrator's, for clients that the scenario makes itself. */
  readonly config: ClientConfig
}

/** What a scenario finds that only a real API server can serve. */
export interface ControlPlaneContext extends ScenarioContext {
  readonly controlPlane: ControlPlane
}

/** One behaviour of client and server together. Its title is a fact. */
export type Scenario =
  | { readonly title: string; readonly needs?: undefined; readonly run: (context: ScenarioContext) => Promise<void> }
  | {
      readonly title: string
      readonly needs: 'control-plane'
      readonly run: (context: ControlPlaneContext) => Promise<void>
    }
