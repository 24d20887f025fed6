// Loads TypeScript modules of src/ that touch neither the page nor the network, for tests.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'

const root = new URL('../..', import.meta.url).pathname

/** The modules at these paths under src/ (all that import each other are named), and what takes them away again. */
export async function built(...paths) {
  // Inside the project, so that packages are found.
  const folder = mkdtempSync(join(root, 'node_modules', '.built-for-test-'))
  for (const path of paths) {
    const { outputText } = ts.transpileModule(readFileSync(join(root, 'src', path + '.ts'), 'utf8'), { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } })
    const out = join(folder, path + '.mjs')
    mkdirSync(dirname(out), { recursive: true })
    writeFileSync(out, outputText.replace(/from '(\.[^']+)'/g, "from '$1.mjs'"))
  }
  const modules = await Promise.all(paths.map((path) => import(pathToFileURL(join(folder, path + '.mjs')).href)))
  return { modules, remove: () => rmSync(folder, { recursive: true }) }
}
