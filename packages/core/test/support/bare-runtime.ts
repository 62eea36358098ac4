// node --experimental-vm-modules bare-runtime.ts SERVER: runs @kubeclient/core/fetch where nothing but names of the web is
// defined, and prints what it read.
import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { createContext, type Module, SourceTextModule } from 'node:vm'

type Entry = typeof import('../../src/fetch.ts')

/** All that a runtime must bring beyond the language: what is missing here is a ReferenceError. */
const web = {
  AbortController,
  AbortSignal,
  DOMException,
  Headers,
  Request,
  Response,
  TextDecoder,
  TextEncoder,
  URL,
  atob,
  btoa,
  clearTimeout,
  crypto,
  fetch,
  setTimeout,
}
const context = createContext({ ...web })
const modules = new Map<string, Promise<Module>>()

function load(specifier: string, { identifier: from }: { identifier: string }): Promise<Module> {
  const { href } = new URL(specifier, from)
  const known = modules.get(href) ?? parse(href)
  modules.set(href, known)
  return known
}

async function parse(identifier: string): Promise<Module> {
  const source = stripTypeScriptTypes(await readFile(new URL(identifier), 'utf8'))
  return new SourceTextModule(source, { context, identifier, importModuleDynamically: loadLater })
}

async function loadLater(specifier: string, from: unknown): Promise<Module> {
  return ready(await load(specifier, from as Module)) // it comes from a module, as all do here
}

async function ready(module: Module): Promise<Module> {
  if (module.status === 'unlinked') await module.link(load)
  await module.evaluate()
  return module
}

const entry = await load('../../src/fetch.ts', { identifier: import.meta.url })
const { createClient } = (await ready(entry)).namespace as Entry // what that file exports
const client = createClient({ server: process.argv[2] ?? '', credentials: { basic: { username: 'ä', password: 'ö' } } })
const pods = client.resource('pods')
const names: unknown[] = []
for await (const { metadata } of pods.items()) names.push(metadata.name)
for await (const { object } of pods.watch({ resourceVersion: '7' })) {
  names.push(object.metadata.name)
  break
}
const { message } = await pods.get('absent').catch((error: unknown) => error as Error) // there is no such pod
await client.close()
console.log(JSON.stringify({ names, message }))
