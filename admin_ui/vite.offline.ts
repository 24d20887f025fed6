// Writes the service worker of a build: what the portal needs without a network, by its hashed names.
import type { Plugin, Rollup } from 'vite'

// Where the walk begins, and which lazy parts it follows: the pages of the portal and the fields of forms.
const FIRST = /\/src\/main\.tsx$|\/index\.html$/
const FOLLOWED = /\/src\/(features\/(portal|session)|form|i18n)\/|\/(antd|dayjs)\/.*(zh[-_]cn|en_US)|\/jsqr\//i
const ICONS = ['/manifest.webmanifest', '/mark.svg', '/icon-192.png']

export function offline(): Plugin {
  let root = ''
  return {
    name: 'offline',
    apply: 'build',
    enforce: 'post', // once Vite has thrown out the chunks that held nothing but styles
    configResolved(config) {
      root = config.root
    },
    async generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((one): one is Rollup.OutputChunk => one.type === 'chunk')
      const files = new Set<string>()
      const walk = (file: string): void => {
        const chunk = bundle[file]
        if (files.has(file) || chunk?.type !== 'chunk') return
        files.add(file)
        chunk.viteMetadata?.importedCss.forEach((css) => files.add(css))
        chunk.imports.forEach(walk)
        chunk.dynamicImports.filter((next) => FOLLOWED.test((bundle[next] as Rollup.OutputChunk | undefined)?.facadeModuleId ?? '')).forEach(walk)
      }
      chunks.filter((chunk) => chunk.isEntry && FIRST.test(chunk.facadeModuleId ?? '')).forEach((chunk) => walk(chunk.fileName))
      const shell = [...ICONS, ...[...files].sort().map((file) => '/' + file)]
      const text = await this.fs.readFile(root + '/sw.js', { encoding: 'utf8' })
      const release = await digest(JSON.stringify(shell) + text)
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: `const RELEASE = '${release}'\nconst SHELL = ${JSON.stringify(shell)}\n${text}` })
    },
  }
}

async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
  return Array.from(bytes.slice(0, 6), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
