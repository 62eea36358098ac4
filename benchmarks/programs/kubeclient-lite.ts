import { createClient } from '@kubeclient/core/lite'
import { measureKubeclient } from '../kubeclient-program.ts'

await measureKubeclient(createClient)
