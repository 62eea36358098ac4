// Before a package is packed: removes from its `dist` what no source makes any more. The compiler leaves it there.
import { existsSync, globSync, rmSync } from 'node:fs'

for (const path of globSync('dist/**/*.{js,d.ts,js.map,d.ts.map}')) {
  const source = path.replace(/^dist/, 'src').replace(/\.(?:d\.ts|js)(?:\.map)?$/, '.ts')
  if (existsSync(source)) continue
  rmSync(path)
  console.log(`removed ${path}: there is no ${source}`)
}
