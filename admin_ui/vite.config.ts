import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { offline } from './vite.offline'

// The server that `npm run dev` talks to; the built application is served by it.
const server = 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [react(), offline()],
  server: { proxy: { '/api': server } },
  build: { outDir: 'dist', assetsDir: 'assets', assetsInlineLimit: 0, chunkSizeWarningLimit: 1200, modulePreload: { polyfill: false } },
})
