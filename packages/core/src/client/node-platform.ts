import type { TransportFactory } from '../spec/transport.ts'
import { chooseProxy } from '../transport/choose-proxy.ts'
import { sleep } from '../transport/sleep.ts'
import type { Platform } from './assemble-client.ts'

/** The effects of Node, Bun and Deno, with one of their transports. */
export function nodePlatform(transport: TransportFactory): Platform {
  return {
    transport,
    now: Date.now,
    random: Math.random,
    sleep,
    proxyFor: (origin, setting) => chooseProxy(origin, setting, process.env),
  }
}
