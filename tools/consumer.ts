// Fails when a program without Node's types cannot use the built declarations of core, or when `./spec` names a Node type.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

const specFolder = 'packages/core/dist/spec'

// `Request`, `URL` and the like are names of the web as well; these are Node's alone.
const ofNode = /\bNodeJS\b|\bBuffer\b|["']node:|reference types=|\bimport\(/

try {
  execFileSync('node_modules/.bin/tsc', ['-p', 'tools/consumer/tsconfig.web.json'], { stdio: 'inherit' })
} catch {
  process.exitCode = 1
}

const declarations = readdirSync(specFolder).filter((name) => name.endsWith('.d.ts'))
for (const name of declarations) {
  const lines = readFileSync(`${specFolder}/${name}`, 'utf8').split('\n')
  for (const [index, line] of lines.entries()) {
    if (!ofNode.test(line)) continue
    console.error(`${specFolder}/${name}:${index + 1}: names a type of Node: ${line.trim()}`)
    process.exitCode = 1
  }
}
if (process.exitCode !== 1)
  console.log(`the declarations of core compile without Node's types; ${declarations.length} of them are ./spec`)
