import type { ClientConfig, KubeRequest } from '@kubeclient/core'

/** A configuration whose requests are noted on their way out. */
export function recordRequests(config: ClientConfig): { config: ClientConfig; requests: KubeRequest[] } {
  const requests: KubeRequest[] = []
  const recorded: ClientConfig = {
    ...config,
    middleware: [
      ...(config.middleware ?? []),
      (request, next) => {
        requests.push(request)
        return next(request)
      },
    ],
  }
  return { config: recorded, requests }
}
