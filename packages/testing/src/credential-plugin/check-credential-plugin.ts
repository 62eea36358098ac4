import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CredentialPlugin } from '@kubeclient/core/spec'
import { Bench } from './bench.ts'
import { checkAccepted } from './check-accepted.ts'
import { checkDeclines } from './check-declines.ts'
import { checkFails } from './check-failures.ts'
import { checkInterface } from './check-interface.ts'
import { Findings } from './findings.ts'
import type { PluginCases } from './plugin-cases.ts'

/**
 * Tries a credential plugin as clients and hostile kubeconfigs would. Knows no test runner: it resolves, or rejects with one
 * Error that lists every broken rule, where it was seen, and what to do.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/
 */
export async function checkCredentialPlugin(plugin: CredentialPlugin, cases: PluginCases): Promise<void> {
  const findings = new Findings()
  const name = JSON.stringify(plugin?.name) ?? 'without a name'
  checkInterface(plugin, findings)
  if (cases.accepts.length === 0) findings.add('accepts', 'cases', '`accepts` is empty: nothing would be checked')
  findings.throwIfAny(name)
  const folder = await mkdtemp(join(tmpdir(), 'kubeclient-plugin-'))
  const bench = new Bench(plugin, cases, findings, folder)
  try {
    checkDeclines(bench, cases)
    for (const [index, entry] of cases.accepts.entries()) {
      await checkAccepted(
        bench,
        `accepts[${index}]`,
        entry,
        cases.accepts.filter((other) => other !== entry),
      )
    }
    for (const [index, entry] of (cases.fails ?? []).entries()) await checkFails(bench, `fails[${index}]`, entry)
  } finally {
    bench.stop()
    await rm(folder, { recursive: true })
  }
  findings.throwIfAny(name)
}
