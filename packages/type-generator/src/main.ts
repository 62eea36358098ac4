#!/usr/bin/env node
import { createReadStream } from 'node:fs'
import { parseArgs } from 'node:util'
import { clusterDefinitions } from './cluster-definitions.ts'
import { definitionModules } from './definition-modules.ts'
import { parseManifests } from './parse-manifests.ts'
import type { Definition } from './read-definition.ts'
import { readText } from './read-text.ts'
import { writeModules } from './write-modules.ts'

const usage = `Writes TypeScript types and descriptors of custom resources.

  kubeclient-types generate --from <file> [--from <file> …] --out <folder>
  kubeclient-types generate --cluster [--context <name>] --out <folder>

  --from <file>           a manifest with CustomResourceDefinitions, YAML or JSON; - is the standard input
  --cluster               ask the cluster of your kubeconfig for its CustomResourceDefinitions
  --kubeconfig <file>     instead of $KUBECONFIG or ~/.kube/config
  --context <name>        instead of the current one
  --allow-exec <command>  a command that the kubeconfig may run to sign in, for example aws; may be repeated
  --out <folder>          where the modules go: <folder>/<group>/<version>.ts
`

function readArguments() {
  return parseArgs({
    options: {
      from: { type: 'string', multiple: true },
      cluster: { type: 'boolean' },
      kubeconfig: { type: 'string' },
      context: { type: 'string' },
      'allow-exec': { type: 'string', multiple: true },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  })
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments()
  if (values.help) return void process.stdout.write(usage)
  const { out = '', from = [], cluster = false, kubeconfig, context } = values
  if (positionals.join(' ') !== 'generate' || out === '' || cluster === from.length > 0)
    throw new Error(`give "generate", --out, and either --from or --cluster\n\n${usage}`)
  const definitions = cluster
    ? await clusterDefinitions({ kubeconfig, context, allowExec: values['allow-exec'] ?? [] })
    : await fileDefinitions(from)
  if (definitions.length === 0) throw new Error('the cluster has no CustomResourceDefinition')
  const modules = definitionModules(definitions)
  if (modules.size === 0) throw new Error('no version of what is defined is served: set served: true')
  for (const path of await writeModules(modules, out)) console.log(path)
}

async function fileDefinitions(files: readonly string[]): Promise<Definition[]> {
  const read = files.map(async (file) => {
    const [stream, name] = file === '-' ? [process.stdin, 'the standard input'] : [createReadStream(file), file]
    return parseManifests(await readText(stream, name), name)
  })
  return (await Promise.all(read)).flat()
}

try {
  await main()
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  // It may quote a file or a server, whose words are not to steer a terminal.
  console.error(`kubeclient-types: ${message.replaceAll(/(?!\n)[\p{Cc}\p{Cf}]/gu, '\uFFFD')}`)
  process.exitCode = 1
}
